// A hard ceiling for calls per hour, as a token bucket that keeps most of the hour's allowance for later.
import type { Clock } from '../clock';

/** Whether a call may be made now, and if not, in how many milliseconds it may. */
export type Permission = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Asked before every call that counts. */
export interface CallCeiling {
  /** Counts one call when it may be made. Call it directly before the call. */
  take(): Permission;
}

/** A ceiling, and the share of it that may be used up by what is not to hold up the rest. */
export interface SharedCeiling extends CallCeiling {
  /** The same calls, except those that the ceiling keeps for `take()`: half of a burst. */
  readonly spare: CallCeiling;
}

const HOUR_MS = 3_600_000;
// A fifth at once: enough for restarts and renewals by hand; four fifths are left for the recovery after an outage.
const BURST_SHARE = 5;
// One call for the second try with a new token, and one that can be kept from what is spare.
const MIN_BURST = 2;
const GRANTED: Permission = { ok: true };

/**
 * At most `callsPerHour` calls in any window of an hour: a burst of a fifth (at least 2), and the rest one by one over
 * the hour. With 60: 12 at once, then one every 75 s; of these 12 the last 6 are not spare. On the monotonic clock, so setting the clock gives no calls away.
 * Throws a RangeError unless `callsPerHour` is a positive integer.
 */
export function createCallCeiling(options: {
  callsPerHour: number;
  clock: Clock;
  /** Hears of every `take`, for metrics. */
  onTake?: (granted: boolean) => void;
}): SharedCeiling {
  const { callsPerHour, clock, onTake } = options;
  if (!Number.isInteger(callsPerHour) || callsPerHour < 1) {
    throw new RangeError(`callsPerHour must be a positive integer, not ${callsPerHour}`);
  }
  const burst = Math.min(callsPerHour, Math.max(MIN_BURST, Math.floor(callsPerHour / BURST_SHARE)));
  // With one or two calls an hour the burst is all there is; the next comes when those have left every window of an hour.
  const intervalMs = callsPerHour > burst ? Math.ceil(HOUR_MS / (callsPerHour - burst)) : HOUR_MS + 1;
  /** When the whole burst is available again; each call puts it off by one interval. */
  let fullAtMs = -Infinity;

  /** Counts one call if `kept` of the burst are left after it. */
  function take(kept: number): Permission {
    // Whole milliseconds, so that the sums below are exact.
    const nowMs = Math.floor(clock.monotonicMs());
    const nextFullAtMs = Math.max(fullAtMs, nowMs) + intervalMs;
    const waitMs = nextFullAtMs - (burst - kept) * intervalMs - nowMs;
    onTake?.(waitMs <= 0);
    if (waitMs > 0) return { ok: false, retryAfterMs: waitMs };
    fullAtMs = nextFullAtMs;
    return GRANTED;
  }

  return { take: () => take(0), spare: { take: () => take(Math.floor(burst / 2)) } };
}
