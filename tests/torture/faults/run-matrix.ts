// `npm run test:faults`: runs the fault matrix, or the part of it that is asked for, and says whether all is as it was expected.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasProgram } from '../../support/needs-program';
import { MOMENTS, type Moment } from './fault-case';
import { cellsAtOnce, matrix, runRow, type Row } from './matrix';
import { judge, type Observation } from './observation';
import { intoChapter, type Cell } from './render-table';

const HELP = `Usage: npm run test:faults -- [options]

  --only <name,…>     rows by name, or areas; --list shows them
  --moment <name,…>   ${MOMENTS.join(', ')}
  --write             write the rows that ran into docs/reliability.md; takes every moment
  --list              say what there is
`;
const DOCUMENT = join(__dirname, '../../../docs/reliability.md');
/** Where nobody watches, a line now and then is enough. */
const PLAIN_LINE_EVERY_MS = 10_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      moment: { type: 'string' },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(HELP);
  if (values.list) return say(matrix.map(({ name, area, what }) => `${name} (${area}): ${what}\n`).join(''));
  const faults =
    select(
      values.only,
      matrix.flatMap(({ name, area }) => [name, area]),
      (wanted) => matrix.filter(({ name, area }) => wanted.includes(name) || wanted.includes(area)),
    ) ?? matrix;
  const moments =
    select(values.moment, MOMENTS, (wanted) => MOMENTS.filter((one) => wanted.includes(one))) ?? MOMENTS;
  if (values.write && moments !== MOMENTS) throw new UsageError('--write takes every moment.');
  // Not only after minutes.
  if (values.write) intoChapter(readFileSync(DOCUMENT, 'utf8'), [], matrix);

  const cells: Cell[] = [];
  const skipped: string[] = [];
  const progress = createProgress(faults.length * moments.length);
  for (const fault of faults) {
    if (fault.needs !== undefined && !hasProgram(fault.needs)) {
      skipped.push(`${fault.name} (no ${fault.needs})`);
      progress.step(moments.length);
      continue;
    }
    for (const some of chunks(moments, cellsAtOnce(fault))) {
      await Promise.all(
        some.map(async (moment) => {
          const { seen, wrong } = await runAndJudge(fault, moment);
          if (seen) cells.push({ fault, moment, seen });
          if (wrong.length > 0) progress.tell(`WRONG ${fault.name}, ${moment}:\n  ${wrong.join('\n  ')}`);
          progress.step(1, wrong.length > 0);
        }),
      );
    }
  }
  const { failed, tookSeconds } = progress.end();
  if (skipped.length > 0) say(`skipped: ${skipped.join(', ')}\n`);
  if (values.write && failed === 0) {
    writeFileSync(DOCUMENT, intoChapter(readFileSync(DOCUMENT, 'utf8'), cells, matrix));
    say('docs/reliability.md is written\n');
  }
  const verdict = failed === 0 ? 'PASSED' : 'FAILED';
  say(
    `faults: ${verdict}: ${faults.length - skipped.length} faults, ${cells.length} cells, ${failed} not as expected, ${tookSeconds} s\n`,
  );
  // What was not run has not passed.
  return failed === 0 && (skipped.length === 0 || !process.env['REQUIRE_ALL']) ? 0 : 1;
}

async function runAndJudge(fault: Row, moment: Moment): Promise<{ seen?: Observation; wrong: string[] }> {
  try {
    const seen = await runRow(fault, moment);
    return { seen, wrong: judge(fault.expected[moment], seen) };
  } catch (error) {
    return { wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/** On a terminal one line that is rewritten; elsewhere a line now and then. */
function createProgress(total: number) {
  const startedMs = performance.now();
  const isTerminal = process.stdout.isTTY;
  let done = 0;
  let failed = 0;
  let saidMs = startedMs;

  function line(): string {
    const seconds = (performance.now() - startedMs) / 1_000;
    const rate = done / seconds;
    const left = Math.round((total - done) / rate);
    return `${done} of ${total} cells, ${rate.toFixed(1)} a second, ${left} s left, ${failed} not as expected`;
  }

  return {
    step(cells: number, isWrong = false): void {
      done += cells;
      if (isWrong) failed += 1;
      if (isTerminal) say(`\r\x1b[K${line()}`);
      else if (performance.now() - saidMs > PLAIN_LINE_EVERY_MS) {
        saidMs = performance.now();
        say(`${line()}\n`);
      }
    },
    tell: (text: string) => void say(`${isTerminal ? '\r\x1b[K' : ''}${text}\n`),
    end() {
      if (isTerminal) say('\n');
      return { failed, tookSeconds: Math.round((performance.now() - startedMs) / 1_000) };
    },
  };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) =>
    list.slice(n * size, (n + 1) * size),
  );
}

class UsageError extends Error {}

/** What `list`, comma-separated, chooses; undefined without a list. A name that is not `known` is a mistake. */
function select<T>(
  list: string | undefined,
  known: readonly string[],
  choose: (names: string[]) => T,
): T | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',');
  const stray = names.find((name) => !known.includes(name));
  if (stray !== undefined) throw new UsageError(`There is no "${stray}". Try --list.`);
  return choose(names);
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError || error instanceof TypeError ? 2 : 1);
  },
);
