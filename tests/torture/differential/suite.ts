// `npm run torture -- differential`: the figures of a run.
import type { RunSuite } from '../suite';
import { compareCarriers } from './carriers';
import { runDifferential } from './run-differential';

const describeCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

export const run: RunSuite = async ({ seed, size, print, onProgress }) => {
  const report = await runDifferential({ requests: size, seed, onProgress });
  for (const difference of report.differences) print(difference);
  const statuses = [...report.statuses].sort(([one], [other]) => one - other);
  print(`replies by status: ${statuses.map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  const carriers = await compareCarriers({ requests: size, seed });
  for (const difference of carriers.differences) print(difference);
  print(`compared with the service: ${describeCounts(carriers.compared)}`);
  const found = report.differences.length + carriers.differences.length;
  return {
    isGood: found === 0,
    summary: `${report.requests} requests on ${report.connections} connections, ${found === 0 ? 'no difference' : `${found} differences or more`}`,
  };
};
