// Counts by labels: one integer for each combination, read when somebody scrapes.

/** One combination of labels and how often it was counted. */
export interface TallyEntry<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly count: number;
}

/**
 * Ten thousand combinations of one metric: every route and status of a thousand apps, and still what a time-series
 * database bears. What comes on top is counted under `other`, so that no input fills it.
 */
const MAX_ENTRIES = 10_000;

/** Counts combinations of label values. `add` is on the path of every request: one look-up and one addition. */
export class Tally<const Label extends string> {
  readonly #labels: readonly Label[];
  readonly #entries = new Map<string, { readonly values: readonly string[]; count: number }>();

  /** `labels` name the values that `add` takes, in their order. */
  constructor(...labels: readonly Label[]) {
    this.#labels = labels;
  }

  /** Counts one more of `values`, as many as there are labels. */
  add(...values: readonly string[]): void {
    // A line break occurs in no label value of ours, so that no two combinations meet.
    const entry = this.#entries.get(values.join('\n'));
    if (entry) entry.count += 1;
    else this.#open(values);
  }

  /** Every combination that was counted, in the order of their first time. */
  entries(): TallyEntry<Label>[] {
    return [...this.#entries.values()].map(({ values, count }) => ({
      labels: Object.fromEntries(this.#labels.map((label, at) => [label, values[at]])) as Record<
        Label,
        string
      >,
      count,
    }));
  }

  #open(values: readonly string[]): void {
    if (this.#entries.size < MAX_ENTRIES) {
      this.#entries.set(values.join('\n'), { values, count: 1 });
      return;
    }
    const others = values.map(() => 'other');
    const key = others.join('\n');
    const entry = this.#entries.get(key);
    if (entry) entry.count += 1;
    else this.#entries.set(key, { values: others, count: 1 });
  }
}
