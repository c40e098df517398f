// A clock that stands still until a test moves it; wall and monotonic time can be moved apart.
import type { Clock, Timer } from '../../src/base/clock';

interface Pending {
  atMs: number;
  callback: () => void;
}

export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 1_000;
  readonly #pending = new Set<Pending>();

  /** Starts at `wallMs`, by default 2026-01-01T00:00:00Z. */
  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    if (!(delayMs >= 0 && delayMs <= 2 ** 31 - 1)) throw new RangeError(`bad timer delay ${delayMs}`);
    const pending = { atMs: this.#monotonicMs + delayMs, callback };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** Timers that are set and have not fired. */
  get timers(): number {
    return this.#pending.size;
  }

  /** Milliseconds until the next timer, or undefined. */
  get untilNextTimerMs(): number | undefined {
    const next = this.#next();
    return next && Math.max(0, next.atMs - this.#monotonicMs);
  }

  /** Moves both times on, firing what falls due in order; `settle` runs after each timer, so that promises can advance. */
  async advance(ms: number, settle: () => Promise<void> = flushMicrotasks): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#next(); next && next.atMs <= untilMs; next = this.#next()) {
      this.#pass(Math.max(0, next.atMs - this.#monotonicMs));
      this.#pending.delete(next);
      next.callback();
      await settle();
    }
    this.#pass(Math.max(0, untilMs - this.#monotonicMs));
  }

  /** Sets the wall clock forward or back; monotonic time and timers do not notice. */
  setWallBack(ms: number): void {
    this.#wallMs -= ms;
  }

  /** Suspends the machine: wall time passes, monotonic time and timers stand still. */
  suspend(ms: number): void {
    this.#wallMs += ms;
  }

  #pass(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  #next(): Pending | undefined {
    let next: Pending | undefined;
    for (const pending of this.#pending) if (!next || pending.atMs < next.atMs) next = pending;
    return next;
  }
}

/** Lets every promise that can advance without I/O advance. */
export async function flushMicrotasks(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
