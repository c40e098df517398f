// A field report: what was observed next to what the simulated platform or client does, and the text of it that is copied.
import type { Row } from './rows';

/** What came of one question. Made of codes, names of fields and fixed words only: nothing of a value is in it. */
export interface Observation {
  readonly observed: string;
  /** What the simulated one would do in this situation, where that is not the row's; null where nothing is assumed. */
  readonly assumed?: string | null;
  /** More of the observation, which is not compared. */
  readonly detail?: string;
}

/** `unseen`: the question was not answered, or nothing is assumed of the answer. */
export type Verdict = 'agrees' | 'differs' | 'unseen';

export interface ComparedRow {
  readonly id: string;
  readonly question: Row['question'];
  readonly settles: readonly string[];
  /** Null when the question could not be put. */
  readonly observed: string | null;
  readonly assumed: string | null;
  readonly detail: string;
  readonly verdict: Verdict;
}

/** Every row with its observation, by the row's id. */
export function compareRows(
  rows: readonly Row[],
  observations: Readonly<Record<string, Observation>>,
): ComparedRow[] {
  return rows.map(({ id, question, assumed: usual, settles }) => {
    const { observed = null, assumed = usual, detail = '' } = observations[id] ?? {};
    const isSeen = observed !== null && assumed !== null;
    const verdict = isSeen ? (observed === assumed ? 'agrees' : 'differs') : 'unseen';
    return { id, question, settles, observed, assumed, detail, verdict };
  });
}

/** How many rows have each verdict: `15 agree, 1 differs, 0 unseen`. */
export function countVerdicts(rows: readonly ComparedRow[]): Record<Verdict, number> {
  const counts = { agrees: 0, differs: 0, unseen: 0 };
  for (const { verdict } of rows) counts[verdict] += 1;
  return counts;
}

/**
 * The text to copy, in English, since its readers are the maintainers: the `heading`, then a line for each row that agrees and three
 * for each other one. `who` answered: `platform` or `client`.
 */
export function renderReport(
  heading: readonly string[],
  who: 'platform' | 'client',
  rows: readonly ComparedRow[],
): string {
  const { agrees, differs, unseen } = countVerdicts(rows);
  // 8: the longest verdict and a space.
  const lines = rows.flatMap(({ id, question, observed, assumed, detail, verdict, settles }) => {
    const head = `${(verdict === 'differs' ? 'DIFFERS' : verdict).padEnd(8)}${id}: ${question.en}`;
    const answer = `${observed ?? 'not asked'}${detail && ` (${detail})`}`;
    if (verdict === 'agrees') return [`${head}: ${answer}`];
    return [
      `${head} [${settles.join(', ')}]`,
      `          ${who}: ${answer}`,
      `          simulated ${who}: ${assumed ?? 'nothing is assumed'}`,
    ];
  });
  return [...heading, `${agrees} agree, ${differs} differ, ${unseen} unseen`, '', ...lines, ''].join('\n');
}
