// `npm test` after the installation: lint, format and types, and next to them the tests. With `--all`, which is `npm run test:all`,
// the tests follow that take longer. Any failure fails the whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * What is left to `npm run test:all`: tests/process but for one sample; days, crowds and attacks on a whole service; whatever runs npm or
 * a compiler; the samples of the soak and of the fault matrix; alerts over
 * hours of simulated time. So is coverage, which costs a
 * quarter of the time, and four fifths of the random inputs.
 */
const LATER = [
  'tests/process/(?!shutdown-in-flight)',
  'tests/service/(staggered-start|hostile-tenants|one-anonymous-client|store-apps-load|new-tenants-in-outage|store-app-recovery|store-app-outage-log|store-app-events|doctor)',
  'tests/unit/jsapis/(types)',
  'tests/docs/(npm-scripts)',
  'tests/torture/(alerts/alerts|soak/soak|faults/faults)',
];
const CHECKS = {
  'lint and types': ['node_modules/oxlint/bin/oxlint'],
  format: ['node_modules/oxfmt/bin/oxfmt', '--check'],
};

/** Runs a program with this Node. What it writes is shown at once, or returned as `said`. */
async function run(args, { isShown }) {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { isGood: code === 0, said };
}

/** One after the other: two cores have enough to do. */
async function runChecks() {
  const results = [];
  for (const [name, args] of Object.entries(CHECKS))
    results.push({ name, ...(await run(args, { isShown: false })) });
  return results;
}

const [unknown] = process.argv.slice(2).filter((argument) => argument !== '--all');
if (unknown !== undefined) {
  console.error(`npm test takes no ${unknown}. For a file or a test: npx jest <file> -t <part of its name>`);
  process.exit(2);
}

const jest = (...args) => run(['node_modules/jest/bin/jest.js', ...args], { isShown: true });

const isAll = process.argv.includes('--all');
// Random inputs, see tests/support/runs.ts.
if (isAll) process.env.TESTS = 'all';
const [checks, tests] = await Promise.all([
  runChecks(),
  jest(...(isAll ? ['--coverage'] : []), '--testPathIgnorePatterns', '/node_modules/', ...LATER),
]);
for (const { name, isGood, said } of checks)
  console.log(isGood ? `${name}: good` : `${said}\n${name}: FAILED`);
const rest = isAll ? await jest(...LATER) : { isGood: true };
if (![...checks, tests, rest].every(({ isGood }) => isGood)) process.exitCode = 1;
