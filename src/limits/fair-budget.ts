// A budget of tries that anonymous clients share: so many a minute for each, inside so many in all, the second half for newcomers.
import { clientNetwork, siteOf } from './client-network';
import type { Clock } from '../base/clock';
import { LruMap } from '../base/lru-map';

/** How a budget is made. */
export interface FairBudgetOptions {
  clock: Clock;
  /** Tries a minute of one client, at least 1. */
  perClient: number;
  /** Tries a minute of all clients, at least 1. */
  inAll: number;
}

const MINUTE_MS = 60_000;
/** So long that many networks are needed to keep the newcomers' half: 30 for every try a minute. */
const REFUSED_FOR_MS = 3_600_000;
/** About 1 MB. 30 for every try a minute are refused within the hour at most by default; a budget of thousands is not scarce. */
const MAX_REFUSED = 10_000;

/**
 * One budget. Half of the tries of a minute, rounded up, are open to every client. The rest is for newcomers: the first
 * try of a network in the minute, and only if none of its tries was refused within the last hour. A client with
 * made-up input can therefore use each of its networks once an hour in the newcomers' half, and others find it free: filling it
 * takes over `30 * inAll` networks. It holds one entry for each try of the last minute, so at most `inAll`.
 */
export class FairBudget {
  readonly #options: FairBudgetOptions;
  /** The oldest first. */
  #tries: { atMs: number; client: string | undefined; site: string | undefined }[] = [];
  /** Sites by the time from which they are newcomers again. */
  readonly #refused = new LruMap<string, number>(MAX_REFUSED);

  constructor(options: FairBudgetOptions) {
    this.#options = options;
  }

  /**
   * Counts one try and returns 0 when it may be made; otherwise the milliseconds until a try of this client may
   * be made, if no other client tries meanwhile. Without a client, as in the library, only the limit of all clients holds.
   */
  take(address: string | undefined): number {
    const { clock, perClient, inAll } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#tries = this.#tries.filter(({ atMs }) => nowMs - atMs < MINUTE_MS);
    const client = address === undefined ? undefined : clientNetwork(address);
    const site = client === undefined ? undefined : siteOf(client);
    const ofClient = this.#tries.filter((made) => client !== undefined && made.client === client);
    const ofSite = this.#tries.filter((made) => site !== undefined && made.site === site);
    const refusedForMs = site === undefined ? 0 : (this.#refused.peek(site) ?? nowMs) - nowMs;
    const asAnyMs = untilFewer(this.#tries, Math.ceil(inAll / 2), nowMs);
    const asNewcomerMs = Math.max(
      untilFewer(this.#tries, inAll, nowMs),
      untilFewer(ofSite, 1, nowMs),
      refusedForMs,
    );
    const waitMs = Math.max(untilFewer(ofClient, perClient, nowMs), Math.min(asAnyMs, asNewcomerMs));
    if (waitMs === 0) this.#tries.push({ atMs: nowMs, client, site });
    return waitMs;
  }

  /** Returns the last try of this client: no work was done for it. */
  giveBack(address: string | undefined): void {
    const client = address === undefined ? undefined : clientNetwork(address);
    const at = this.#tries.findLastIndex((made) => made.client === client);
    if (at >= 0) this.#tries.splice(at, 1);
  }

  /** What this client tried was refused: for an hour its network is no newcomer. */
  refuse(address: string | undefined): void {
    if (address === undefined) return;
    this.#refused.set(siteOf(clientNetwork(address)), this.#options.clock.monotonicMs() + REFUSED_FOR_MS);
  }
}

/** 0 when there are fewer than `count`, else how long until the one that makes it `count` is a minute old. */
function untilFewer(tries: readonly { atMs: number }[], count: number, nowMs: number): number {
  const blocking = tries.at(-count);
  return blocking === undefined ? 0 : blocking.atMs + MINUTE_MS - nowMs;
}
