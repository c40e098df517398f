// A long suite, as the launcher sees it.

/** What a suite is run with. */
export interface SuiteRun {
  readonly seed: number;
  readonly size: number;
  /** The suite's own options, by name. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly print: (line: string) => void;
  /** How much of `total` is done, `size` by default; called as often as one likes. */
  readonly onProgress: (done: number, note?: string, total?: number) => void;
}

/** Outcome of a suite. */
export interface Verdict {
  readonly isGood: boolean;
  /** Counts, in half a line. */
  readonly summary: string;
}

/** A suite that runs in the launcher's process. */
export type RunSuite = (run: SuiteRun) => Promise<Verdict>;

/** A mistake in the command line, in words for its writer. */
export class UsageError extends Error {}

/** `text` as a whole number from `min`; throws UsageError. `name` is the option's, with its dashes. */
export function readCount(name: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < min)
    throw new UsageError(`${name} is a whole number from ${min}, not "${text}".`);
  return value;
}
