// Counters and histograms for metrics: integers by labels, and durations in buckets. Counted with one addition, read on a scrape.

/** One value of a metric, as a scrape reads it. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Follows the name of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

/**
 * Ten thousand combinations of one metric: every route and status of a thousand apps, and still what a time-series
 * database bears. Further combinations are counted under `other`, so that no input fills it.
 */
const MAX_ENTRIES = 10_000;

/** Counts combinations of label values. `add` is on the path of every request: one look-up and one addition. */
export class Tally {
  readonly #labels: readonly string[];
  readonly #entries = new Map<string, { readonly values: readonly string[]; count: number }>();

  /** `labels` name the values that `add` takes, in their order. */
  constructor(...labels: readonly string[]) {
    this.#labels = labels;
  }

  /** Counts one more of `values`, as many as there are labels. */
  add(...values: readonly string[]): void {
    this.#entry(values).count += 1;
  }

  /** Makes `values` read as 0 before they are counted: Prometheus sees no increase in a series that begins at 1. */
  declare(...values: readonly string[]): void {
    this.#entry(values);
  }

  /** The count of every combination, in the order of their first time. */
  *samples(): Iterable<Sample> {
    for (const { values, count } of this.#entries.values())
      yield {
        labels: Object.fromEntries(this.#labels.map((label, at) => [label, values[at] ?? ''])),
        value: count,
      };
  }

  #entry(values: readonly string[]): { count: number } {
    // A line break occurs in no label value of ours, so that no two combinations meet.
    const key = values.join('\n');
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= MAX_ENTRIES && values.some((value) => value !== 'other'))
      return this.#entry(values.map(() => 'other'));
    const entry = { values, count: 0 };
    this.#entries.set(key, entry);
    return entry;
  }
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

  /** In seconds, as metrics have them: each bucket counts those before it too, and the last one all. */
  *samples(labels: Readonly<Record<string, string>> = {}): Iterable<Sample> {
    let count = 0;
    for (const bucket of this.#buckets) {
      count += bucket.count;
      const le = bucket.upToMs === Infinity ? '+Inf' : String(bucket.upToMs / 1_000);
      yield { suffix: '_bucket', labels: { ...labels, le }, value: count };
    }
    yield { suffix: '_sum', labels, value: this.#sumMs / 1_000 };
    yield { suffix: '_count', labels, value: count };
  }
}
