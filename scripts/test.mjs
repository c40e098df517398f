// `npm test` behind the installation: every test, and beside them, where tests wait, lint, format and types. What these say comes
// after the tests; any failure fails the whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a script of package.json: `{ name, isGood, said }`; `said` is empty when it was `shown` at once. */
async function run(name, { isShown }) {
  const child = spawn(npm, ['run', '--silent', name], {
    stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { name, isGood: code === 0, said };
}

/** One after the other: two cores have enough to do. */
async function runChecks() {
  const results = [];
  for (const name of ['lint', 'format:check', 'types']) results.push(await run(name, { isShown: false }));
  return results;
}

const [checks, tests] = await Promise.all([runChecks(), run('test:only', { isShown: true })]);
for (const { name, isGood, said } of checks)
  console.log(isGood ? `${name}: good` : `${said}\n${name}: FAILED`);
if (!tests.isGood || checks.some(({ isGood }) => !isGood)) process.exitCode = 1;
