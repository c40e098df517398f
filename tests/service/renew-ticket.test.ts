// An operator renews a ticket manually: the outcome is returned, and the calls cannot be spent by repeated renewals.
import { createWorld, APP_ID, HOUR, MINUTE, type World } from '../support/world';

const TOKEN = 'token-of-the-operator';
let world: World;
afterEach(() => world.close());

interface Answer {
  status: number;
  retryAfter: string | null;
  body: Record<string, unknown>;
}

async function renew(body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await world.get('/admin/tickets/renew', {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body: JSON.parse(response.text) };
}

const run = async (env = {}): Promise<void> => {
  world = await createWorld({ env: { ADMIN_TOKEN: TOKEN, ...env } });
};
const fingerprint = (): string => world.signer.status().fingerprint!;
const ticketCalls = (): number => world.sandbox.counters.calls('ticket');

it('tells that the platform gave the same ticket, and leaves its renewal as it was', async () => {
  await run();
  const { renewsInSeconds } = world.signer.status();
  expect(await renew({ app: APP_ID })).toEqual({
    status: 200,
    retryAfter: null,
    body: { app: APP_ID, result: 'unchanged', fingerprint: fingerprint(), expiresInSeconds: 7_190 },
  });
  expect(ticketCalls()).toBe(2);
  expect(world.signer.status()).toMatchObject({ state: 'fresh', renewsInSeconds });
});

it('puts a new ticket in place of the one of the fingerprint, and of no other', async () => {
  await run();
  const old = fingerprint();
  world.sandbox.revokeTickets(APP_ID);
  const renewed = await renew({ fingerprint: old });
  expect(renewed.body).toMatchObject({ result: 'renewed', fingerprint: fingerprint() });
  expect(fingerprint()).not.toBe(old);

  await world.advance(2 * MINUTE);
  expect(await renew({ fingerprint: old })).toMatchObject({
    status: 409,
    body: { code: 'FINGERPRINT_MISMATCH' },
  });
  expect(ticketCalls()).toBe(2);
});

it('tells the platform’s code when that refuses, and keeps the ticket', async () => {
  await run();
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'ip-refused' });
  expect((await renew()).body).toMatchObject({
    result: 'failed',
    fingerprint: fingerprint(),
    failure: { code: 99991401 },
  });
  expect((await world.config()).status).toBe(200);
});

it('asks at once while failures back off', async () => {
  await run();
  world.sandbox.addFault({ kind: 'wrong-secret' });
  world.sandbox.revokeTokens(APP_ID);
  await world.advance(4 * HOUR);
  expect((await world.config()).status).toBe(503);
  world.sandbox.clearFaults();
  expect((await renew()).body).toMatchObject({ result: 'renewed' });
  expect((await world.config()).status).toBe(200);
});

it('renews once a minute at most, and under the ceiling', async () => {
  await run({ TICKET_CALLS_PER_HOUR: '10' });
  expect((await renew()).status).toBe(200);
  expect(await renew()).toMatchObject({ status: 429, retryAfter: '60', body: { code: 'RATE_LIMITED' } });
  await world.advance(MINUTE);
  // Of ten calls an hour two are for now: the start's and the first manual one.
  expect((await renew()).body).toMatchObject({ result: 'failed', failure: { reason: 'ceiling' } });
  expect(ticketCalls()).toBe(2);
});

it.each([
  ['text', { 'Content-Type': 'text/plain' }, 415, 'MEDIA_TYPE'],
  ['{', {}, 400, 'BODY_INVALID'],
  ['[]', {}, 400, 'BODY_INVALID'],
  ['{"app":7}', {}, 400, 'BODY_INVALID'],
  ['{"ap":"x"}', {}, 400, 'BODY_INVALID'],
  ['{"app":"none"}', {}, 400, 'APP_UNKNOWN'],
  [`{"app":"${'x'.repeat(5_000)}"}`, {}, 413, 'BODY_TOO_LARGE'],
  ['{}', { Authorization: 'Bearer no' }, 401, 'UNAUTHORIZED'],
])('refuses %s', async (body, headers, status, code) => {
  await run();
  expect(await renew(body, headers as unknown as Record<string, string>)).toMatchObject({
    status,
    body: { code },
  });
  expect(ticketCalls()).toBe(1);
});
