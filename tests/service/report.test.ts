// Reports of pages that the client refused a ticket: a dead one is replaced, and no flood of reports costs calls or pages.
import { createWorld, APP_ID, HOUR, MINUTE, PAGE, type World, type WorldOptions } from '../support/world';
import { waitUntil } from '../support/wait-until';
import type { SignedConfig } from '../../src/signing/types';

let world: World;
const open = async (options?: WorldOptions): Promise<World> => (world = await createWorld(options));
afterEach(() => world.close());

const ticketCalls = (): number => world.sandbox.counters.calls('ticket');
const suspicions = (): number => world.logLines.filter((line) => line.includes('a client refused')).length;

async function sign(): Promise<SignedConfig> {
  const { status, body } = await world.config();
  expect(status).toBe(200);
  return body;
}

/** Sends what the browser helper sends for a signature that was refused. */
async function report(config: SignedConfig, more: object = {}): Promise<void> {
  const { appId, url, timestamp, nonceStr, signature } = config;
  const { status, text } = await world.get('/report', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(PAGE).origin },
    body: JSON.stringify({ appId, url, timestamp, nonceStr, signature, errorCode: 333442, ...more }),
  });
  expect({ status, text }).toEqual({ status: 204, text: '' });
}

test('a ticket that died early is replaced after one report, and no page waits for that', async () => {
  await open();
  await world.advance(10 * MINUTE);
  world.sandbox.revokeTickets(APP_ID);
  const refused = await sign();
  expect(world.sandbox.verify(refused).errCode).not.toBe(0);
  await report(refused);
  await world.settle();
  expect(ticketCalls()).toBe(2);
  expect(world.sandbox.verify(await sign()).errCode).toBe(0);
  expect(suspicions()).toBe(1);
});

test('every page that reports is answered when the load has ended, so that it signs again with the new ticket', async () => {
  await open();
  world.sandbox.revokeTickets(APP_ID);
  const configs = [await sign(), await sign(), await sign()];
  await Promise.all(
    configs.map(async (config) => {
      await report(config);
      expect(world.sandbox.verify(await sign()).errCode).toBe(0);
    }),
  );
  expect(ticketCalls()).toBe(2);
});

test('a page that reports waits 800 ms for a platform that hangs, and no longer', async () => {
  await open();
  const config = await sign();
  world.sandbox.addFault({ kind: 'hung' });
  let answered = false;
  const reporting = report(config).then(() => (answered = true));
  await waitUntil('the report started a load', () => world.signer.ticketState.loading);
  await world.advance(799);
  expect(answered).toBe(false);
  await world.advance(1);
  await reporting;
});

test('the same ticket back refutes the suspicion, and it is not doubted again', async () => {
  await open();
  await report(await sign());
  await world.settle();
  expect(ticketCalls()).toBe(2);
  expect(world.logLines.join('')).toContain('the platform returned the same ticket');
  await world.advance(HOUR + MINUTE);
  await report(await sign());
  await world.settle();
  expect(ticketCalls()).toBe(2);
  expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(1);
});

test('another ticket is doubted only after an hour', async () => {
  await open();
  world.sandbox.revokeTickets(APP_ID);
  await report(await sign());
  await world.settle();
  world.sandbox.revokeTickets(APP_ID);
  await world.advance(59 * MINUTE);
  await report(await sign());
  await world.settle();
  expect(ticketCalls()).toBe(2);
  await world.advance(2 * MINUTE);
  await report(await sign());
  await world.settle();
  expect(ticketCalls()).toBe(3);
  expect(world.sandbox.verify(await sign()).errCode).toBe(0);
});

// With the platform down the one load is repeated, each time after a wait four times longer.
test.each([
  ['up', 1],
  ['down', 7],
])(
  '1,000 genuine reports with the platform %s cost %d ticket calls at most and no page',
  async (platform, most) => {
    await open();
    await world.advance(10 * MINUTE);
    if (platform === 'down') world.sandbox.addFault({ kind: 'http-error' });
    world.sandbox.counters.reset();
    for (let batch = 0; batch < 10; batch += 1) {
      const configs = await Promise.all(Array.from({ length: 10 }, sign));
      const reports = Array.from({ length: 10 }, () => configs.map((config) => report(config)));
      await Promise.all(reports.flat());
      await world.settle();
      await sign();
      await world.advance(6 * MINUTE);
    }
    expect(ticketCalls()).toBeGreaterThan(0);
    expect(ticketCalls()).toBeLessThanOrEqual(most);
    expect(suspicions()).toBe(1);
  },
);

test.each<[string, object]>([
  ['another code', { errorCode: 333441 }],
  ['a code as text', { errorCode: '333442' }],
  ['a signature that was not made here', { signature: '0'.repeat(40) }],
  ['a signature of another length', { signature: '0' }],
  ['another page', { url: 'https://h5.example.com/other' }],
  ['another app', { appId: 'cli_another' }],
  ['an invalid time', { timestamp: null }],
])('a report with %s starts nothing', async (_what, more) => {
  await open();
  await report(await sign(), more);
  await world.settle();
  expect(ticketCalls()).toBe(1);
});

test('a report of an old signature, or of an older ticket, starts nothing', async () => {
  await open();
  const old = await sign();
  await world.advance(11 * MINUTE);
  await report(old);
  await world.settle();
  expect(ticketCalls()).toBe(1);

  // The renewal is 91 minutes in; what was signed just before it is reported just after.
  await world.advance(79 * MINUTE + 30_000);
  const beforeRenewal = await sign();
  await world.advance(2 * MINUTE);
  expect(ticketCalls()).toBe(2);
  await report(beforeRenewal);
  await world.settle();
  expect(ticketCalls()).toBe(2);
});

test('the platform’s time decides how old a report is, not ours', async () => {
  await open({ clockErrorMs: 30 * MINUTE });
  await world.settle();
  world.sandbox.revokeTickets(APP_ID);
  await report(await sign());
  await world.settle();
  expect(ticketCalls()).toBe(2);
});
