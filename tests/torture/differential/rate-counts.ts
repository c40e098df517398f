// The oracle's count of requests: those of a client within a minute from its first one.
import type { Facts, Witness } from './facts';
import { header } from './read-parameters';
import type { WireRequest } from './wire-request';

/** The addresses that requests say they come from, and whom each is counted as: an IPv6 subscriber has a /64, a port counts for nothing. */
export const CLIENTS: Readonly<Record<string, string>> = {
  '192.0.2.1': '192.0.2.1',
  '192.0.2.2': '192.0.2.2',
  '::ffff:192.0.2.2': '192.0.2.2',
  '2001:db8::1': '2001:db8::/64',
  '2001:db8:0:0:ffff::2': '2001:db8::/64',
  '2001:db8:0:1::1': '2001:db8:0:1::/64',
  '192.0.2.2:50001': '192.0.2.2',
  '[2001:DB8::3]:50001': '2001:db8::/64',
  unknown: 'no address',
  'no address either': 'no address',
};

interface Minute {
  count: number;
  readonly endsAtMs: number;
}

export class RateCounts {
  readonly #facts: Facts;
  readonly #witness: Witness;
  readonly #minutes = new Map<string, Minute>();

  constructor(facts: Facts, witness: Witness) {
    this.#facts = facts;
    this.#witness = witness;
  }

  /** Counts a request; undefined when no client is limited. */
  take(request: WireRequest) {
    const { requestsPerMinute } = this.#facts;
    if (requestsPerMinute === 0) return undefined;
    const nowMs = this.#witness.nowMs();
    const client = this.#clientOf(request);
    let minute = this.#minutes.get(client);
    if (minute === undefined || nowMs >= minute.endsAtMs) {
      minute = { count: 0, endsAtMs: nowMs + 60_000 };
      this.#minutes.set(client, minute);
    }
    minute.count += 1;
    const resetSeconds = Math.ceil((minute.endsAtMs - nowMs) / 1_000);
    const left = Math.max(0, requestsPerMinute - minute.count);
    return {
      isOver: minute.count > requestsPerMinute,
      resetSeconds,
      headers: {
        'ratelimit-policy': `"default";q=${requestsPerMinute};w=60`,
        ratelimit: `"default";r=${left};t=${resetSeconds}`,
      },
    };
  }

  #clientOf(request: WireRequest): string {
    const forwarded = this.#facts.trustsProxy ? header(request, 'x-forwarded-for') : undefined;
    const last = forwarded?.split(',').at(-1)?.trim();
    if (last === undefined) return 'the client that connects';
    const client = CLIENTS[last];
    if (client === undefined) throw new Error(`the oracle does not know the client ${last}`);
    return client;
  }
}
