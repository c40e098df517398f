// `doctor --report`: what it tells of platforms that behave as assumed and of others, for how many calls, and what it keeps to itself.
import { runPlatformReport } from '../../src/cli/doctor/platform-report';
import { loadConfig } from '../../src/config/config';
import type { ComparedRow } from '../../src/field-report/compare-rows';
import type { Fault } from '../../src/sandbox/fault';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { FakeClock } from '../support/fake-clock';
import { ScriptedServer } from '../support/scripted-server';

const APP = { appId: 'cli_report000000001', appSecret: 'the-secret-of-the-report', trustedDomains: [] };

let sandbox: Sandbox;
let platformUrl: string;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  sandbox = createSandbox({ clock, apps: [APP] });
  platformUrl = (await sandbox.listen()).url;
});
afterEach(() => sandbox.close());

async function report({ env = {}, json = true, betweenCalls = () => {} } = {}) {
  const lines: string[] = [];
  const variables = {
    ...{ LARK_APP_ID: APP.appId, LARK_APP_SECRET: APP.appSecret, LARK_DOMAIN: platformUrl },
    ...{ ALLOWED_ORIGINS: 'https://h5.example.com', ...env },
  };
  const isAnswered = await runPlatformReport({
    config: loadConfig(variables, () => ''),
    clock,
    async pause(ms) {
      betweenCalls();
      await clock.advance(ms);
    },
    print: (line) => void lines.push(line),
    json,
  });
  const text = lines.join('\n');
  const secrets = [...sandbox.issuedTickets(APP.appId), ...sandbox.issuedTokens(APP.appId)];
  for (const secret of [...secrets, APP.appId, APP.appSecret, new URL(platformUrl).host, 'h5.example.com'])
    expect(text).not.toContain(secret);
  const rows = json ? (JSON.parse(text) as { rows: ComparedRow[] }).rows : [];
  const of = (verdict: string) => rows.filter((row) => row.verdict === verdict).map(({ id }) => id);
  return { isAnswered, text, rows, of, row: (id: string) => rows.find((row) => row.id === id) };
}

const ticketCalls = (): number =>
  sandbox.counters.list.filter(({ endpoint }) => endpoint === 'ticket').length;

test('every row agrees with the simulated platform, for two ticket calls', async () => {
  const { isAnswered, rows, of } = await report();
  expect(of('agrees')).toHaveLength(rows.length);
  expect(rows.length).toBeGreaterThan(5);
  expect(isAnswered).toBe(true);
  expect(ticketCalls()).toBe(2);
});

test('the text says before what it costs, and shows both lives', async () => {
  const { text } = await report({ json: false });
  expect(text).toMatch(
    /^Two token calls and two ticket calls to a platform of another address, 3 s apart\.\n/,
  );
  expect(text).toContain('Platform report of lark-jsapi-signer, 2026-01-01');
  expect(text).toContain('ticketLife: expire_in in the second call: counts down (7200 s, then 7197 s)');
});

test.each<[string, Fault, string, string]>([
  ['a life that never counts down', { kind: 'stale-expiry', endpoint: 'ticket' }, 'ticketLife', 'stays'],
  [
    'a field more',
    { kind: 'fields', endpoint: 'ticket', fields: { create_time: 1 } },
    'ticketFields',
    'code, data.create_time, data.expire_in, data.ticket, msg',
  ],
  [
    'a life of another name',
    { kind: 'fields', endpoint: 'token', fields: { expire: 'soon' } },
    'tokenLife',
    'null',
  ],
])('%s is shown', async (_what, fault, id, observed) => {
  sandbox.addFault(fault);
  const { of, row } = await report();
  expect(String(row(id)?.observed)).toBe(observed);
  expect([...of('differs'), ...of('unseen')]).toEqual([id]);
});

test('another ticket than before differs, but not inside the last 30 minutes', async () => {
  const early = await report({ betweenCalls: () => sandbox.revokeTickets(APP.appId) });
  expect(early.of('differs')).toEqual(['ticketAgain']);
  expect(early.of('unseen')).toEqual(['ticketLife']);
  // The ticket is from the second 3: 1,801 s of it are left, and three seconds later less than 30 minutes.
  await clock.advance(5_399_000);
  const late = await report();
  expect(late.row('ticketAgain')).toMatchObject({
    observed: 'another',
    assumed: 'another',
    verdict: 'agrees',
  });
  expect(late.of('differs')).toEqual([]);
});

test.each<[string, Fault | undefined, Record<string, string>, string]>([
  ['a wrong secret', undefined, { LARK_APP_SECRET: 'wrong' }, 'HTTP 200, code 10014'],
  ['a disabled app', { kind: 'app-disabled' }, {}, 'HTTP 400, code 99991662'],
  ['an address that is not allowed', { kind: 'ip-refused' }, {}, 'HTTP 400, code 99991401'],
])('%s has the assumed status, and ends the report', async (_what, fault, env, observed) => {
  if (fault) sandbox.addFault(fault);
  const { isAnswered, of, row } = await report({ env });
  expect(isAnswered).toBe(false);
  expect(row('tokenReply')).toMatchObject({ observed, verdict: 'agrees' });
  expect(of('differs')).toEqual([]);
  expect(of('unseen')).not.toContain('headers');
  expect(ticketCalls()).toBe(0);
});

test('a refusal with another status differs; of an unknown code nothing is assumed', async () => {
  sandbox.addFault({ kind: 'code', endpoint: 'ticket', code: 99991401, status: 200, times: 1 });
  expect((await report()).row('ticketReply')).toMatchObject({
    ...{ observed: 'HTTP 200, code 99991401', assumed: 'HTTP 400, code 99991401', verdict: 'differs' },
  });
  sandbox.addFault({ kind: 'code', endpoint: 'ticket', code: 1500, status: 500, times: 1 });
  expect((await report()).row('ticketReply')).toMatchObject({
    observed: 'HTTP 500, code 1500',
    verdict: 'unseen',
  });
});

test.each<[string, Fault, string]>([
  ['a page of a gateway', { kind: 'html', status: 403 }, 'HTTP 403, no JSON'],
  ['a reset connection', { kind: 'reset' }, 'no reply: connection'],
])('%s is no answer', async (_what, fault, observed) => {
  sandbox.addFault(fault);
  const { isAnswered, row } = await report();
  expect(isAnswered).toBe(false);
  expect(row('tokenReply')).toMatchObject({ observed, verdict: 'unseen' });
});

test('a store app has no report, and makes no call', async () => {
  const { appId, appSecret } = APP;
  const apps = [{ alias: 'shop', appId, appSecret, type: 'store', encryptKey: 'key', allowedOrigins: ['*'] }];
  const config = loadConfig({ LARK_APPS_FILE: '/apps.json', LARK_DOMAIN: platformUrl }, () =>
    JSON.stringify({ apps }),
  );
  const print = jest.fn();
  const pause = (): Promise<void> => Promise.resolve();
  expect(await runPlatformReport({ config, clock, pause, print, json: false })).toBe(false);
  expect(print.mock.calls).toEqual([[expect.stringContaining('no custom app')]]);
  expect(sandbox.counters.list).toEqual([]);
});

test('words of the platform, odd names of fields and values are not in it', async () => {
  const marked = 'MARKED';
  const body = {
    code: 0,
    msg: marked,
    tenant_access_token: `t-${marked}`,
    [`${marked} ${marked}`]: 1,
    data: { [marked.repeat(9)]: 2 },
  };
  const server = await ScriptedServer.start();
  // No others are asked for: there is no ticket in the second.
  server.answer({ json: body }, { json: body });
  const { text } = await report({ env: { LARK_DOMAIN: server.url } });
  await server.close();
  expect(text).not.toContain(marked);
  expect(text).toContain('?, ?, code, msg, tenant_access_token');
});
