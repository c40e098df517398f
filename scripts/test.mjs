// `npm test` after the installation: lint, format and types next to the tests in one process and a sample of tests/process. With
// `--all`, which is `npm run test:all`, the rest of tests/process follows. Any failure fails the whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The part of tests/process that `npm test` runs: the service as a program, from its first line to its end. */
const SAMPLE = 'main|shutdown-in-flight';
const CHECKS = {
  lint: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'],
  types: ['node_modules/typescript/bin/tsc', '--noEmit'],
  'types of the browser helper': ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'src/browser'],
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

const jest = (...args) => run(['node_modules/jest/bin/jest.js', ...args], { isShown: true });

const [checks, tests] = await Promise.all([
  runChecks(),
  jest('--coverage', '--testPathIgnorePatterns', '/node_modules/', `/tests/process/(?!(${SAMPLE})\\.)`),
]);
for (const { name, isGood, said } of checks)
  console.log(isGood ? `${name}: good` : `${said}\n${name}: FAILED`);
const rest = process.argv.includes('--all')
  ? await jest('tests/process', '--testPathIgnorePatterns', '/node_modules/', `/tests/process/(${SAMPLE})\\.`)
  : { isGood: true };
if (![...checks, tests, rest].every(({ isGood }) => isGood)) process.exitCode = 1;
