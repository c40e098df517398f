// `npm run torture -- faults`: the fault matrix, or the part of it that was named, against its expectations.
import { writeFileSync } from 'node:fs';
import { hasProgram } from '../../support/needs-program';
import { UsageError, type RunSuite } from '../suite';
import { MOMENTS, type Moment } from './fault-case';
import { cellsAtOnce, matrix, runRow, type Row } from './matrix';
import { judge, type Observation } from './observation';
import { renderTable, type Cell } from './render-table';

export const run: RunSuite = async ({ options, print, onProgress }) => {
  if (options['list']) {
    for (const { name, area, what } of matrix) print(`${name} (${area}): ${what}`);
    return { isGood: true, summary: `${matrix.length} rows` };
  }
  const only = select(
    options['only'],
    matrix.flatMap(({ name, area }) => [name, area]),
  );
  const faults = matrix.filter(({ name, area }) => only?.some((one) => one === name || one === area) ?? true);
  const chosen = select(options['moment'], MOMENTS);
  const moments = MOMENTS.filter((moment) => chosen?.includes(moment) ?? true);

  const cells: Cell[] = [];
  const skipped: string[] = [];
  const total = faults.length * moments.length;
  let [done, failed] = [0, 0];
  for (const fault of faults) {
    if (fault.needs !== undefined && !hasProgram(fault.needs)) {
      skipped.push(`${fault.name} (no ${fault.needs})`);
      done += moments.length;
      continue;
    }
    for (const some of chunks(moments, cellsAtOnce(fault)))
      await Promise.all(
        some.map(async (moment) => {
          const { seen, wrong } = await runAndJudge(fault, moment);
          if (seen) cells.push({ fault, moment, seen });
          if (wrong.length > 0) {
            failed += 1;
            print(`WRONG ${fault.name}, ${moment}:\n  ${wrong.join('\n  ')}`);
          }
          done += 1;
          onProgress(done, `${failed} not as expected`, total);
        }),
      );
  }
  if (skipped.length > 0) print(`skipped: ${skipped.join(', ')}`);
  if (typeof options['table'] === 'string') writeFileSync(options['table'], renderTable(cells, faults));
  return {
    // What was not run has not passed.
    isGood: failed === 0 && (skipped.length === 0 || !process.env['REQUIRE_ALL']),
    summary: `${faults.length - skipped.length} faults, ${cells.length} cells, ${failed} not as expected`,
  };
};

async function runAndJudge(fault: Row, moment: Moment): Promise<{ seen?: Observation; wrong: string[] }> {
  try {
    const seen = await runRow(fault, moment);
    return { seen, wrong: judge(fault.expected[moment], seen) };
  } catch (error) {
    return { wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) =>
    list.slice(n * size, (n + 1) * size),
  );
}

/** The names in a comma-separated `list`; undefined without a list. Throws UsageError for a name that is not `known`. */
function select(list: unknown, known: readonly string[]): string[] | undefined {
  if (typeof list !== 'string') return undefined;
  const names = list.split(',');
  const stray = names.find((name) => !known.includes(name));
  if (stray !== undefined) throw new UsageError(`There is no "${stray}". Try --list.`);
  return names;
}
