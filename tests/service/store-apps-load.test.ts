// Many store apps with many tenants, asked for through several lifetimes of their tickets: one call a ticket, no cross-talk.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parsePageUrl } from '../../src/signing/page-url';
import type { SignedConfig } from '../../src/signing/types';
import { pageOf } from '../support/apps-folder';
import { createStoreWorld, type StoreWorld } from '../support/store-world';
import { HOUR, MINUTE } from '../support/world';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapKb = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_000;
};

/** `STORE_LOAD=50x200` is the size the documentation speaks of: some minutes. */
const [APPS, TENANTS] = (process.env['STORE_LOAD'] ?? '5x20').split('x').map(Number) as [number, number];
const LIFETIMES = 3;
const ALIASES = Array.from({ length: APPS }, (_, index) => `app${index}`);
const TENANT_KEYS = Array.from({ length: TENANTS }, (_, index) => `tenant-${index}`);

let world: StoreWorld;
afterEach(() => world.close());

it(
  `${APPS} apps of ${TENANTS} tenants through ${LIFETIMES} lifetimes`,
  async () => {
    world = await createStoreWorld({
      aliases: ALIASES,
      tenants: TENANT_KEYS,
      // Thirty-seconds: of a jitter of 60 s whole milliseconds, as a machine's clock has them.
      random: () => Math.floor(Math.random() * 32) / 32,
      env: {
        LOG_LEVEL: 'warn',
        TICKET_CALLS_PER_HOUR: '10000',
        NEW_TENANTS_PER_CLIENT: '10000',
        NEW_TENANTS_PER_MINUTE: '10000',
      },
    });
    const page = (alias: string) => parsePageUrl(`${pageOf(alias)}/a?b=c`);
    const sign = (alias: string, tenantKey: string) =>
      Promise.resolve(world.service.apps.find(alias).signPage(page(alias), { tenantKey }));
    const verify = (signed: SignedConfig, tenantKey: string) =>
      world.sandbox.verify({ ...signed, tenantKey }).errCode;

    let signatures = 0;
    /** Every tenant of every app once, each signature checked against its own tenant, and against the next one. */
    async function askAll(): Promise<void> {
      for (const alias of ALIASES) {
        const signed = await Promise.all(TENANT_KEYS.map((tenantKey) => sign(alias, tenantKey)));
        for (const [index, config] of signed.entries()) {
          const tenantKey = TENANT_KEYS[index]!;
          const another = TENANT_KEYS[(index + 1) % TENANTS]!;
          expect(config.appId).toBe(`cli_${alias}`);
          expect(verify(config, another)).toBe(333441);
          expect(verify(config, tenantKey)).toBe(0);
          signatures += 1;
        }
      }
    }

    const heapBefore = heapKb();
    await askAll();
    const perTenantKb = (heapKb() - heapBefore) / (APPS * TENANTS);
    for (let elapsed = 0; elapsed < LIFETIMES * 2 * HOUR; elapsed += 30 * MINUTE) {
      await world.advance(30 * MINUTE);
      await askAll();
    }

    const tickets = ALIASES.flatMap((alias) => world.sandbox.issuedTickets(`cli_${alias}`)).length;
    expect(world.sandbox.counters.calls('ticket')).toBe(tickets);
    // 90 minutes each: the first and three renewals in six hours.
    expect(tickets).toBe(APPS * TENANTS * 4);
    // The service's and the platform's share of a tenant, and the test's.
    expect(perTenantKb).toBeLessThan(40);
    process.stderr.write(
      `${signatures} signatures, ${tickets} tickets, ${world.sandbox.counters.calls('ticket')} ticket calls, ${perTenantKb.toFixed(1)} KB a tenant\n`,
    );
  },
  // The size of the documentation takes minutes, the usual one seconds.
  900_000,
);
