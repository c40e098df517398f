// Counts the requests of every client, and says when one sends too many. Per process, in memory, one look-up a request.
import { clientNetwork } from './client-network';
import type { Clock } from '../base/clock';

/** What a request may know of its client's allowance, and whether it is within it. */
export interface RateVerdict {
  readonly isOver: boolean;
  /** Until the client is counted anew. */
  readonly resetSeconds: number;
  /** `RateLimit` and `RateLimit-Policy`, as in draft-ietf-httpapi-ratelimit-headers-11: names and values in turn. */
  readonly headers: readonly string[];
}

/** Asked once for every request that counts. */
export interface RateLimiter {
  /** Counts a request of `client`, an IP address. */
  take(client: string): RateVerdict;
}

export interface RateLimiterOptions {
  readonly requestsPerMinute: number;
  readonly clock: Clock;
  /** How many clients are counted at a time. Default 50,000: about 10 MB, and more than share one process. */
  readonly maxClients?: number;
}

interface Window {
  count: number;
  /** By the monotonic clock. */
  readonly endsAtMs: number;
}

/** A minute, as `RATE_LIMIT` is counted. */
const WINDOW_MS = 60_000;

/**
 * A fixed window for each client, from its first request on, so that clients that were refused do not all come back at
 * the same moment. When there are too many clients the client counted longest is forgotten: a client with unlimited
 * addresses cannot be limited by address, but must not fill the memory either.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { requestsPerMinute, clock, maxClients = 50_000 } = options;
  /** In the order in which the windows were opened. */
  const windows = new Map<string, Window>();
  const policy = `"default";q=${requestsPerMinute};w=${WINDOW_MS / 1_000}`;

  function open(key: string, nowMs: number): Window {
    // Behind the others again, if it was there.
    windows.delete(key);
    // Removes at most two ended windows, or one too many: the map shrinks after a rush, and no request pays for a sweep.
    let removable = 2;
    for (const [oldest, { endsAtMs }] of windows) {
      if (removable === 0 || (endsAtMs > nowMs && windows.size < maxClients)) break;
      windows.delete(oldest);
      removable -= 1;
    }
    const window = { count: 0, endsAtMs: nowMs + WINDOW_MS };
    windows.set(key, window);
    return window;
  }

  return {
    take(client) {
      const key = clientNetwork(client);
      const nowMs = clock.monotonicMs();
      const known = windows.get(key);
      const window = known !== undefined && nowMs < known.endsAtMs ? known : open(key, nowMs);
      window.count += 1;
      const remaining = Math.max(0, requestsPerMinute - window.count);
      const resetSeconds = Math.ceil((window.endsAtMs - nowMs) / 1_000);
      return {
        isOver: window.count > requestsPerMinute,
        resetSeconds,
        headers: ['RateLimit-Policy', policy, 'RateLimit', `"default";r=${remaining};t=${resetSeconds}`],
      };
    },
  };
}
