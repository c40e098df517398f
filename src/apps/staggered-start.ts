// Starts many apps a few at a time; one that a page waits for goes first.
import type { Clock, Timer } from '../base/clock';
import type { RandomSource } from '../base/random';

/** Five at a time: 200 apps then start in about half a minute, and no platform takes that for an attack. */
const LANES = 5;
/** Between two starts of one lane, on average half a second: with the calls' own time at most about 20 calls a second. */
const MIN_PAUSE_MS = 250;
const PAUSE_JITTER_MS = 500;

/** One app's place among those that start. */
export interface StartSlot {
  /** Goes ahead of those nobody waits for. Resolves when the start has begun; undefined when it has begun already. */
  prioritise(): Promise<void> | undefined;
  /** Gives the place up, unless somebody waits for it. */
  cancel(): void;
}

interface Entry {
  start: () => Promise<void>;
  isWaitedFor: boolean;
  begun: Promise<void>;
  begin: () => void;
}

/** A queue of starts. */
export class StaggeredStart {
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #waiting = new Set<Entry>();
  /** Lanes in which a start is under way. */
  #busy = 0;
  /** Lanes that rest after one. */
  readonly #resting = new Set<Timer>();

  constructor({ clock, random }: { clock: Clock; random: RandomSource }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Queues `start`, which resolves when its calls have ended and never rejects. */
  enter(start: () => Promise<void>): StartSlot {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const entry: Entry = { start, isWaitedFor: false, begun, begin };
    this.#waiting.add(entry);
    this.#next();
    return {
      prioritise: () => {
        if (!this.#waiting.has(entry)) return undefined;
        entry.isWaitedFor = true;
        // A lane that rests makes no calls: the rest is for those nobody waits for.
        const [resting] = this.#resting;
        if (resting) this.#wake(resting);
        return entry.begun;
      },
      cancel: () => {
        if (!entry.isWaitedFor) this.#waiting.delete(entry);
      },
    };
  }

  /** Begins no more. */
  close(): void {
    for (const timer of this.#resting) timer.cancel();
    this.#resting.clear();
    for (const { begin } of this.#waiting) begin();
    this.#waiting.clear();
  }

  #next(): void {
    if (this.#busy + this.#resting.size >= LANES) return;
    const entry = this.#first();
    if (entry === undefined) return;
    this.#waiting.delete(entry);
    this.#busy += 1;
    void entry.start().then(() => {
      this.#busy -= 1;
      this.#rest();
    });
    // After the start, so that whoever waits finds it under way.
    entry.begin();
  }

  #first(): Entry | undefined {
    for (const entry of this.#waiting) if (entry.isWaitedFor) return entry;
    const [entry] = this.#waiting;
    return entry;
  }

  #rest(): void {
    if (this.#waiting.size === 0) return;
    if (this.#first()?.isWaitedFor) {
      this.#next();
      return;
    }
    const pauseMs = MIN_PAUSE_MS + this.#random() * PAUSE_JITTER_MS;
    const timer = this.#clock.setTimer(() => {
      this.#wake(timer);
    }, pauseMs);
    this.#resting.add(timer);
  }

  #wake(timer: Timer): void {
    timer.cancel();
    this.#resting.delete(timer);
    this.#next();
  }
}
