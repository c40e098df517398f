// Which clients have failed so often in this minute that the service does no costly work for them.
import { clientNetwork, siteOf } from './client-network';
import type { Clock } from '../base/clock';
import { LruMap } from '../base/lru-map';

/** How a limit is made. */
export interface FailureLimitOptions {
  clock: Clock;
  /** Failures a minute from which on a network is over its limit, at least 1. */
  perNetwork: number;
  /** Failures a minute of all networks from which on every one that has failed is over its limit, at least 1. */
  inAll: number;
}

const MINUTE_MS = 60_000;
/** About 1 MB. A network that is forgotten has another failure to its credit. */
const MAX_NETWORKS = 10_000;

/**
 * Failures by network (an IPv4 address, an IPv6 /48), in minutes that begin with a failure. A network without a failure in
 * the minute is never over its limit, whatever the others do.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  #endsAtMs = -Infinity;
  #inAll = 0;
  #ofNetwork = new LruMap<string, number>(MAX_NETWORKS);

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  /** Milliseconds for which this client stays over its limit; 0 when it is not. */
  waitMs(address: string): number {
    const { clock, perNetwork, inAll } = this.#options;
    const leftMs = this.#endsAtMs - clock.monotonicMs();
    if (leftMs <= 0) return 0;
    const failures = this.#ofNetwork.peek(networkOf(address)) ?? 0;
    return failures >= perNetwork || (failures > 0 && this.#inAll >= inAll) ? leftMs : 0;
  }

  /** Counts a failure of this client. */
  count(address: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs >= this.#endsAtMs) {
      this.#endsAtMs = nowMs + MINUTE_MS;
      this.#inAll = 0;
      this.#ofNetwork = new LruMap(MAX_NETWORKS);
    }
    this.#inAll += 1;
    const network = networkOf(address);
    this.#ofNetwork.set(network, (this.#ofNetwork.peek(network) ?? 0) + 1);
  }
}

function networkOf(address: string): string {
  return siteOf(clientNetwork(address));
}
