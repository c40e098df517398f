// Counts the requests of every client, and says when one sends too many. Per process, in memory, one look-up a request.
import type { Clock } from '../clock';
import type { HeaderList } from './header-list';

/** What a request may know of its client's allowance, and whether it is within it. */
export interface RateVerdict {
  readonly isOver: boolean;
  /** Until the client is counted anew. */
  readonly resetSeconds: number;
  /** `RateLimit` and `RateLimit-Policy`, as in draft-ietf-httpapi-ratelimit-headers-11. */
  readonly headers: HeaderList;
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

/** The longest text of an IP address (RFC 4291 with a mapped IPv4 address); a proxy may hand on anything. */
const MAX_KEY_LENGTH = 45;

/**
 * A fixed window for each client, from its first request on, so that clients that were refused do not all come back at
 * the same moment. When there are too many clients the one counted longest is forgotten: whoever has addresses without
 * end cannot be limited by address, but must not fill the memory either.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { requestsPerMinute, clock, maxClients = 50_000 } = options;
  /** In the order in which the windows were opened. */
  const windows = new Map<string, Window>();
  const policy = `"default";q=${requestsPerMinute};w=${WINDOW_MS / 1_000}`;

  function open(key: string, nowMs: number): Window {
    // Behind the others again, if it was there.
    windows.delete(key);
    // At most two that have ended, or one too many: the map shrinks after a rush, and no request pays for a sweep.
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
      const key = clientKey(client);
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

/** Four groups of an IPv6 address, none of them left out. */
const FIRST_GROUPS = /^(?:[\da-f]{1,4}:){3}[\da-f]{1,4}(?=:)/i;

/**
 * What a client is counted under. An IPv6 client by its /64: that is what one subscriber is given at least, who can take
 * a new address out of it for every request. An IPv4 client by its address, also where a dual-stack socket writes it
 * as IPv6.
 *
 * @example clientKey('2001:db8::1') // '2001:db8:0:0'
 */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address.slice(0, MAX_KEY_LENGTH);
  if (address.startsWith('::ffff:') && address.includes('.'))
    return address.slice('::ffff:'.length, MAX_KEY_LENGTH);
  // Nearly all write their first four groups out; the rest costs two microseconds more.
  const written = FIRST_GROUPS.exec(address);
  if (written) return written[0];
  const [head = '', tail] = address.slice(0, MAX_KEY_LENGTH).split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    // An address has eight groups; `::` stands for those that are missing, all of them zero.
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  // Four groups of 16 bits are 64.
  return groups.slice(0, 4).join(':');
}
