// `npm run torture -- differential`: the figures of a run.
import type { RunSuite } from '../suite';
import { runDifferential } from './run-differential';

export const run: RunSuite = async ({ seed, size, print, onProgress }) => {
  const report = await runDifferential({ requests: size, seed, onProgress });
  for (const difference of report.differences) print(difference);
  const statuses = [...report.statuses].sort(([one], [other]) => one - other);
  print(`replies by status: ${statuses.map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  const found = report.differences.length;
  return {
    isGood: found === 0,
    summary: `${report.requests} requests on ${report.connections} connections, ${found === 0 ? 'no difference' : `${found} differences or more`}`,
  };
};
