// The table of the chapter "Fault matrix" in docs/reliability.md, from what a run has shown.
import { MOMENTS, type Expectation, type Moment } from './fault-case';
import type { Row } from './matrix';
import type { Observation } from './observation';

/** One cell that has run. */
export interface Cell {
  readonly fault: Row;
  readonly moment: Moment;
  readonly seen: Observation;
}

const BEGIN = '<!-- fault matrix: begin (written by npm run test:faults -- --write) -->';
const END = '<!-- fault matrix: end -->';
const HEADS: Record<Moment, string> = {
  cold: 'Cold start',
  fresh: 'Fresh',
  renewing: 'In the window',
  expired: 'Expired',
};

/**
 * `document` with the rows of `cells` in the table between its marks; other rows stay as they are. Throws when it has no such
 * place.
 */
export function intoChapter(document: string, cells: readonly Cell[], order: readonly Row[]): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the document has no place for the table: ${BEGIN}`);
  const rows = order.flatMap((row) => {
    const ran = cells.filter(({ fault }) => fault === row);
    const before = document.split('\n').find((line) => line.startsWith(`| ${nameCell(row.name)}`));
    if (ran.length > 0) return [renderRow(row, ran)];
    return before === undefined
      ? []
      : [
          before
            .slice(1, -1)
            .split(' | ')
            .map((text) => text.trim()),
        ];
  });
  const heads = ['Fault', ...MOMENTS.map((moment) => HEADS[moment]), 'Named in the log'];
  return `${document.slice(0, from + BEGIN.length)}\n\n${alignTable([heads, ...rows])}\n\n${document.slice(to)}`;
}

const nameCell = (name: string): string => `**${name}**`;

/** The fault, a cell for each moment, and how the log names it. */
function renderRow(row: Row, cells: readonly Cell[]): string[] {
  return [
    `${nameCell(row.name)}: ${row.area}, ${row.what}`,
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

/** Columns as wide as their widest cell: how the formatter of this repository writes a table. */
function alignTable(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const render = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [render(rows[0]!), rule, ...rows.slice(1).map(render)].join('\n');
}
