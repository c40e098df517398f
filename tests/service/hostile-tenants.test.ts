// Made-up tenants from one network and from many: the calls to the platform stay few, and a genuine new tenant is signed for.
// `HOSTILE_TENANTS=100000 npx jest hostile-tenants` is the long form.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parsePageUrl } from '../../src/signing/page-url';
import { pageOf } from '../support/apps-folder';
import { createStoreWorld, type StoreWorld } from '../support/store-world';
import { MINUTE } from '../support/world';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapMb = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_000_000;
};

let world: StoreWorld;
afterEach(() => world.close());

/** A multiple of ten: so many each minute. */
const TENANTS = Number(process.env['HOSTILE_TENANTS'] ?? 20_000);

const ATTACKER = '203.0.113.66';
const known = Array.from({ length: 5 }, (_, index) => `known-${index}`);
const fresh = Array.from({ length: 7 }, (_, index) => `fresh-${index}`);
const tokenCalls = () => world.sandbox.counters.calls('token', 'cli_shop');

const page = parsePageUrl(`${pageOf('shop')}/a`);

/** Every made-up key is another one. */
let keys = 0;

/** `count` random tenants, each asked for once, without waiting for one another, over `minutes`. */
async function attack(count: number, minutes: number): Promise<Map<string, number>> {
  const app = world.service.apps.find('shop');
  const codes = new Map<string, number>();
  for (let minute = 0; minute < minutes; minute += 1) {
    const asked = Array.from({ length: count / minutes }, async () => {
      try {
        await app.signPage(page, { tenantKey: `made-up-${(keys += 1)}`, client: ATTACKER });
        return 'signed';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    for (const code of await Promise.all(asked)) codes.set(code, (codes.get(code) ?? 0) + 1);
    await world.advance(MINUTE);
  }
  return codes;
}

it.each([
  ['with known tenants', true],
  ['after a restart with the memory store', false],
])(
  '%s',
  async (name, hasKnown) => {
    // The test keeps every line of the log, which would be all that grows.
    world = await createStoreWorld({ tenants: [...known, ...fresh], env: { LOG_LEVEL: 'warn' } });
    if (hasKnown) {
      for (const tenant of known) {
        expect((await world.sign('shop', tenant)).status).toBe(200);
        await world.advance(MINUTE);
      }
    }
    await attack(1_000, 1);
    const callsBefore = tokenCalls();
    const heapBefore = heapMb();

    const codes = await attack(TENANTS, 10);

    const calls = tokenCalls() - callsBefore;
    const answers = [...codes].map(([code, count]) => `${count} ${code}`).join(', ');
    process.stdout.write(`${name}: ${TENANTS} made-up tenants, ${answers}, ${calls} calls to the platform\n`);
    // Three a minute and ten minutes, and what other renewals cost: nothing, since all known tickets are fresh.
    expect(calls).toBe(30);
    expect(codes).toEqual(
      new Map([
        ['TENANT_NOT_ALLOWED', 30],
        ['RATE_LIMITED', TENANTS - 30],
      ]),
    );
    const heapGrowthMb = heapMb() - heapBefore;
    expect(heapGrowthMb).toBeLessThan(3);
    expect(world.service.apps.find('shop').status().tenants).toMatchObject({ known: hasKnown ? 5 : 0 });

    // In the middle of it, before the minute is over: the known and seven new ones.
    void attack(3, 1);
    await new Promise((resolve) => setImmediate(resolve));
    if (hasKnown)
      for (const tenant of known) expect((await world.sign('shop', tenant, ATTACKER)).status).toBe(200);
    for (const [index, tenant] of fresh.entries()) {
      const reply = await world.sign('shop', tenant, `192.0.2.${index}`);
      expect(reply.status).toBe(200);
      expect(world.accepts(reply, tenant)).toBe(true);
    }
  },
  // Five seconds of work, on a machine that may be busy.
  60_000,
);

/**
 * `addresses` ask for a made-up tenant each, every second. After `headStartSeconds` a genuine new tenant asks too, as its
 * Retry-After says, always behind them. How many seconds until it is signed for, at most `limitSeconds`, and the most calls
 * to the platform in a minute.
 */
async function race(addresses: number, headStartSeconds: number, limitSeconds: number) {
  const app = world.service.apps.find('shop');
  const sign = async (tenantKey: string, client: string) => app.signPage(page, { tenantKey, client });
  const callsBefore = tokenCalls();
  let nextTrySeconds = headStartSeconds;
  let second = 0;
  for (; second < headStartSeconds + limitSeconds; second += 1) {
    const answered = Promise.allSettled(
      Array.from({ length: addresses }, (_, index) => sign(`made-up-${(keys += 1)}`, `198.51.100.${index}`)),
    );
    if (second >= nextTrySeconds) {
      const reply = await sign('fresh-0', '192.0.2.7').catch(
        (error: unknown) => error as { code: string; retryAfterSeconds: number },
      );
      if (!('code' in reply)) break;
      expect(reply.code).toBe('RATE_LIMITED');
      nextTrySeconds = second + reply.retryAfterSeconds;
    }
    await answered;
    await world.advance(1_000);
  }
  const calls = tokenCalls() - callsBefore;
  return { seconds: second - headStartSeconds, callsPerMinute: (60 * calls) / Math.max(60, second) };
}

it.each([
  { addresses: 6, headStartSeconds: 0, atMostSeconds: 60 },
  { addresses: 6, headStartSeconds: 130, atMostSeconds: 0 },
  { addresses: 50, headStartSeconds: 0, atMostSeconds: 540 },
  { addresses: 50, headStartSeconds: 600, atMostSeconds: 0 },
])(
  'a genuine new tenant against $addresses addresses that began $headStartSeconds s before: at most $atMostSeconds s',
  async ({ addresses, headStartSeconds, atMostSeconds }) => {
    world = await createStoreWorld({ tenants: fresh, env: { LOG_LEVEL: 'warn' } });
    const limitSeconds = 900;
    const { seconds, callsPerMinute } = await race(addresses, headStartSeconds, limitSeconds);
    process.stdout.write(
      `${addresses} addresses, ${headStartSeconds} s before: signed for after ${seconds === limitSeconds ? 'more than ' : ''}${seconds} s, ${callsPerMinute.toFixed(1)} calls a minute\n`,
    );
    // Ten tries a minute and what began before the first minute was over.
    expect(callsPerMinute).toBeLessThanOrEqual(11);
    expect(seconds).toBeLessThanOrEqual(atMostSeconds);
  },
  120_000,
);

it('renewals of made-up tenants by an operator are tries too: known tenants are renewed as before', async () => {
  world = await createStoreWorld({ tenants: [...known, ...fresh] });
  for (const tenant of known.slice(0, 2)) await world.sign('shop', tenant);
  await world.advance(MINUTE);
  const app = world.service.apps.find('shop');
  const before = tokenCalls();
  const codes = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      app.renew({ tenantKey: `made-up-${n}` }).then(
        ({ result }) => result,
        (error: unknown) => (error as { code: string }).code,
      ),
    ),
  );
  await world.settle();
  expect(codes.filter((code) => code === 'failed')).toHaveLength(3);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(97);
  expect(tokenCalls() - before).toBe(3);
  expect(await app.renew({ tenantKey: known[0]! })).toMatchObject({ result: 'unchanged' });
  // Pages find their share of the tries.
  expect((await world.sign('shop', fresh[0])).status).toBe(200);
  await world.advance(MINUTE);
  expect(await app.renew({ tenantKey: fresh[1]! })).toMatchObject({ result: 'renewed' });
});
