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
    this.#entry(values).count += 1;
  }

  /** Lets `values` be read as 0 before they are counted: what first shows as 1 is no increase to Prometheus. */
  expect(...values: readonly string[]): void {
    this.#entry(values);
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
