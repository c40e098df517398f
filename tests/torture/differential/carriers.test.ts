// The service and the library's three carriers answer alike. The long form is a part of `npm run torture -- differential`.
import { runs } from '../../support/runs';
import { compareCarriers } from './carriers';

test('the router and both handlers answer as the service does', async () => {
  const size = runs(2_000);
  const { compared, statuses, differences } = await compareCarriers({ requests: size, seed: 1 });
  expect(differences).toEqual([]);
  for (const count of Object.values(compared)) expect(count).toBeGreaterThan(size / 2);
  // Were some answer never met, the comparison would say nothing of it.
  for (const status of [200, 204, 302, 400, 403, 404, 405, 413, 415]) expect(statuses).toContain(status);
});
