// Which times are plausible: a clock that was never set says 1970, a broken clock anything.

/** A year before this program was written: no server whose clock is right says an earlier time. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
/** Far beyond the use of any release, and of the certificates that today's connections are made with. */
const LATEST_MS = Date.UTC(2050, 0, 1);

/**
 * Whether `ms`, milliseconds since the epoch, can be a time in the life of this program. It is not compared with this machine's
 * clock, which may itself say 1970 until it is corrected.
 */
export function isPlausibleTime(ms: number): boolean {
  return ms >= EARLIEST_MS && ms < LATEST_MS;
}
