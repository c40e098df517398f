// Reports about tenants of a store app: any visitor can raise a doubt for each tenant, and the app's calls are shared.
import { parsePageUrl } from '../../src/signing/page-url';
import { pageOf } from '../support/apps-folder';
import { createStoreWorld, type StoreWorld } from '../support/store-world';
import { MINUTE } from '../support/world';

let world: StoreWorld;
afterEach(() => world.close());

test('genuine reports about many tenants leave half of a burst of calls for other tenants', async () => {
  const reported = Array.from({ length: 20 }, (_, index) => `tenant-${index}`);
  const others = Array.from({ length: 10 }, (_, index) => `other-${index}`);
  const tenants = [...reported, ...others];
  // A burst of 20.
  world = await createStoreWorld({ tenants, more: { tenants }, env: { TICKET_CALLS_PER_HOUR: '100' } });
  const app = world.service.apps.find('shop');
  const page = parsePageUrl(`${pageOf('shop')}/a`);
  const sign = async (tenantKey: string) => app.signPage(page, { tenantKey });
  const calls = (): number => world.sandbox.counters.calls('ticket', 'cli_shop');

  await Promise.all(reported.map(sign));
  // All 20 are back: one every 45 s.
  await world.advance(20 * MINUTE);
  const before = calls();
  for (const tenantKey of reported) {
    await app.report({ ...(await sign(tenantKey)), tenantKey, errorCode: 333442 });
  }
  expect(calls() - before).toBe(10);
  await Promise.all(others.map(sign));
  expect(calls() - before).toBe(20);
});
