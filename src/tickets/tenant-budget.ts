// How many tenants that were never signed for may be tried: so many a minute from one client, inside so many for the app.
import { clientNetwork } from '../client-network';
import type { Clock } from '../clock';

/** How a budget is made. */
export interface TenantBudgetOptions {
  clock: Clock;
  /** New tenants a minute from one client. */
  perClient: number;
  /** New tenants a minute from all of them. */
  perApp: number;
}

const MINUTE_MS = 60_000;

/** A budget of one app. It holds one entry for each tenant tried within a minute, so at most `perApp`. */
export class TenantBudget {
  readonly #options: TenantBudgetOptions;
  /** The oldest first. */
  #tries: { atMs: number; client: string | undefined }[] = [];

  constructor(options: TenantBudgetOptions) {
    this.#options = options;
  }

  /**
   * Counts one try and gives 0 when it may be made; otherwise the milliseconds until one from this client may be.
   * Without a client, as in the library, only the app's own limit holds.
   */
  take(client: string | undefined): number {
    const { clock, perClient, perApp } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#tries = this.#tries.filter(({ atMs }) => nowMs - atMs < MINUTE_MS);
    const network = client === undefined ? undefined : clientNetwork(client);
    const own = this.#tries.filter((made) => network !== undefined && made.client === network);
    const waitMs = Math.max(untilOneLess(own, perClient, nowMs), untilOneLess(this.#tries, perApp, nowMs));
    if (waitMs === 0) this.#tries.push({ atMs: nowMs, client: network });
    return waitMs;
  }
}

/** 0 when there are fewer than `most`, else how long until the one that makes it `most` is a minute old. */
function untilOneLess(tries: readonly { atMs: number }[], most: number, nowMs: number): number {
  const blocking = tries.at(-most);
  return blocking === undefined ? 0 : blocking.atMs + MINUTE_MS - nowMs;
}
