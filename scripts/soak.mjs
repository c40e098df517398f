// `npm run soak [-- --minutes n | --hours n | --requests n] [--seed s] [--write]`: the service as a process of its own under mixed
// traffic and random faults, every signature recomputed, its memory watched; figures, and a verdict in one line.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgress } from './progress.mjs';
import { loadTypeScript } from './run-typescript.mjs';

/** Long enough for every kind of fault, short enough to wait for. */
const DEFAULT_MINUTES = 3;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    hours: { type: 'string' },
    requests: { type: 'string' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const lengths = ['minutes', 'hours', 'requests'].filter((name) => values[name] !== undefined);
if (lengths.length > 1) throw new RangeError(`one of --${lengths.join(' and --')}`);
const seed = Number(values.seed);
const length = Number(values[lengths[0]] ?? DEFAULT_MINUTES);
const isWholeWhereNeeded = values.requests === undefined || Number.isInteger(length);
if (!(length > 0 && Number.isFinite(length) && isWholeWhereNeeded && Number.isInteger(seed)))
  throw new RangeError(
    '--minutes and --hours are above 0, --requests a whole number above 0, --seed a whole number',
  );

const { runSoak } = loadTypeScript('tests/torture/soak/run-soak.ts');
const { describeSoak } = loadTypeScript('tests/torture/soak/describe-soak.ts');
const extent =
  values.requests === undefined
    ? { lastsMs: length * (values.hours === undefined ? MINUTE_MS : HOUR_MS) }
    : { requests: length };
const total = extent.requests ?? Math.round(extent.lastsMs / 1_000);
const progress = createProgress(total, extent.requests ? 'requests' : 'seconds');
const report = await runSoak({
  ...extent,
  seed,
  onProgress: (share, requests) =>
    progress(Math.round(share * total), extent.requests ? '' : `${requests} requests`),
});
progress.end();

const rows = describeSoak(report, seed);
for (const [name, figure] of rows) console.log(`${name}: ${figure}`);
for (const example of report.examples) console.log(example);
if (values.write) write(rows);
console.log(
  `soak: ${report.isGood ? 'PASSED' : 'FAILED'}, ${report.requests} requests of seed ${seed}, ${report.wrong} wrong signatures, ` +
    `${report.unexplained} unexplained failures, ${Math.round(report.seconds)} s`,
);
process.exitCode = report.isGood ? 0 : 1;

/** Puts the figures in their place in the document. */
function write(figures) {
  const path = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
  const [begin, end] = ['<!-- soak: begin (written by npm run soak -- --write) -->', '<!-- soak: end -->'];
  const [before, rest = ''] = readFileSync(path, 'utf8').split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`docs/reliability.md has no place for the figures: ${begin}`);
  const widths = [0, 1].map((column) => Math.max(3, ...figures.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const table = [
    line(['what', 'figure']),
    line(widths.map((width) => '-'.repeat(width))),
    ...figures.map(line),
  ];
  writeFileSync(path, `${before}${begin}\n\n${table.join('\n')}\n\n${end}${after}`);
}
