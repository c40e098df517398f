// The outcome of a run of the fault matrix as a table.
import { MOMENTS, type Expectation, type Moment } from './fault-case';
import type { Row } from './matrix';
import type { Observation } from './observation';

/** One cell that has run. */
export interface Cell {
  readonly fault: Row;
  readonly moment: Moment;
  readonly seen: Observation;
}

const HEADS: Record<Moment, string> = {
  cold: 'Cold start',
  fresh: 'Fresh',
  renewing: 'In the window',
  expired: 'Expired',
};

/** A table in Markdown with a row for each of `faults` that has run. */
export function renderTable(cells: readonly Cell[], faults: readonly Row[]): string {
  const rows = faults.flatMap((row) => {
    const ran = cells.filter(({ fault }) => fault === row);
    return ran.length > 0 ? [renderRow(row, ran)] : [];
  });
  const heads = ['Fault', ...MOMENTS.map((moment) => HEADS[moment]), 'Named in the log'];
  const lines = [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`);
  return lines.join('');
}

/** The fault, a cell for each moment, and how the log names it. */
function renderRow(row: Row, cells: readonly Cell[]): string[] {
  return [
    `**${row.name}**: ${row.area}, ${row.what}`,
    ...MOMENTS.map((moment) => renderCell(cells.find((cell) => cell.moment === moment))),
    renderLog(row.expected),
  ];
}

function renderCell(cell: Cell | undefined): string {
  if (cell === undefined) return 'not run';
  const { pages, ready, calls, healedAfterSeconds } = cell.seen;
  const answers = pages
    .map((answer) => (answer.startsWith('signed') ? answer : `503 \`${answer}\``))
    .join(', then ');
  const parts = [answers, ...(ready ? [] : ['not ready'])];
  if (calls.token + calls.ticket > 0) parts.push(`${calls.token}+${calls.ticket} calls`);
  if (healedAfterSeconds !== undefined && healedAfterSeconds > 0)
    parts.push(`healed in ${healedAfterSeconds} s`);
  return parts.join('; ');
}

function renderLog(expected: Row['expected']): string {
  const logs = MOMENTS.map((moment) => expected[moment].log).filter(isNamed);
  const texts = logs.map((log) =>
    Object.entries(log)
      .map(([field, value]) => `${field}: ${value}`)
      .join(', '),
  );
  return [...new Set(texts)].join('; ') || 'nothing to say';
}

function isNamed(log: Expectation['log']): log is Exclude<Expectation['log'], 'silent'> {
  return log !== 'silent';
}
