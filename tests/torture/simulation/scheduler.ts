// Simulated time: everything that happens is an event at a moment, and the next event is all that moves time on.

/** Whose event it is: what a dead process had before it never happens, and a paused one gets to it when it wakes. */
export interface EventOwner {
  readonly isAlive: boolean;
  readonly pausedUntilMs: number;
}

/** Something that will happen. */
export interface Scheduled {
  cancel(): void;
}

interface Entry {
  atMs: number;
  /** Breaks ties: what was scheduled first happens first. */
  sequence: number;
  action: (() => void) | undefined;
  owner: EventOwner | undefined;
}

/** The events to come, in their order, and the current moment. */
export class Scheduler {
  /** Milliseconds since the simulation began. */
  nowMs = 0;
  /** Events that have happened. */
  steps = 0;
  #sequence = 0;
  /** A binary heap: the parent of `i` is at `(i - 1) >> 1`, and happens before it. */
  readonly #heap: Entry[] = [];

  /** Lets `action` happen `delayMs` from now, unless its owner has died by then. */
  after(delayMs: number, action: () => void, owner?: EventOwner): Scheduled {
    const entry: Entry = { atMs: this.nowMs + delayMs, sequence: (this.#sequence += 1), action, owner };
    this.#push(entry);
    return { cancel: () => (entry.action = undefined) };
  }

  /**
   * Lets everything happen that is due until `untilMs`, one thing at a time with all that follows from it at once;
   * `afterEach` is called with its owner, and ends the run by returning true.
   */
  async runUntil(untilMs: number, afterEach?: (owner: EventOwner | undefined) => boolean): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      const { action, owner } = next;
      if (action === undefined || owner?.isAlive === false) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      if (owner !== undefined && owner.pausedUntilMs > this.nowMs) {
        // Moved, not copied, so that it can still be cancelled.
        next.atMs = owner.pausedUntilMs;
        next.sequence = this.#sequence += 1;
        this.#push(next);
        continue;
      }
      this.steps += 1;
      action();
      await settle();
      if (afterEach?.(owner)) return;
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.sequence < other.sequence);
}

/** Lets every promise come as far as it can: a turn of the event loop begins only when none can continue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
