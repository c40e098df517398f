// A value with a limited life that is loaded once for all callers and renewed before it ends.
// It knows neither tickets nor HTTP; time, randomness, the load and the policy are parameters.
import type { RandomSource } from '../base/random';
import type { Clock, Timer, Moment, Timed } from '../base/clock';
import {
  passedBetween,
  ValueUnavailableError,
  type RenewingEvent,
  type RenewingState,
  type RenewingValueOptions,
} from './renewal';
import { doubtDelayMs, TIMER_LEAST_AGE_MS, MAX_DELAY_MS, type RenewalPolicy } from './renewal-policy';

interface Held<T> {
  value: T;
  sentAt: Moment;
  lifeMs: number;
  usableForMs: number;
  renewsAfterMs: number;
  /** Wall minus monotonic time passed since `sentAt`, as far as it has been acted upon. */
  knownJumpMs: number;
  /** open: it was doubted, and no load has succeeded since; settled: one has, and brought the same value back. */
  doubt: 'none' | 'open' | 'settled';
}

interface Waiter<T> {
  resolve: (value: T) => void;
  reject: (error: ValueUnavailableError) => void;
  timer: Timer;
}

/** Wall and monotonic time that part by more than this mean a set clock or a suspended machine, not drift. */
const CLOCK_JUMP_MS = 2_000;

/**
 * Keeps one value loaded.
 *
 * | zone | `get()` gives | in the background |
 * |---|---|---|
 * | fresh | the value | a timer to the renewal window |
 * | renewing | the value | one load at a time, failures back off |
 * | empty, expired | a promise: of the one shared load, or a failure at once while backing off | the same back-off |
 *
 * A failed, late or doubtful load never takes a usable value away; only another value, its end or `invalidate` does.
 */
export class RenewingValue<T extends object> {
  readonly #load: (signal: AbortSignal) => Promise<Timed<T>>;
  readonly #policy: RenewalPolicy;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #same: (a: T, b: T) => boolean;
  readonly #onEvent: (event: RenewingEvent<T>) => void;
  readonly #loadDeadlineMs: number;
  readonly #waitMs: number;

  #held: Held<T> | undefined;
  #loading: AbortController | undefined;
  #deadline: Timer | undefined;
  #notBeforeMonotonicMs = -Infinity;
  #failures = 0;
  #lastFailure: unknown;
  #repeats = 0;
  #timer: Timer | undefined;
  #closed = false;
  readonly #waiters = new Set<Waiter<T>>();

  constructor(options: RenewingValueOptions<T>) {
    this.#load = options.load;
    this.#policy = options.policy;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#same = options.same ?? Object.is;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.#loadDeadlineMs = options.loadDeadlineMs ?? 15_000;
    this.#waitMs = options.waitMs ?? 5_000;
  }

  /** The value at once while it is usable; otherwise a promise that rejects with ValueUnavailableError. */
  get(): T | Promise<T> {
    return this.peek() ?? this.#wait();
  }

  /** The value while it is usable, else undefined. Starts a due load without waiting for it. */
  peek(): T | undefined {
    const held = this.#held;
    if (held === undefined) return undefined;
    const { ageMs, jumpMs } = passedBetween(held.sentAt, this.#now());
    if (Math.abs(jumpMs - held.knownJumpMs) > CLOCK_JUMP_MS) this.#jumped(held, jumpMs);
    // Also for a doubt: without a timer nothing else repeats a failed load.
    if (ageMs >= held.renewsAfterMs || held.doubt === 'open') this.#startLoadIfDue();
    return ageMs < held.usableForMs ? held.value : undefined;
  }

  /** Starts loading when nothing usable is held, without waiting. */
  warmUp(): void {
    if (this.peek() === undefined) this.#startLoadIfDue();
  }

  /**
   * Starts a load now, unless one is running, even while failures back off: for when their cause may be gone, or an operator
   * asks. The caller limits how often.
   */
  loadNow(): void {
    if (this.#loading !== undefined) return;
    this.#notBeforeMonotonicMs = -Infinity;
    this.#startLoadIfDue();
  }

  /**
   * Doubts `value`: starts one load for it, which is repeated while it fails, and keeps handing the value out. Returns
   * whether a load was started; when none may start now (one is running, or failures back off), a later doubt can still
   * start it.
   */
  suspect(value: T): boolean {
    const held = this.#held;
    if (held?.doubt !== 'none' || !this.#same(held.value, value)) return false;
    // Doubted from the start of the load on: the load may read `isDoubted`.
    held.doubt = 'open';
    const isStarted = this.#startLoadIfDue();
    if (!isStarted) held.doubt = 'none';
    return isStarted;
  }

  /**
   * Adopts a value loaded elsewhere and cancels a running load. If it is the value already held (re-dated), a running load
   * continues. The caller judges whether the value is worth adopting; an expired value is not adopted.
   */
  offer(loaded: Timed<T>): void {
    const held = this.#held;
    const isHeld = held !== undefined && this.#same(held.value, loaded.value);
    const next = this.#hold(loaded);
    if (isHeld) next.doubt = held.doubt;
    if (this.#closed || !(this.#ageMs(next) < next.usableForMs)) return;
    const answered = isHeld ? undefined : this.#loading;
    if (!isHeld) {
      this.#loading = undefined;
      this.#deadline?.cancel();
    }
    this.#arrived(loaded, next);
    this.#schedule();
    answered?.abort();
  }

  /** Drops `value` if it is held. The next `get()` loads another. */
  invalidate(value: T): void {
    if (this.#held === undefined || !this.#same(this.#held.value, value)) return;
    this.#held = undefined;
    // Only failures keep an empty value waiting; the delay after a repeat was for the value that is gone.
    if (this.#failures === 0) this.#notBeforeMonotonicMs = -Infinity;
    this.#schedule();
  }

  /** A snapshot for readiness, metrics and operators. */
  get state(): RenewingState {
    const nextAttemptInMs = Math.max(0, this.#notBeforeMonotonicMs - this.#clock.monotonicMs());
    const common = {
      loading: this.#loading !== undefined,
      nextAttemptInMs,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    };
    const held = this.#held;
    if (held === undefined)
      return { zone: 'empty', isDoubted: false, usableForMs: undefined, renewsInMs: undefined, ...common };
    const ageMs = this.#ageMs(held);
    const zone = ageMs >= held.usableForMs ? 'expired' : ageMs >= held.renewsAfterMs ? 'renewing' : 'fresh';
    const renewsInMs = held.renewsAfterMs === Infinity ? undefined : held.renewsAfterMs - ageMs;
    const isDoubted = held.doubt === 'open' && zone === 'fresh';
    return { zone, isDoubted, usableForMs: held.usableForMs - ageMs, renewsInMs, ...common };
  }

  /** Stops timers, abandons the load and rejects all waiting callers. A usable value stays readable. */
  close(): void {
    const loading = this.#loading;
    this.#closed = true;
    this.#loading = undefined;
    this.#timer?.cancel();
    this.#deadline?.cancel();
    this.#failWaiters('closed', 0);
    loading?.abort();
  }

  #now(): Moment {
    return { wallMs: this.#clock.wallMs(), monotonicMs: this.#clock.monotonicMs() };
  }

  #ageMs(held: Held<T>): number {
    return passedBetween(held.sentAt, this.#now()).ageMs;
  }

  /** The clock was set or the machine suspended: one load finds out what the value's age really is. */
  #jumped(held: Held<T>, jumpMs: number): void {
    const event = { type: 'clock-jump', jumpMs: jumpMs - held.knownJumpMs } as const;
    // Set before the event: a listener may read the value.
    held.knownJumpMs = jumpMs;
    this.#emit(event);
    this.#startLoadIfDue();
  }

  #wait(): Promise<T> {
    this.#startLoadIfDue();
    if (this.#loading === undefined)
      return Promise.reject(this.#unavailable(this.#closed ? 'closed' : 'the last load failed'));
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(() => {
        this.#waiters.delete(waiter);
        reject(this.#unavailable('still loading'));
      }, this.#waitMs);
      const waiter = { resolve, reject, timer };
      this.#waiters.add(waiter);
    });
  }

  #unavailable(message: string, retryAfterMs?: number): ValueUnavailableError {
    return new ValueUnavailableError(message, retryAfterMs ?? this.state.nextAttemptInMs, this.#lastFailure);
  }

  #startLoadIfDue(): boolean {
    if (this.#closed || this.#loading !== undefined) return false;
    if (this.#clock.monotonicMs() < this.#notBeforeMonotonicMs) return false;
    this.#timer?.cancel();
    const controller = new AbortController();
    this.#loading = controller;
    // The first to settle, the load or its deadline, ends this load; the other finds that it is no longer the current load.
    const settle = (action: () => void) => {
      if (this.#loading !== controller) return;
      this.#deadline?.cancel();
      this.#loading = undefined;
      action();
      this.#schedule();
    };
    this.#deadline = this.#clock.setTimer(() => {
      const late = new Error(`the load took over ${this.#loadDeadlineMs} ms`);
      settle(() => this.#failed(late));
      controller.abort(late);
    }, this.#loadDeadlineMs);
    void this.#attempt(controller.signal).then(
      (loaded) => settle(() => this.#arrived(loaded)),
      (error: unknown) => settle(() => this.#failed(error)),
    );
    return true;
  }

  /** The load as a promise even when it throws at once. */
  async #attempt(signal: AbortSignal): Promise<Timed<T>> {
    return this.#load(signal);
  }

  /** `offered`: what is to be held, when it does not come from our own load. */
  #arrived(loaded: Timed<T>, offered?: Held<T>): void {
    const held = this.#held;
    const isRepeat = offered === undefined && held !== undefined && this.#same(held.value, loaded.value);
    const next = offered ?? (isRepeat ? this.#confirmed(held, loaded) : this.#hold(loaded));
    if (isRepeat && next.doubt === 'open') next.doubt = 'settled';
    const ageMs = this.#ageMs(next);
    // Not `>=`: a life that is not a number would pass that, be held unusable and be loaded again at once, indefinitely.
    if (!(ageMs < next.usableForMs)) {
      this.#failed(new Error('the loaded value had already expired'));
      return;
    }
    this.#held = next;
    this.#failures = 0;
    this.#lastFailure = undefined;
    this.#repeats = isRepeat && ageMs >= next.renewsAfterMs ? this.#repeats + 1 : 0;
    const { value, lifeMs, usableForMs } = next;
    // No longer than the value can be used: after its end a caller waits for a load, not for a delay.
    const retryInMs =
      this.#repeats === 0
        ? 0
        : Math.min(this.#policy.repeatDelayMs(this.#repeats, lifeMs), usableForMs - ageMs);
    this.#notBeforeMonotonicMs = this.#clock.monotonicMs() + retryInMs;
    if (isRepeat) this.#emit({ type: 'unchanged', value, retryInMs });
    else this.#emit({ type: 'loaded', value, previous: held?.value, lifeMs });
    for (const waiter of this.#waiters) {
      waiter.timer.cancel();
      waiter.resolve(value);
    }
    this.#waiters.clear();
  }

  /**
   * The same value came back: its end stays, except that a reply decides between two clocks that parted. Its age is
   * then what the reply says has passed of its life, at least what the monotonic clock says: that one never runs ahead.
   */
  #confirmed(held: Held<T>, { lifeMs, sentAt }: Timed<T>): Held<T> {
    const { monotonicMs, jumpMs } = passedBetween(held.sentAt, sentAt);
    // A jump after the request went out is not decided by its reply; noticing it again starts another load.
    if (Math.abs(jumpMs) <= CLOCK_JUMP_MS) return { ...held, knownJumpMs: jumpMs };
    const ageMs = Math.max(monotonicMs, held.lifeMs - lifeMs);
    const startedAt = { wallMs: sentAt.wallMs - ageMs, monotonicMs: sentAt.monotonicMs - ageMs };
    return { ...held, sentAt: startedAt, knownJumpMs: 0 };
  }

  #hold({ value, lifeMs, sentAt }: Timed<T>): Held<T> {
    const usableForMs = this.#policy.usableForMs(lifeMs);
    const renewsAfterMs = this.#policy.renewsAfterMs(lifeMs, this.#random);
    return { value, sentAt, lifeMs, usableForMs, renewsAfterMs, knownJumpMs: 0, doubt: 'none' };
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#lastFailure = error;
    const delayMs = this.#policy.retryDelayMs(this.#failures, error, this.#random);
    const retryInMs = Math.max(delayMs, this.#doubtDelayMs());
    this.#notBeforeMonotonicMs = this.#clock.monotonicMs() + retryInMs;
    this.#emit({ type: 'failed', error, failures: this.#failures, retryInMs });
    this.#failWaiters('the load failed', retryInMs);
  }

  /** A doubt waits longer than a missing value, but not beyond the end of the held value. */
  #doubtDelayMs(): number {
    const held = this.#held;
    if (held?.doubt !== 'open') return 0;
    const neededAfterMs = Math.min(held.renewsAfterMs, held.usableForMs);
    return Math.min(doubtDelayMs(this.#failures, this.#random), neededAfterMs - this.#ageMs(held));
  }

  #failWaiters(message: string, retryAfterMs: number): void {
    for (const waiter of this.#waiters) {
      waiter.timer.cancel();
      waiter.reject(this.#unavailable(message, retryAfterMs));
    }
    this.#waiters.clear();
  }

  #emit(event: RenewingEvent<T>): void {
    try {
      this.#onEvent(event);
    } catch {
      // Exceptions of the listener are dropped; see `onEvent`.
    }
  }

  /** Until a timer is to start a load: while nothing is held or what is held is doubted, at once. */
  #untilWantedMs(): number {
    const held = this.#held;
    if (held === undefined || held.doubt === 'open') return 0;
    return Math.max(held.renewsAfterMs, TIMER_LEAST_AGE_MS) - this.#ageMs(held);
  }

  /** Sets the timer to the next load: when it is wanted or the end of the back-off, whichever is later. */
  #schedule(): void {
    this.#timer?.cancel();
    if (this.#closed || this.#loading !== undefined || !this.#policy.byTimer) return;
    const backOffMs = this.#notBeforeMonotonicMs - this.#clock.monotonicMs();
    const wantedMs = this.#untilWantedMs();
    const delayMs = Math.min(Math.max(0, Math.ceil(Math.max(backOffMs, wantedMs))), MAX_DELAY_MS);
    this.#timer = this.#clock.setTimer(() => {
      if (this.peek() === undefined || this.#untilWantedMs() <= 0) this.#startLoadIfDue();
      if (this.#loading === undefined) this.#schedule();
    }, delayMs);
  }
}
