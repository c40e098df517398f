// The log of a store app in an outage of the platform: a few lines, whatever the number of its tenants.
import { createStoreWorld, type StoreWorld } from '../support/store-world';
import { MINUTE, SECOND } from '../support/world';

let world: StoreWorld;
afterEach(() => world.close());

interface Line {
  level: string;
  msg: string;
  tenantKey?: string;
  tenants?: number;
  tenantKeys?: string[];
  code?: number;
  lastedSeconds?: number;
}

test('an outage of a minute and a half is three lines for 30 tenants, and the detail names each', async () => {
  const tenants = Array.from({ length: 30 }, (_, index) => `tenant-${index}`);
  world = await createStoreWorld({ tenants, more: { tenants }, env: { TICKET_CALLS_PER_HOUR: '600' } });
  const lines = (): Line[] =>
    world.logLines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg !== 'request');
  const askForAll = async (): Promise<void> => {
    await Promise.all([
      ...tenants.map((tenantKey) => world.sign('shop', tenantKey).catch(() => undefined)),
      world.advance(5 * SECOND),
    ]);
  };
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'code', code: 1500 });
  for (let elapsed = 0; elapsed < 1.5 * MINUTE; elapsed += 5 * SECOND) await askForAll();
  world.sandbox.clearFaults();
  for (let elapsed = 0; elapsed < MINUTE; elapsed += 5 * SECOND) await askForAll();

  const about = lines().filter(({ msg }) => /^(?:no ticket|tickets of)/.test(msg));
  const [first, summary, over, ...more] = about.filter(({ level }) => level !== 'debug');
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    ...{ level: 'warn', msg: 'no ticket could be loaded', code: 1500 },
    tenantKey: expect.stringMatching(/^tenant-/) as string,
  });
  expect(summary).toMatchObject({
    level: 'warn',
    msg: 'no ticket could be loaded for several tenants',
    code: 1500,
  });
  expect(summary!.tenants).toBeGreaterThan(25);
  expect(summary!.tenantKeys).toHaveLength(5);
  expect(over).toMatchObject({
    level: 'info',
    msg: 'tickets of all tenants can be loaded again',
    tenants: 30,
  });
  expect(over!.lastedSeconds).toBeGreaterThan(85);
  expect(new Set(about.map(({ tenantKey }) => tenantKey).filter(Boolean)).size).toBe(30);
});
