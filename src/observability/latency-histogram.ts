// How long things took: counts in fixed buckets, an addition for each observation.

/** What a scrape reads. Seconds, as metrics have them. */
export interface LatencySnapshot {
  /** How many took at most `upToSeconds`; the last one is `Infinity` and counts all. */
  readonly buckets: readonly { readonly upToSeconds: number; readonly count: number }[];
  readonly sumSeconds: number;
}

/**
 * From 50 µs, what a signature takes on a fast core, to the 5 s that a page waits for a ticket and a call to the platform
 * may last; each about twice or two and a half times the one before, which is as exact as a percentile has to be.
 */
const BOUNDS_MS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];

/** A histogram of durations. */
export class LatencyHistogram {
  readonly #buckets = [...BOUNDS_MS, Infinity].map((upToMs) => ({ upToMs, count: 0 }));
  #sumMs = 0;

  observe(durationMs: number): void {
    this.#sumMs += durationMs;
    // Most observations end in the first few buckets: a linear search is the quickest.
    for (const bucket of this.#buckets) {
      if (durationMs > bucket.upToMs) continue;
      bucket.count += 1;
      return;
    }
  }

  read(): LatencySnapshot {
    let sum = 0;
    const buckets = this.#buckets.map(({ upToMs, count }) => ({
      upToSeconds: upToMs / 1_000,
      count: (sum += count),
    }));
    return { buckets, sumSeconds: this.#sumMs / 1_000 };
  }
}
