// `npm run test:differential [-- --requests n --seed s]`: random requests to running services, every reply held against a slow
// rendering of the contract, and a verdict in one line. 100,000 requests take some two minutes.
import { parseArgs } from 'node:util';
import { createProgress } from './progress.mjs';
import { loadTypeScript } from './run-typescript.mjs';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const [requests, seed] = [values.requests, values.seed].map(Number);
if (!(Number.isInteger(requests) && requests > 0 && Number.isInteger(seed)))
  throw new RangeError('--requests is a whole number above 0, --seed a whole number');

const { runDifferential } = loadTypeScript('tests/torture/differential/run-differential.ts');
const progress = createProgress(requests, 'requests');
const startedMs = performance.now();
const report = await runDifferential({ requests, seed, onProgress: progress });
progress.end();
const seconds = Math.round((performance.now() - startedMs) / 1000);
for (const difference of report.differences) console.log(difference);
const statuses = [...report.statuses]
  .sort(([a], [b]) => a - b)
  .map(([status, count]) => `${status}: ${count}`);
console.log(`replies by status: ${statuses.join(', ')}`);
const isGood = report.differences.length === 0;
console.log(
  `differential: ${isGood ? 'PASSED' : 'FAILED'}, ${report.requests} requests on ${report.connections} connections, ` +
    `seed ${seed}, ${isGood ? 'no difference' : `${report.differences.length} differences or more`}, ${seconds} s`,
);
process.exitCode = isGood ? 0 : 1;
