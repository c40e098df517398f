// Random requests over real sockets: the running service answers as its contract has it. The long form: npm run torture -- differential.
import { runDifferential } from './run-differential';

/** About three seconds. A seed that stays, so that a failure is reproducible. */
const SAMPLE = { requests: 3_000, seed: 1 };

test('the service answers as a slow rendering of its contract does', async () => {
  const { requests, statuses, differences } = await runDifferential(SAMPLE);
  expect(differences).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(SAMPLE.requests);
  // Were some answer never met, the comparison would say nothing of it.
  const met = [...statuses.keys()].sort((a, b) => a - b);
  expect(met).toEqual([200, 204, 302, 304, 400, 401, 403, 404, 405, 413, 414, 415, 429, 431]);
  // A machine that is busy with other things takes minutes for what takes three seconds.
}, 240_000);
