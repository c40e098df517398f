// Starts many apps a few at a time; one that a page waits for goes first.
import type { Clock, Timer } from '../base/clock';
import type { RandomSource } from '../base/random';

/** Five at a time: 200 apps then start in about half a minute, and no platform takes that for an attack. */
const MAX_STARTS = 5;
/** After a start that called the platform, on average half a second: with the calls' own time at most about 20 calls a second. */
const MIN_PAUSE_MS = 250;
const PAUSE_JITTER_MS = 500;

/** One app's place among those that start. */
export interface StartSlot {
  /** Goes ahead of those that no page waits for, and pauses for none. Resolves when the start has begun; undefined when it has already. */
  prioritise(): Promise<void> | undefined;
  /** Gives the place up, unless a page waits for it. */
  cancel(): void;
}

interface Waiting {
  readonly start: () => Promise<boolean>;
  begin: () => void;
  isUrgent: boolean;
}

/** A queue of starts. */
export class StaggeredStart {
  readonly #parts: { readonly clock: Clock; readonly random: RandomSource };
  readonly #waiting = new Set<Waiting>();
  #starts = 0;
  /** Each keeps one place free, except for a start that a page waits for. */
  readonly #pauses = new Set<Timer>();

  constructor(parts: { clock: Clock; random: RandomSource }) {
    this.#parts = parts;
  }

  /** Queues `start`, which resolves when it has ended, with whether it called the platform, and never rejects. */
  enter(start: () => Promise<boolean>): StartSlot {
    const entry: Waiting = { start, begin: () => undefined, isUrgent: false };
    const begun = new Promise<void>((resolve) => (entry.begin = resolve));
    this.#waiting.add(entry);
    this.#next();
    return {
      prioritise: () => {
        if (!this.#waiting.has(entry)) return undefined;
        entry.isUrgent = true;
        this.#next();
        return begun;
      },
      cancel: () => {
        if (!entry.isUrgent) this.#waiting.delete(entry);
      },
    };
  }

  /** Begins no more. */
  close(): void {
    for (const pause of this.#pauses) pause.cancel();
    for (const { begin } of this.#waiting) begin();
    this.#waiting.clear();
  }

  #next(): void {
    const waiting = [...this.#waiting];
    const entry = waiting.find(({ isUrgent }) => isUrgent) ?? waiting[0];
    const pauses = entry?.isUrgent ? 0 : this.#pauses.size;
    if (entry === undefined || this.#starts + pauses >= MAX_STARTS) return;
    this.#waiting.delete(entry);
    this.#starts += 1;
    void entry.start().then((hasCalled) => {
      this.#starts -= 1;
      if (hasCalled && this.#waiting.size > 0) this.#pause();
      this.#next();
    });
    // After the start, so that a page that waits finds it under way.
    entry.begin();
  }

  #pause(): void {
    const { clock, random } = this.#parts;
    const pause = clock.setTimer(
      () => {
        this.#pauses.delete(pause);
        this.#next();
      },
      MIN_PAUSE_MS + random() * PAUSE_JITTER_MS,
    );
    this.#pauses.add(pause);
  }
}
