// The benchmark: the service beside others of its kind, each in turn under the same load, over and over.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findContestants } from './contestants.mjs';
import evaluate from './evaluate.cjs';
import { describeMachine } from './machine.mjs';
import { measureAll } from './measure-all.mjs';
import { renderContestants, renderSetting, renderTargets } from './report.mjs';
import { writeContestants } from './write-document.mjs';

const HELP = `Usage: npm run bench -- [options]

  --pairs <n>     rounds; every contestant has one window in each. Default 20
  --quick         a first look: 5 rounds of short windows
  --only <a,b>    only these contestants
  --json <file>   every window and figure as JSON
  --write         writes the chapter of docs/benchmarks.md
  --check         exit code 1 when a required figure is missed or not measured
`;

/** A command line that cannot be carried out: exit code 2. */
class UsageError extends Error {}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    const isUsage = error instanceof UsageError || String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(isUsage ? error.message : error);
    process.exitCode = isUsage ? 2 : 1;
  },
);

/** 0; 1 for wrong answers and, with --check, for a required figure that is missed. */
async function main() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const contestants = chooseContestants(options.only);
  const startedAt = new Date().toISOString();
  const loadBefore = loadavg()[0];
  const { runners, windows, facts } = await measureAll(contestants, options);

  const evaluation = evaluate.createEvaluation(windows);
  const judged = evaluation.judge(JSON.parse(readFileSync(new URL('targets.json', import.meta.url), 'utf8')));
  const checks = Object.fromEntries(
    runners.map((runner) => [runner.name, summarise(runner, windows[runner.name])]),
  );
  const setting = { ...facts, ...describeMachine(), startedAt, loadAverages: [loadBefore, loadavg()[0]] };
  const parts = {
    setting: renderSetting(setting),
    contestants: renderContestants(evaluation, checks),
    targets: renderTargets(judged),
  };
  console.log(Object.values(parts).join('\n\n'));
  if (options.json) {
    writeFileSync(options.json, JSON.stringify({ setting, checks, targets: judged, windows }, null, 2));
  }
  if (options.write) await writeContestants(parts);

  const wrong = Object.entries(checks).filter(([, { faults }]) => faults.length > 0);
  for (const [name, { faults }] of wrong)
    console.error(`${name} answered wrongly:\n  ${faults.join('\n  ')}`);
  const missed = options.check && judged.some(({ met }) => met !== true);
  return wrong.length > 0 || missed ? 1 : 0;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  // 20 pairs: an interval of a few per cent on a quiet machine.
  const pairs = Number(values.pairs ?? (values.quick ? 5 : 20));
  if (!Number.isInteger(pairs) || pairs < 1) throw new UsageError('--pairs takes a whole number above 0.');
  return { ...values, pairs };
}

/** Those that can start here and, with --only, are wanted. */
function chooseContestants(only) {
  const known = findContestants();
  const wanted = only?.split(',') ?? known.map(({ name }) => name);
  const unknown = wanted.filter((name) => !known.some((contestant) => contestant.name === name));
  if (unknown.length > 0) throw new UsageError(`There is no contestant ${unknown.join(', ')}.`);
  return known.filter(({ name }) => wanted.includes(name));
}

function summarise({ signs, scrape, check }, measured) {
  const faults = [...check.faults].map(([fault, times]) => `${times} × ${fault}`);
  const failures = measured.reduce((sum, window) => sum + window.failures, 0);
  if (failures > 0) faults.push(`${failures} requests of the load failed`);
  if (check.checked === 0) faults.push('no answer was checked');
  return { signs, scraped: scrape !== undefined, checked: check.checked, faults };
}
