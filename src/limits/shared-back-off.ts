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

/** Calls of one endpoint. It knows neither tickets nor HTTP. */
export class SharedBackOff {
  readonly #options: SharedBackOffOptions;
  /** Who has failed since the last success. */
  readonly #failing = new Set<string>();
  #lastFailure: unknown;
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
   */
  async run<T>(caller: string, call: (isProbe: boolean) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#options.clock.monotonicMs() < this.#vouchedUntilMs) return this.#attempt(caller, call);
      this.throwWhilePaused();
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

  get #isDown(): boolean {
    return this.#failing.size >= OUTAGE_CALLERS;
  }

  async #attempt<T>(caller: string, call: (isProbe: boolean) => Promise<T>): Promise<T> {
    try {
      const value = await call(this.#isDown);
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
    this.#vouchedUntilMs = -Infinity;
    // Calls that were under way when the outage began count once.
    if (!this.#isDown || nowMs < this.#downUntilMs) return;
    this.#downUntilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * PAUSE_FACTOR, MAX_PAUSE_MS);
  }
}
