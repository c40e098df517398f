// A day of a client that asks for signatures, reports them all and makes tenants up, through an outage: what it costs, and whom.
import {
  appsFile,
  createAppsFolder,
  pageOf,
  platformApp,
  withAppsFile,
  writtenApp,
} from '../support/apps-folder';
import { createWorld, HOUR, MINUTE, SECOND, type World } from '../support/world';
import { ENCRYPT_KEY } from '../support/store-world';
import type { SignedConfig } from '../../src/signing/types';

const ALIASES = ['main', 'shop', 'other'];
/** An hour's outage of the ticket endpoint, begun in every ticket's last half hour: valid ones carry pages through a part of it, and then nothing does. */
const OUTAGE_FROM_HOUR = 9;
const STEP_MS = 30 * MINUTE;
const ATTACKER = { 'X-Forwarded-For': '203.0.113.66' };
/** One load an hour that a report may start. */
const MAX_EXTRA_CALLS = 24;

/** A day; gives the ticket calls per app, and the pages of all other clients without a signature. */
async function day(isAttacked: boolean) {
  const written = ALIASES.map((alias) =>
    writtenApp(alias, alias === 'shop' ? { type: 'store', encryptKey: ENCRYPT_KEY } : {}),
  );
  const folder = createAppsFolder({ 'apps.json': appsFile(written) });
  const options = withAppsFile(folder.path, ALIASES, { TRUST_PROXY: 'loopback', LOG_LEVEL: 'warn' });
  const world = await createWorld({
    ...options,
    env: options.env!,
    sandbox: { apps: ALIASES.map(platformApp) },
  });
  try {
    world.sandbox.addApp({
      ...platformApp('shop'),
      ...{ type: 'store', tenants: ['tenant-1'] },
      events: { url: `${world.baseUrl}/events/shop`, encryptKey: ENCRYPT_KEY },
    });
    await world.settle();
    let refusedPages = 0;
    const startedMs = world.clock.monotonicMs();
    for (let step = 0; step < (24 * HOUR) / STEP_MS; step += 1) {
      const atMs = step * STEP_MS;
      if (atMs === OUTAGE_FROM_HOUR * HOUR)
        world.sandbox.addFault({ kind: 'http-error', endpoint: 'ticket' });
      if (atMs === (OUTAGE_FROM_HOUR + 1) * HOUR) world.sandbox.clearFaults();
      if (isAttacked) await attack(world);
      for (const query of ['app=main', 'app=other', 'app=shop&tenant_key=tenant-1'])
        if (!(await isSigned(world, query))) refusedPages += 1;
      await world.advance(startedMs + atMs + STEP_MS - world.clock.monotonicMs());
    }
    const calls = ALIASES.map((alias) => world.sandbox.counters.calls('ticket', `cli_${alias}`));
    return { calls, refusedPages };
  } finally {
    await world.close();
    folder.remove();
  }
}

/** A page of another client, whose client takes the signature. */
async function isSigned(world: World, query: string): Promise<boolean> {
  const alias = /^app=(\w+)/.exec(query)![1]!;
  const url = encodeURIComponent(`${pageOf(alias)}/page`);
  const { status, text } = await answered(world, world.get(`/config?${query}&url=${url}`));
  return status === 200 && world.sandbox.verify(JSON.parse(text)).errCode === 0;
}

/** Moves time until it is answered: what waits for a load waits on the clock that the test moves. */
async function answered<T>(world: World, asking: Promise<T>): Promise<T> {
  let isDone = false as boolean;
  const done = asking.finally(() => (isDone = true));
  await world.settle();
  while (!isDone) await world.advance(SECOND);
  return done;
}

let madeUp = 0;

/** Signatures, genuine reports of them and tenants that do not exist, from one address. */
async function attack(world: World): Promise<void> {
  for (const query of ['app=main', 'app=shop&tenant_key=tenant-1']) {
    const [, alias] = /^app=(\w+)/.exec(query)!;
    const url = encodeURIComponent(`${pageOf(alias!)}/page`);
    const { text } = await answered(world, world.get(`/config?${query}&url=${url}`, { headers: ATTACKER }));
    const signed = JSON.parse(text) as SignedConfig;
    const reports = Array.from({ length: 2 }, () =>
      world.get(`/report?app=${alias}`, {
        method: 'POST',
        headers: ATTACKER,
        body: JSON.stringify({ ...signed, tenantKey: 'tenant-1', errorCode: 333442 }),
      }),
    );
    await answered(world, Promise.all(reports));
  }
  const shop = encodeURIComponent(`${pageOf('shop')}/`);
  const tenants = Array.from({ length: 4 }, () => {
    madeUp += 1;
    return world.get(`/config?app=shop&tenant_key=made-up-${madeUp}&url=${shop}`, { headers: ATTACKER });
  });
  await answered(world, Promise.all(tenants));
}

test('one anonymous client costs an app 24 ticket calls in a day at most, no client a page, and other apps nothing', async () => {
  const calm = await day(false);
  const attacked = await day(true);
  // Only what the outage costs anyhow, once the tickets have ended.
  expect(calm.refusedPages).toBe(3);
  expect(attacked.refusedPages).toBe(calm.refusedPages);
  const extra = attacked.calls.map((calls, index) => calls - calm.calls[index]!);
  // Were the attack not felt at all, nothing would have been tried.
  expect(Math.max(...extra)).toBeGreaterThan(0);
  expect(Math.max(...extra)).toBeLessThanOrEqual(MAX_EXTRA_CALLS);
  expect(extra[ALIASES.indexOf('other')]).toBe(0);
});
