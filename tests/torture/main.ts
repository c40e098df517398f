// The launcher of the long suites: reads the command line, starts one suite, and prints a verdict in one line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgress } from './progress';
import { readCount, UsageError, type RunSuite, type Verdict } from './suite';
import { SUITES, type AsProcess, type Suite } from './suites';

const load = createRequire(__filename);
const ROOT = join(__dirname, '../..');
const DEFAULT_SEED = 1;

/** Where the launcher writes to. */
export interface LauncherOutput {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/** Carries out a command line. Resolves with the exit code: 0, 1 for a suite that failed, 2 for wrong usage. */
export async function main(
  args: readonly string[],
  { print, printError }: LauncherOutput = { print: console.log, printError: console.error },
): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === '--help') {
    print(describeUsage());
    return 0;
  }
  try {
    const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
    if (suite === undefined)
      throw new UsageError(name === '' ? 'Which suite?' : `There is no suite "${name}".`);
    const run = readRun(name, suite, rest);
    const startedMs = performance.now();
    const { isGood, summary } = await start(suite, rest, run, print);
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    const seed = suite.isSeeded ? `, seed ${run.seed}` : '';
    print(`${name}: ${isGood ? 'PASSED' : 'FAILED'}${summary && `, ${summary}`}${seed}, ${seconds} s`);
    return isGood ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(`${error.message}\n\n${describeUsage()}`);
    return 2;
  }
}

interface Run {
  readonly seed: number;
  readonly size: number;
  readonly options: Record<string, string | boolean | undefined>;
}

/** The options of the suite `name`; throws UsageError. */
function readRun(name: string, suite: Suite, args: readonly string[]): Run {
  const own = Object.entries(suite.options ?? {}).map(([option, { type }]) => [option, { type }] as const);
  const common = [
    ...(suite.isSeeded ? [['seed', { type: 'string' }] as const] : []),
    ...(suite.size ? [['size', { type: 'string' }] as const] : []),
  ];
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: Object.fromEntries([...common, ...own]) }));
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
  const { seed, size, ...options } = values;
  return {
    seed: typeof seed === 'string' ? readCount('--seed', seed, 0) : DEFAULT_SEED,
    size: typeof size === 'string' ? readCount('--size', size, 1) : (suite.size?.default ?? 0),
    options,
  };
}

async function start(
  { start: how, size: { unit } = { unit: 'cells', default: 0 } }: Suite,
  args: readonly string[],
  run: Run,
  print: (line: string) => void,
): Promise<Verdict> {
  if ('program' in how) return { isGood: await runProgram(how, args, run.size), summary: '' };
  const { run: runSuite } = load(how.module) as { run: RunSuite };
  const progress = createProgress(run.size, unit);
  try {
    return await runSuite({ ...run, print, onProgress: progress.show });
  } finally {
    progress.end();
  }
}

/** True when it ends with exit code 0. */
async function runProgram({ program }: AsProcess, args: readonly string[], size: number): Promise<boolean> {
  const { args: of, env } = program(size);
  // The options of a program of its own are the program's; those of a test file are variables.
  const child = spawn(process.execPath, [...of, ...(env ? [] : args)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

function describeUsage(): string {
  const suites = Object.entries(SUITES).flatMap(([name, { what, size, isSeeded, options = {} }]) => [
    `  ${name.padEnd(13)} ${what}`,
    ...(isSeeded
      ? [describeOption('--seed n', `the same again for the same n; ${DEFAULT_SEED} without`)]
      : []),
    ...(size
      ? [describeOption('--size n', `${size.unit}; ${size.default.toLocaleString('en')} without`)]
      : []),
    ...Object.entries(options).map(([option, { type, what: meaning }]) =>
      describeOption(`--${option}${type === 'string' ? ' …' : ''}`, meaning),
    ),
  ]);
  return ['Usage: npm run torture -- <name> [options]', '', ...suites].join('\n');
}

const describeOption = (option: string, what: string): string => `    ${option.padEnd(14)} ${what}`;
