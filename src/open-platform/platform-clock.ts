// The platform's time, as far as it is known: what to sign with when this machine's clock is wrong.
import type { Clock, Timer } from '../base/clock';
import type { PlatformTime } from './open-platform-client';

/** This machine's clock was found wrong, or right again. */
export interface ClockChange {
  /** Whether our clock is over 30 s off. */
  isOff: boolean;
  /** Whether signatures now carry the platform's time in place of ours. */
  isCorrected: boolean;
  /** Platform's time less ours, in milliseconds; undefined while it is being measured again. */
  offsetMs: number | undefined;
}

/** How a PlatformClock is made. */
export interface PlatformClockOptions {
  clock: Clock;
  /** Whether a wrong clock is corrected (`CLOCK_CORRECTION`) or only reported. */
  correction: boolean;
  /** Makes one request whose reply reaches `observe`; a failure is tried again later. */
  measure: (signal: AbortSignal) => Promise<void>;
}

// Signatures live 10 minutes; half a minute costs nothing, and correcting less would only add the noise of the network.
const TOLERANCE_MS = 30_000;
// A store's time is that of the process which stored the ticket: up to half a minute off without being corrected, as ours may be.
const STORE_TOLERANCE_MS = 2 * TOLERANCE_MS;
// `Date` has whole seconds and each request takes up to 5 s, so honest replies differ by no more than this.
const AGREEMENT_MS = 5_000;
// On the average a time that was cut to a whole second is half a second old.
const HALF_RESOLUTION_MS = 500;
// Wall and monotonic time that part by more than this mean a set clock or a suspended machine, not drift.
const JUMP_MS = 2_000;
// The second measurement follows after a second; a platform that is out of reach is asked once a minute.
const FIRST_DELAY_MS = 1_000;
// Longer than a process takes from its ticket to its first reply, and little compared with the second until the clock is known.
const START_DELAY_MS = 200;
const MAX_DELAY_MS = 60_000;

/**
 * Holds the distance between the platform's time and our monotonic time, learnt from two replies that agree. Anchored
 * there it survives a wall clock that is set back; a jump ahead voids it, since a suspended machine looks the same. Either
 * is measured again. Until then a store's clock may tell the time; without knowledge it is this machine's.
 */
export class PlatformClock {
  readonly #clock: Clock;
  readonly #correction: boolean;
  readonly #measure: (signal: AbortSignal) => Promise<void>;
  readonly #listeners = new Set<(change: ClockChange) => void>();

  /** Platform's time less monotonic time, as two replies agreed; before that, by a store's clock. */
  #anchorMs: number | undefined;
  /** Whether two replies agreed on the anchor. */
  #isMeasured = false;
  /** The same by the last reply alone, agreed upon or not. */
  #lastAnchorMs: number | undefined;
  /** The anchor while it is signed with. */
  #appliedAnchorMs: number | undefined;
  /** Wall less monotonic time, which only a jump changes. */
  #skewMs: number;
  /** What was sent before this moment may have been under way during a jump. */
  #validFromMonotonicMs = -Infinity;
  #isOff = false;
  #measuring: AbortController | undefined;
  #timer: Timer | undefined;
  #beginning: Timer | undefined;
  #isAwaited = false;
  #closed = false;

  constructor(options: PlatformClockOptions) {
    this.#clock = options.clock;
    this.#correction = options.correction;
    this.#measure = options.measure;
    this.#skewMs = options.clock.wallMs() - options.clock.monotonicMs();
  }

  /** The time to sign with, whole milliseconds since the epoch. Runs with every request: two clock reads, no allocation. */
  nowMs(): number {
    const wallMs = this.#clock.wallMs();
    const monotonicMs = this.#clock.monotonicMs();
    this.#noticeJump(wallMs, monotonicMs);
    return this.#appliedAnchorMs === undefined ? wallMs : Math.round(monotonicMs + this.#appliedAnchorMs);
  }

  /** Platform's time less this machine's, in milliseconds; undefined while it is not known. */
  get offsetMs(): number | undefined {
    this.#noticeJump(this.#clock.wallMs(), this.#clock.monotonicMs());
    return this.#anchorMs === undefined ? undefined : Math.round(this.#anchorMs - this.#skewMs);
  }

  /** Whether signatures carry the platform's time in place of this machine's. */
  get isCorrecting(): boolean {
    return this.#appliedAnchorMs !== undefined;
  }

  /**
   * Whether `ensureMeasured` has begun and has had no outcome yet: the offset is known, one request has failed, or two replies did
   * not agree. At most some seconds, the time of two requests.
   */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Calls `listener` whenever our clock is found wrong, or right again. Returns a function that ends it. */
  onChange(listener: (change: ClockChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Records the time of a reply. The offset changes only when a second reply agrees with the first. */
  observe({ platformMs, sentMonotonicMs, receivedMonotonicMs }: PlatformTime): void {
    this.#noticeJump(this.#clock.wallMs(), this.#clock.monotonicMs());
    if (sentMonotonicMs < this.#validFromMonotonicMs) return;
    const anchorMs = platformMs + HALF_RESOLUTION_MS - (sentMonotonicMs + receivedMonotonicMs) / 2;
    const previousMs = this.#lastAnchorMs;
    this.#lastAnchorMs = anchorMs;
    if (previousMs === undefined || Math.abs(anchorMs - previousMs) > AGREEMENT_MS) return;
    this.#isMeasured = true;
    this.#isAwaited = false;
    this.#setAnchor(anchorMs);
    this.#stopMeasuring();
  }

  /**
   * The time by the clock of a store, for a process that has a ticket from there and no reply of the platform yet. It may be late: a
   * store that hung carries out a write of long ago as one of now. So the platform is still awaited.
   */
  readonly fromStore = {
    isWanted: (): boolean => this.#anchorMs === undefined && !this.#closed,
    observe: ({ platformMs, sentMonotonicMs, receivedMonotonicMs }: PlatformTime): void => {
      if (this.#anchorMs !== undefined || sentMonotonicMs < this.#validFromMonotonicMs) return;
      this.#setAnchor(platformMs - (sentMonotonicMs + receivedMonotonicMs) / 2, STORE_TOLERANCE_MS);
    },
  };

  /**
   * Measures in the background until the offset is known, if it is not: for a process whose ticket came from a store. It
   * begins a moment later: what the first call loads would hold up the first signatures of a process that has just started.
   */
  ensureMeasured(): void {
    if (this.#isMeasured || this.#closed || this.#measuring) return;
    this.#isAwaited = true;
    this.#beginning ??= this.#clock.setTimer(() => {
      this.#beginning = undefined;
      // Known meanwhile, if a page needed the platform.
      if (!this.#isMeasured) this.#startMeasuring();
    }, START_DELAY_MS);
  }

  /** Stops measuring. The time can still be read. */
  close(): void {
    this.#closed = true;
    this.#isAwaited = false;
    this.#beginning?.cancel();
    this.#stopMeasuring();
  }

  #noticeJump(wallMs: number, monotonicMs: number): void {
    const skewMs = wallMs - monotonicMs;
    if (Math.abs(skewMs - this.#skewMs) <= JUMP_MS) return;
    // No suspended machine wakes up earlier than it went to sleep: then only the wall clock is another.
    const wasSetBack = skewMs < this.#skewMs;
    this.#skewMs = skewMs;
    if (!wasSetBack) {
      this.#validFromMonotonicMs = monotonicMs;
      this.#isMeasured = false;
    }
    this.#lastAnchorMs = undefined;
    this.#setAnchor(wasSetBack ? this.#anchorMs : undefined);
    this.#startMeasuring();
  }

  #setAnchor(anchorMs: number | undefined, toleranceMs = TOLERANCE_MS): void {
    this.#anchorMs = anchorMs;
    const offsetMs = anchorMs === undefined ? undefined : Math.round(anchorMs - this.#skewMs);
    const isOff = offsetMs !== undefined && Math.abs(offsetMs) > toleranceMs;
    this.#appliedAnchorMs = isOff && this.#correction ? anchorMs : undefined;
    if (isOff === this.#isOff) return;
    this.#isOff = isOff;
    for (const listener of this.#listeners) listener({ isOff, isCorrected: this.isCorrecting, offsetMs });
  }

  /** Measures once, and once more after `delayMs`, as long as `signal` lets it. */
  async #attempt(signal: AbortSignal, delayMs: number): Promise<void> {
    try {
      await this.#measure(signal);
      // After the first reply a second one follows; with that the offset is known, or the replies do not agree.
      if (delayMs > FIRST_DELAY_MS) this.#isAwaited = false;
    } catch {
      // The client has reported it; whether the offset is known now is all that counts.
      this.#isAwaited = false;
    }
    if (signal.aborted) return;
    const nextDelayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    this.#timer = this.#clock.setTimer(() => void this.#attempt(signal, nextDelayMs), delayMs);
  }

  #startMeasuring(): void {
    if (this.#closed || this.#measuring) return;
    this.#measuring = new AbortController();
    void this.#attempt(this.#measuring.signal, FIRST_DELAY_MS);
  }

  #stopMeasuring(): void {
    this.#measuring?.abort();
    this.#measuring = undefined;
    this.#timer?.cancel();
  }
}
