// `npm run torture -- soak`: the figures of a run, printed and, with --write, put into docs/reliability.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSuite } from '../suite';
import { describeSoak } from './describe-soak';
import { runSoak } from './run-soak';

const DOCUMENT = join(__dirname, '../../../docs/reliability.md');
const BEGIN = '<!-- soak: begin (written by npm run torture -- soak --write) -->';
const END = '<!-- soak: end -->';
/** Figures that say what the run consisted of: in the terminal only, so that the document stays a page. */
const COUNTS = ['by kind', 'by status', 'faults and other events'];
const MINUTE_MS = 60_000;

export const run: RunSuite = async ({ seed, size, options, print, onProgress }) => {
  const report = await runSoak({
    lastsMs: size * MINUTE_MS,
    seed,
    onProgress: (share, requests) => onProgress(share * size, `${requests} requests`),
  });
  const rows = describeSoak(report, seed);
  for (const [name, figure] of rows) print(`${name}: ${figure}`);
  for (const example of report.examples) print(example);
  if (options['write']) write(rows);
  const { requests, wrong, unexplained, isGood } = report;
  return {
    isGood,
    summary: `${requests} requests, ${wrong} wrong signatures, ${unexplained} unexplained failures`,
  };
};

/** Puts the figures in their place in the document. Throws when it has none. */
function write(figures: readonly [name: string, figure: string][]): void {
  const [before = '', rest = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`docs/reliability.md has no place for the figures: ${BEGIN}`);
  const [day] = new Date().toISOString().split('T');
  const lines = [['run', `${day}, Node ${process.versions.node}`], ...figures]
    .filter(([name = '']) => !COUNTS.includes(name))
    .map((line) => `- ${line.join(': ')}`);
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`);
}
