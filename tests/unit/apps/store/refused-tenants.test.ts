// Tenants that the platform refuses one by one: they shut out none of the others.
import type { AppSettings } from '../../../../src/apps/app-settings';
import { createStoreApp } from '../../../../src/apps/store/store-app';
import { Secret } from '../../../../src/base/secret';
import type { Timed } from '../../../../src/base/clock';
import type { Platform } from '../../../../src/open-platform/platform';
import { PlatformClock } from '../../../../src/open-platform/platform-clock';
import { PlatformError, type PlatformErrorDetails } from '../../../../src/open-platform/platform-error';
import { createMemoryStore } from '../../../../src/tickets/stores/memory-store';
import { FakeClock } from '../../../support/fake-clock';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A store app beside a platform that refuses tenants as `fault` says. */
async function setUp(ticketCallsPerHour = 100, lifeMs = 2 * 60 * MINUTE) {
  const clock = new FakeClock();
  const calls = { token: 0, ticket: 0 };
  const behaviour: {
    fault: (endpoint: string, tenantKey: string) => Partial<PlatformErrorDetails> | undefined;
  } = { fault: () => undefined };
  let issued = 0;
  const issue = (text: string): Promise<Timed<Secret>> =>
    Promise.resolve({
      value: new Secret(`${text}:${(issued += 1)}`),
      lifeMs,
      sentAt: { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() },
    });
  function answer(
    endpoint: 'tenant_access_token' | 'jsapi_ticket',
    tenantKey: string,
  ): Promise<Timed<Secret>> {
    calls[endpoint === 'jsapi_ticket' ? 'ticket' : 'token'] += 1;
    const details = behaviour.fault(endpoint, tenantKey);
    return details ? Promise.reject(new PlatformError({ endpoint, ...details })) : issue(tenantKey);
  }
  const platform: Pick<Platform, 'baseUrl' | 'settings' | 'time'> & { client: Partial<Platform['client']> } =
    {
      baseUrl: 'https://platform.example.com',
      settings: undefined,
      time: new PlatformClock({ clock, correction: false, measure: () => new Promise(() => undefined) }),
      client: {
        storeAppAccessToken: () => issue('app'),
        storeTenantAccessToken: (_, tenantKey) => answer('tenant_access_token', tenantKey),
        jsapiTicket: (token) => answer('jsapi_ticket', token.reveal().split(':')[0]!),
      },
    };
  const app: Partial<AppSettings> = {
    appId: 'cli_shop',
    appSecret: new Secret('secret'),
    tenants: undefined,
  };
  const tickets = createStoreApp({
    app: app as AppSettings,
    platform: platform as Platform,
    store: createMemoryStore(),
    ticketCallsPerHour,
    clock,
    random: () => 0.5,
  });
  await tickets.appTicket!.set(new Secret('pushed'));
  await clock.advance(SECOND);
  /** Whether a page of the tenant is served: `ok`, or how it is refused. */
  async function ask(tenantKey: string, network: number): Promise<string> {
    try {
      await tickets.of({ tenantKey, client: `10.${network}.0.1` }).get();
      return 'ok';
    } catch (error) {
      return (error as Error).message;
    }
  }
  return { clock, calls, behaviour, ask, close: () => tickets.close() };
}

const genuine = ['a', 'b', 'c', 'd', 'e'];
const hostile = ['x', 'y', 'z'];

test.each([
  ['known', 99991672],
  ['new', 99991672],
  ['known', 424242],
  ['new', 424242],
])(
  'three %s tenants that are refused with %d shut out no known tenant, while tickets end',
  async (who, code) => {
    const { clock, calls, behaviour, ask, close } = await setUp(200, 4 * MINUTE);
    for (const [index, tenant] of genuine.entries()) expect(await ask(tenant, index)).toBe('ok');
    await clock.advance(2 * MINUTE);
    if (who === 'known')
      for (const [index, tenant] of hostile.entries()) expect(await ask(tenant, 100 + index)).toBe('ok');
    behaviour.fault = (endpoint, tenantKey) =>
      endpoint === 'jsapi_ticket' && hostile.includes(tenantKey) ? { code } : undefined;
    const before = calls.ticket;
    let refused = 0;
    for (let seconds = 0; seconds < 3_600; seconds += 5) {
      // The hostile ones first, so that whatever begins, begins with them.
      const answers = [...hostile, ...genuine].map((tenant, index) => ask(tenant, index));
      await clock.advance(5 * SECOND);
      refused += (await Promise.all(answers)).slice(hostile.length).filter((text) => text !== 'ok').length;
    }
    process.stdout.write(
      `${who}, ${code}: ${refused} of 3600 refused, ${calls.ticket - before} ticket calls\n`,
    );
    expect(refused).toBe(0);
    // Six an hour and the first for each that is refused, and a renewal in three minutes for each of the others.
    expect(calls.ticket - before).toBeLessThanOrEqual(3 * 7 + 5 * 20);
    close();
  },
);

test.each([10014, 99991672, 424242])(
  'made-up tenants that are refused with %d shut out no new tenant',
  async (code) => {
    const { clock, behaviour, ask, close } = await setUp();
    behaviour.fault = (_, tenantKey) => (tenantKey.startsWith('made-up') ? { code } : undefined);
    let made = 0;
    const answers: string[] = [];
    for (let seconds = 0; seconds < 120; seconds += 1) {
      for (let n = 0; n < 5; n += 1) void ask(`made-up-${(made += 1)}`, 100 + (n % 2));
      if (seconds % 30 === 10) answers.push(await ask(`new-${seconds}`, 130 + seconds));
      await clock.advance(SECOND);
    }
    expect(answers).toEqual(['ok', 'ok', 'ok', 'ok']);
    close();
  },
);

test('known tenants whose calls fail as in an outage do not always go first', async () => {
  const { clock, behaviour, ask, close } = await setUp();
  for (const [index, tenant] of genuine.entries()) expect(await ask(tenant, index)).toBe('ok');
  behaviour.fault = (_, tenantKey) => (hostile.includes(tenantKey) ? { code: 1500 } : undefined);
  let refused = 0;
  for (let seconds = 0; seconds < 5 * 3_600; seconds += 10) {
    const answers = [...hostile, ...genuine].map((tenant, index) => ask(tenant, index));
    await clock.advance(10 * SECOND);
    refused += (await Promise.all(answers)).slice(hostile.length).filter((text) => text !== 'ok').length;
  }
  process.stdout.write(`1500: ${refused} of 9000 refused\n`);
  expect(refused).toBeLessThanOrEqual(9);
  close();
});

test('when no call is spare for a probe, an outage that is over ends within two minutes', async () => {
  // Six calls at once, three of them spare, then one in two and a half minutes.
  const { clock, calls, behaviour, ask, close } = await setUp(30);
  for (const [index, tenant] of genuine.entries()) expect(await ask(tenant, index)).toBe('ok');
  await clock.advance(MINUTE);
  behaviour.fault = (endpoint) => (endpoint === 'tenant_access_token' ? { code: 1500 } : undefined);
  await Promise.all(hostile.slice(0, 2).map((tenant, index) => ask(tenant, 10 + index)));
  behaviour.fault = () => undefined;
  const before = calls.ticket;
  await clock.advance(10 * SECOND);
  expect(await ask('n', 20)).not.toBe('ok');
  await clock.advance(80 * SECOND);
  expect(await ask('m', 21)).toBe('ok');
  expect(calls.ticket - before).toBe(1);
  close();
});
