// The options, states and events of a renewing value.
import type { Clock, Moment, Timed } from '../base/clock';
import type { RandomSource } from '../base/random';
import type { RenewalPolicy } from './renewal-policy';

/** Something that happened to the value, for logs and metrics. */
export type RenewingEvent<T> =
  | { type: 'loaded'; value: T; previous: T | undefined; lifeMs: number }
  | { type: 'unchanged'; value: T; retryInMs: number }
  | { type: 'failed'; error: unknown; failures: number; retryInMs: number }
  | { type: 'clock-jump'; jumpMs: number };

/** The result of `state`. Durations count from now; negative ones lie in the past. */
export interface RenewingState {
  /** fresh: before the renewal window; renewing: inside it; expired: held but unusable; empty: nothing held. */
  zone: 'empty' | 'fresh' | 'renewing' | 'expired';
  /** Before the renewal window, and doubted: only the doubt wants a load. */
  isDoubted: boolean;
  loading: boolean;
  /** Until the value is no longer handed out. */
  usableForMs: number | undefined;
  /** Until the renewal window opens; undefined when nothing is held or the value is renewed on demand. */
  renewsInMs: number | undefined;
  /** Until the next load may start; 0 when it may start now. */
  nextAttemptInMs: number;
  /** Failed loads in a row. */
  failures: number;
  /** What the last load failed with, until one succeeds. */
  lastFailure: unknown;
}

/** How a RenewingValue is made. */
export interface RenewingValueOptions<T extends object> {
  /** Fetches the value. It may be abandoned: then `signal` is aborted and a later result is discarded. */
  load: (signal: AbortSignal) => Promise<Timed<T>>;
  policy: RenewalPolicy;
  clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  random: RandomSource;
  /** Whether two values are the same one; identity by default. */
  same?: (a: T, b: T) => boolean;
  /** Called with every event. Its exceptions are dropped: a broken log must not cost the value, or the process. */
  onEvent?: (event: RenewingEvent<T>) => void;
  /** How long one load may take, in ms. Default 15,000: three calls of 5 s each. */
  loadDeadlineMs?: number;
  /** How long a caller without a value waits for a load, in ms. Default 5,000: a page's patience. */
  waitMs?: number;
}

/** There is no usable value now. `retryAfterMs` is when asking again makes sense; `cause` the last failure. */
export class ValueUnavailableError extends Error {
  override readonly name = 'ValueUnavailableError';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, cause: unknown) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The time passed by the monotonic clock, the wall clock's deviation from it, and the age: the larger of both clocks' times. */
export function passedBetween(
  from: Moment,
  to: Moment,
): { monotonicMs: number; jumpMs: number; ageMs: number } {
  const wallMs = to.wallMs - from.wallMs;
  const monotonicMs = to.monotonicMs - from.monotonicMs;
  return { monotonicMs, jumpMs: wallMs - monotonicMs, ageMs: Math.max(wallMs, monotonicMs) };
}
