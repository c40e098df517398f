// The benchmark: the service beside others of its kind, each in turn under the same load, over and over.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findContestants } from './contestants.mjs';
import { findCores, moveSelfTo } from './cores.mjs';
import evaluate from './evaluate.cjs';
import { CONNECTIONS, createLoad } from './load.mjs';
import { measureWindow } from './measure.mjs';
import { ensurePackages } from './packages.mjs';
import pageUrls from './page-urls.cjs';
import { renderContestants, renderOurs, renderPairs, renderSetting, renderTargets } from './report.mjs';
import { startRunner, startWorld } from './world.mjs';
import { writeDocument } from './write-document.mjs';

const HELP = `Usage: npm run bench -- [options]

  --pairs <n>     rounds; every contestant has one window in each. Default 20
  --quick         a first look: 5 rounds of short windows
  --only <a,b>    only these contestants
  --json <file>   every window and figure as JSON
  --write         writes docs/benchmarks.md
  --check         exit code 1 when a required figure is missed or not measured
`;

const PAGES = 1_000;
const SEED = 1;

/** Some ten thousand requests of a fast contestant, and short enough that its neighbours meet the same machine. */
const WINDOW = { full: { seconds: 2, warmUpSeconds: 4 }, quick: { seconds: 1, warmUpSeconds: 2 } };

const { values: options } = parseArgs({
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
if (options.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main() {
  const { seconds, warmUpSeconds } = options.quick ? WINDOW.quick : WINDOW.full;
  const pairs = Number(options.pairs ?? (options.quick ? 5 : 20));
  if (!Number.isInteger(pairs) || pairs < 1) throw new RangeError('--pairs takes a whole number above 0.');

  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  const startedAt = new Date().toISOString();
  const loadBefore = loadavg()[0].toFixed(1);

  const contestants = chooseContestants();
  const cores = findCores();
  if (cores) moveSelfTo(cores.load);
  const pages = pageUrls.createPages(PAGES, SEED);
  const load = createLoad(pages, folder);
  const world = await startWorld();
  const runners = [];
  const windows = {};
  try {
    for (const contestant of contestants) {
      progress(`starting ${contestant.name}`);
      const runner = await startRunner(contestant, { world, pages, core: cores?.server, folder });
      runners.push(runner);
      // Uncounted: compilation at run time, and the ticket's way into every cache.
      await measureWindow(runner, { load, seconds: warmUpSeconds });
      windows[contestant.name] = [];
    }
    const startedMs = performance.now();
    for (let pair = 0; pair < pairs; pair += 1) {
      // There and back again: what comes later in a round comes earlier in the next.
      for (const runner of pair % 2 === 0 ? runners : runners.toReversed()) {
        windows[runner.name].push(await measureWindow(runner, { load, seconds }));
      }
      const leftMs = ((performance.now() - startedMs) / (pair + 1)) * (pairs - pair - 1);
      progress(`round ${pair + 1} of ${pairs}, ${Math.ceil(leftMs / 1_000)} s left`);
    }
  } finally {
    await Promise.all(runners.map(({ server }) => server.stop()));
    await world.close();
  }

  const evaluation = evaluate.createEvaluation(windows);
  const judged = evaluation.judge(JSON.parse(readFileSync(new URL('targets.json', import.meta.url), 'utf8')));
  const checks = Object.fromEntries(
    runners.map((runner) => [runner.name, summarise(runner, windows[runner.name])]),
  );
  const setting = {
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    startedAt,
    revision: describeRevision(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform} ${release()}`,
    node: process.version,
    load: load.name,
    connections: CONNECTIONS,
    cores,
    pairs,
    seconds,
    loadAverage: [loadBefore, loadavg()[0].toFixed(1)],
  };
  const parts = {
    setting: renderSetting(setting),
    contestants: renderContestants(evaluation, checks),
    ours: renderOurs(evaluation),
    targets: renderTargets(judged),
    pairs: renderPairs(judged),
  };
  const { setting: facts, contestants: figures, ours, targets } = parts;
  console.log([facts, figures, ours, targets].filter(Boolean).join('\n\n'));
  if (options.json)
    writeFileSync(options.json, JSON.stringify({ setting, checks, targets: judged, windows }, null, 2));
  if (options.write) await writeDocument(parts);

  const wrong = Object.entries(checks).filter(([, { faults }]) => faults.length > 0);
  for (const [name, { faults }] of wrong)
    console.error(`${name} answered wrongly:\n  ${faults.join('\n  ')}`);
  const missed = options.check && judged.some(({ met }) => met !== true);
  return wrong.length > 0 || missed ? 1 : 0;
}

/** Those that can start here and, with --only, are wanted. */
function chooseContestants() {
  const known = findContestants();
  const wanted = options.only?.split(',') ?? known.map(({ name }) => name);
  const unknown = wanted.filter((name) => !known.some((contestant) => contestant.name === name));
  if (unknown.length > 0) throw new RangeError(`There is no contestant ${unknown.join(', ')}.`);
  const chosen = known.filter(({ name }) => wanted.includes(name));
  if (!chosen.some(({ needsPackages }) => needsPackages) || ensurePackages()) return chosen;
  const left = chosen.filter(({ needsPackages }) => !needsPackages);
  console.error(
    `Their packages cannot be installed; only these take part: ${left.map(({ name }) => name).join(', ')}`,
  );
  return left;
}

function summarise({ signs, scrape, check }, measured) {
  const faults = [...check.faults].map(([fault, times]) => `${times} × ${fault}`);
  const failures = measured.reduce((sum, window) => sum + window.failures, 0);
  if (failures > 0) faults.push(`${failures} requests of the load failed`);
  if (check.checked === 0) faults.push('no answer was checked');
  return { signs, scraped: scrape !== undefined, checked: check.checked, faults };
}

/** Short commit, for those who compare two runs. */
function describeRevision() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}

function progress(line) {
  console.error(`[${new Date().toISOString().slice(11, 19)}] ${line}`);
}
