// A hard ceiling for calls per hour, as a token bucket that keeps most of the hour's allowance for later.
import type { Clock } from '../base/clock';

/** Whether a call may be made now, and if not, in how many milliseconds it may. */
export type Permission = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** A call that will be made soon: no other caller can take it; refusals that only it causes have a wait of at most a second. */
export interface Reservation {
  readonly ok: true;
  /** Counts the call, or returns it when it was not made. Only the first `end` counts. */
  end(isMade: boolean): void;
}

/** Asked before every call that counts. */
export interface CallCeiling {
  /** Reserves one call while its token is fetched. */
  reserve(): Reservation | Extract<Permission, { ok: false }>;
  /** Counts one call when it may be made. Call it directly before the call. */
  take(): Permission;
}

/** A ceiling, and the share of it open to calls that must not delay the others. */
export interface SharedCeiling extends CallCeiling {
  /** The same calls, except half of a burst, which the ceiling keeps for the others. */
  readonly spare: CallCeiling;
}

const HOUR_MS = 3_600_000;
// A fifth at once: enough for restarts and manual renewals; four fifths are left for the recovery after an outage.
const BURST_SHARE = 5;
// One call for the second try with a new token, and one that can be kept from what is spare.
const MIN_BURST = 2;
// Most reservations end within a call for a token, and made-up tenants give theirs back.
const RESERVED_RETRY_MS = 1_000;
const GRANTED: Permission = { ok: true };

/**
 * At most `callsPerHour` calls in any window of an hour: a burst of a fifth (at least 2), and the rest one by one over
 * the hour. With 60: 12 at once, then one every 75 s; of these 12 the last 6 are not spare. On the monotonic clock, so setting the clock frees no calls.
 * Throws a RangeError unless `callsPerHour` is a positive integer.
 */
export function createCallCeiling(options: {
  callsPerHour: number;
  clock: Clock;
  /** Called with the outcome of every `take`, for metrics. */
  onTake?: (granted: boolean) => void;
}): SharedCeiling {
  const { callsPerHour, clock, onTake } = options;
  if (!Number.isInteger(callsPerHour) || callsPerHour < 1) {
    throw new RangeError(`callsPerHour must be a positive integer, not ${callsPerHour}`);
  }
  const burst = Math.min(callsPerHour, Math.max(MIN_BURST, Math.floor(callsPerHour / BURST_SHARE)));
  // With one or two calls an hour the burst is the whole ceiling; the next call comes when the burst has left every window of an hour.
  const intervalMs = callsPerHour > burst ? Math.ceil(HOUR_MS / (callsPerHour - burst)) : HOUR_MS + 1;
  /** When the whole burst is available again; each call puts it off by one interval. */
  let fullAtMs = -Infinity;
  let reserved = 0;

  /** Counts one call, or reserves it, if `kept` of the burst are left after it and the reserved ones. */
  function take(kept: number, isReservation = false): Permission {
    // Whole milliseconds, so that the sums below are exact.
    const nowMs = Math.floor(clock.monotonicMs());
    const nextFullAtMs = Math.max(fullAtMs, nowMs) + intervalMs;
    const spentWaitMs = nextFullAtMs - (burst - kept) * intervalMs - nowMs;
    const waitMs = spentWaitMs + reserved * intervalMs;
    if (waitMs > 0) {
      onTake?.(false);
      // A reserved call may be returned, so it must not cause the wait of a spent call.
      return { ok: false, retryAfterMs: Math.max(spentWaitMs, Math.min(waitMs, RESERVED_RETRY_MS)) };
    }
    if (isReservation) {
      reserved += 1;
    } else {
      onTake?.(true);
      fullAtMs = nextFullAtMs;
    }
    return GRANTED;
  }

  function reserve(kept: number): ReturnType<CallCeiling['reserve']> {
    const permission = take(kept, true);
    if (!permission.ok) return permission;
    let isOpen = true;
    return {
      ok: true,
      end(isMade) {
        if (!isOpen) return;
        isOpen = false;
        reserved -= 1;
        if (isMade) take(0);
      },
    };
  }

  const keeping = (kept: number): CallCeiling => ({ take: () => take(kept), reserve: () => reserve(kept) });
  return { ...keeping(0), spare: keeping(Math.floor(burst / 2)) };
}
