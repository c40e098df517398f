// `npm run fuzz [-- --inputs n --seed s --only target]`: hostile input to every part of the service that takes some from outside, from
// a seed; what was signed for is judged by Chromium where there is one. A table, and a verdict in one line.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createProgress } from './progress.mjs';
import { loadTypeScript } from './run-typescript.mjs';

const { TARGETS, runFuzz } = loadTypeScript('tests/torture/fuzz/run-fuzz.ts');
const names = Object.keys(TARGETS);
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '2000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const [inputs, seed] = [values.inputs, values.seed].map(Number);
if (!(Number.isInteger(inputs) && inputs > 0 && Number.isInteger(seed)))
  throw new RangeError('--inputs is a whole number above 0, --seed a whole number');
if (values.only !== undefined && !names.includes(values.only))
  throw new RangeError(`--only is one of: ${names.join(', ')}`);

const progress = createProgress(inputs, 'inputs');
const startedMs = performance.now();
const { targets, failures, pages } = await runFuzz({ inputs, seed, only: values.only, onProgress: progress });
progress.end();

for (const { target, inputs: count, seconds, slowestMs } of targets)
  console.log(
    `${target}: ${count} inputs in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)}/s, slowest ${slowestMs.toFixed(1)} ms`,
  );
if (pages.length > 0) failures.push(...(await askChromium()));
for (const failure of failures) console.log(`FAILURE in ${failure}`);
const total = targets.reduce((sum, { inputs: count }) => sum + count, 0);
const seconds = Math.round((performance.now() - startedMs) / 1000);
console.log(
  `fuzz: ${failures.length === 0 ? 'PASSED' : 'FAILED'}, ${total} inputs of seed ${seed}, ${failures.length} failures, ${seconds} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

/** What Chromium sees otherwise; where it is not installed, that is said and nothing is judged. */
async function askChromium() {
  if (spawnSync('which', ['chromium']).status !== 0) {
    console.log(`Chromium: not on the PATH, ${pages.length} signed addresses not judged`);
    return [];
  }
  const { launchChromium } = loadTypeScript('tests/support/browser/chromium.ts');
  const { judgeInChromium } = loadTypeScript('tests/torture/fuzz/judge-in-chromium.ts');
  const browser = await launchChromium();
  try {
    const differences = await judgeInChromium(browser, pages);
    console.log(`Chromium: ${pages.length} signed addresses read, ${differences.length} seen otherwise`);
    return differences.map((difference) => `Chromium: ${difference}`);
  } finally {
    await browser.close();
  }
}
