// One back-off for all callers of an endpoint: while the endpoint fails one caller tries, and its success frees the others.
import type { Clock } from '../base/clock';

/** How the back-off is made. */
export interface SharedBackOffOptions {
  clock: Clock;
  /** Whether a failure says something of the endpoint, not only of who called it. */
  isOutage: (error: unknown) => boolean;
  /** The error of a call that may be made in `waitMs`; `cause` is the endpoint's last failure. */
  heldOff: (waitMs: number, cause: unknown) => Error;
  /** Called when a call succeeds after an outage: throttled calls need not wait longer. */
  onRecovered: () => void;
}

/** One failure can be the caller's own; the second in a row, of another caller, is the endpoint's. */
const OUTAGE_CALLERS = 2;
/** A success vouches for the calls of the next 10 s, a start's or a renewal's; after that one goes ahead alone again. */
const VOUCHES_MS = 10_000;
/** The pauses between probes: most outages are a restart, over within seconds. */
const FIRST_PAUSE_MS = 1_000;
/** Few calls, since each probe of an outage is one less for the recovery. */
const PAUSE_FACTOR = 4;
/** All are served within a minute of the recovery, and calls take time too. */
const MAX_PAUSE_MS = 45_000;
/** How long after a pause a caller yields to better ones: those that were throttled return within half a second. */
const YIELDS_MS = 2_000;
/** Twice the longest pause: without a failure for so long, as when no probe may be made, the outage is no longer certain. */
const CERTAIN_FOR_MS = 2 * MAX_PAUSE_MS;

/** Calls of one endpoint. It knows neither tickets nor HTTP. */
export class SharedBackOff {
  readonly #options: SharedBackOffOptions;
  /** Who has failed since the last success. */
  readonly #failing = new Set<string>();
  #lastFailure: unknown;
  #failedAtMs = -Infinity;
  /** Callers that a pause throttled: those that have not failed since the last success, and those that have. */
  readonly #waiting: readonly [Set<string>, Set<string>] = [new Set(), new Set()];
  #pauseMs = FIRST_PAUSE_MS;
  #downUntilMs = -Infinity;
  #vouchedUntilMs = -Infinity;
  /** The call that goes ahead alone; never rejects. */
  #alone: Promise<void> | undefined;

  constructor(options: SharedBackOffOptions) {
    this.#options = options;
  }

  /**
   * The result of `call`, made at once while the endpoint is known to work. Otherwise one caller goes ahead alone and the others wait
   * for its end. Rejects with `heldOff` during a pause. `isProbe`: the endpoint has failed, so its calls are to be few.
   * After a pause callers that have not failed go first, then those that have, then `isStranger`.
   */
  async run<T>(caller: string, call: (isProbe: boolean) => Promise<T>, isStranger = false): Promise<T> {
    for (;;) {
      if (this.#options.clock.monotonicMs() < this.#vouchedUntilMs) return this.#attempt(caller, call);
      this.#throwUnlessNext(caller, isStranger);
      if (this.#alone === undefined) break;
      await this.#alone;
    }
    const attempt = this.#attempt(caller, call);
    this.#alone = attempt.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await attempt;
    } finally {
      this.#alone = undefined;
    }
  }

  /** Throws `heldOff` during a pause, in which no call is made. */
  throwWhilePaused(): void {
    const { clock, heldOff } = this.#options;
    const leftMs = this.#downUntilMs - clock.monotonicMs();
    if (leftMs > 0) throw heldOff(leftMs, this.#lastFailure);
  }

  /** Throws `heldOff` during a pause, and after it while a better caller is expected. */
  #throwUnlessNext(caller: string, isStranger: boolean): void {
    const { clock, heldOff } = this.#options;
    const rank = isStranger ? 2 : Number(this.#failing.has(caller));
    const pausedForMs = this.#downUntilMs - clock.monotonicMs();
    if (pausedForMs > 0) this.#waiting[rank]?.add(caller);
    this.throwWhilePaused();
    const yieldsForMs = pausedForMs + YIELDS_MS;
    if (yieldsForMs <= 0) this.#forgetWaiting();
    else if (this.#waiting.some((better, at) => at < rank && better.size > 0))
      throw heldOff(yieldsForMs, this.#lastFailure);
    for (const callers of this.#waiting) callers.delete(caller);
  }

  #forgetWaiting(): void {
    for (const callers of this.#waiting) callers.clear();
  }

  get #isDown(): boolean {
    return this.#failing.size >= OUTAGE_CALLERS;
  }

  async #attempt<T>(caller: string, call: (isProbe: boolean) => Promise<T>): Promise<T> {
    try {
      const isCertain = this.#options.clock.monotonicMs() - this.#failedAtMs < CERTAIN_FOR_MS;
      const value = await call(this.#isDown && isCertain);
      this.#succeeded();
      return value;
    } catch (error) {
      if (this.#options.isOutage(error)) this.#failed(caller, error);
      throw error;
    }
  }

  #succeeded(): void {
    const wasDown = this.#isDown;
    this.#failing.clear();
    this.#forgetWaiting();
    this.#lastFailure = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#downUntilMs = -Infinity;
    this.#vouchedUntilMs = this.#options.clock.monotonicMs() + VOUCHES_MS;
    if (wasDown) this.#options.onRecovered();
  }

  #failed(caller: string, error: unknown): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#failing.add(caller);
    this.#lastFailure = error;
    this.#failedAtMs = nowMs;
    this.#vouchedUntilMs = -Infinity;
    // Calls that were under way when the outage began count once.
    if (!this.#isDown || nowMs < this.#downUntilMs) return;
    this.#downUntilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * PAUSE_FACTOR, MAX_PAUSE_MS);
  }
}
