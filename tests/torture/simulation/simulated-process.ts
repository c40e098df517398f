// One process on a machine of its own: a clock that is a little wrong, and a life that can end or stand still.
import type { Clock, Timer } from '../../../src/base/clock';
import type { EventOwner, Scheduler } from './scheduler';

/** The moment the simulation begins, by a clock that is right. */
export const EPOCH_MS = Date.UTC(2026, 0, 1);

/** Timers that were early by less are on time: sums of fractions of a millisecond are not exact. */
const ROUNDING_MS = 0.001;

/** What happens to a process and its machine; the code under test sees its clock only. */
export class SimulatedProcess implements EventOwner {
  isAlive = true;
  pausedUntilMs = -Infinity;
  readonly clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #startedMs: number;
  /** How far the wall clock is ahead of the truth. */
  #aheadMs: number;
  /** How long the monotonic clock has stood still. */
  #suspendedMs = 0;

  constructor(
    readonly name: string,
    scheduler: Scheduler,
    aheadMs: number,
  ) {
    this.#scheduler = scheduler;
    this.#startedMs = scheduler.nowMs;
    this.#aheadMs = aheadMs;
    this.clock = {
      wallMs: () => Math.floor(EPOCH_MS + scheduler.nowMs + this.#aheadMs),
      monotonicMs: () => scheduler.nowMs - this.#startedMs - this.#suspendedMs,
      setTimer: (callback, delayMs) => this.#setTimer(callback, delayMs),
    };
  }

  /** Whether it is neither dead nor standing still. */
  get isAwake(): boolean {
    return this.isAlive && this.pausedUntilMs <= this.#scheduler.nowMs;
  }

  /** Whether it ever stood still: its timers may then have fired before the answers that waited with them. */
  get wasPaused(): boolean {
    return this.pausedUntilMs > -Infinity;
  }

  /** Sets the wall clock. */
  setWall(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  /** Stops the process for a while: it misses nothing, and learns of everything late. */
  pause(ms: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.#scheduler.nowMs + ms);
  }

  /** The same for the whole machine: its monotonic clock and its timers stand still as well. */
  suspend(ms: number): void {
    this.pause(ms);
    this.#suspendedMs += ms;
  }

  /** Ends it as SIGKILL does. */
  kill(): void {
    this.isAlive = false;
  }

  #setTimer(callback: () => void, delayMs: number): Timer {
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new RangeError(`bad timer delay ${delayMs}`);
    const dueMs = this.clock.monotonicMs() + delayMs;
    const fire = (): void => {
      const leftMs = dueMs - this.clock.monotonicMs();
      // The machine was suspended in between.
      if (leftMs > ROUNDING_MS) scheduled = this.#scheduler.after(leftMs, fire, this);
      else callback();
    };
    let scheduled = this.#scheduler.after(delayMs, fire, this);
    return { cancel: () => scheduled.cancel() };
  }
}
