// 300 apps start again beside a store that has their tickets: no call goes to the platform, so nothing pauses.
import { AppDirectory } from '../../../src/apps/app-directory';
import type { AppSettings } from '../../../src/apps/app-settings';
import { createLarkApp } from '../../../src/apps/lark-app';
import { Secret } from '../../../src/base/secret';
import { createPlatform } from '../../../src/open-platform/platform';
import type { Fetch } from '../../../src/open-platform/transport';
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

const SECOND = 1_000;
const ORIGINS = ['https://h5.example.com'];
const APPS = Array.from({ length: 300 }, (_, index): AppSettings => ({
  alias: `app-${index}`,
  appId: `cli_${index}`,
  appSecret: new Secret(`secret-${index}`),
  type: 'custom',
  platformBaseUrl: 'https://open.feishu.cn',
  allowedOrigins: compileAllowedOrigins(ORIGINS),
  allowedOriginEntries: ORIGINS,
  jsApiList: undefined,
  encryptKeys: [],
  verificationTokens: [],
  tenants: undefined,
  eventsForwardTo: undefined,
}));

const store = createMemoryStore();
let clock: FakeClock;
let calls: string[];
beforeEach(() => {
  clock = new FakeClock();
  calls = [];
});

const fetchAtOnce = ((input: string) => {
  const { pathname } = new URL(input);
  calls.push(pathname);
  const body = pathname.endsWith('/ticket/get')
    ? { data: { ticket: `ticket-${calls.length}`, expire_in: 7_200 } }
    : { tenant_access_token: 'a-token', expire: 7_200 };
  return Promise.resolve(Response.json({ code: 0, msg: 'ok', ...body }));
}) as unknown as Fetch;

async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await flushMicrotasks();
}

/** Starts a process; resolves with the seconds until every app could sign. */
async function start(): Promise<number> {
  const random = (): number => 0.5;
  const directory = new AppDirectory({
    clock,
    random,
    createPlatform: (baseUrl) =>
      createPlatform({ baseUrl, fetch: fetchAtOnce, clock, clockCorrection: false }),
    createLarkApp: (app, platform, beforeFirstLoad) =>
      createLarkApp({ app, platform, store, ticketCallsPerHour: 60, clock, random, beforeFirstLoad }),
  });
  directory.exchange(APPS);
  const startedMs = clock.monotonicMs();
  directory.start();
  await settle();
  while (!directory.all().every((app) => app.canSign())) {
    expect(clock.monotonicMs() - startedMs).toBeLessThan(60 * SECOND);
    await clock.advance(SECOND / 2, settle);
  }
  directory.close();
  return (clock.monotonicMs() - startedMs) / SECOND;
}

it('is over at once, while a cold one pauses after the calls of each app', async () => {
  expect(await start()).toBeGreaterThan(25);
  expect(calls.filter((path) => path.endsWith('/ticket/get'))).toHaveLength(300);
  calls = [];
  expect(await start()).toBeLessThan(1);
  expect(calls.filter((path) => path.endsWith('/ticket/get'))).toEqual([]);
});
