// The simulated platform over HTTP: tokens, tickets, its codes and headers, and what it counts.
import { connect } from 'node:net';
import { createSandbox } from '../../../src/sandbox/sandbox';
import { FakeClock } from '../../support/fake-clock';
import { APP, OTHER_APP, startSandbox, TICKET_PATH, TOKEN_PATH, type Started } from './start-sandbox';

const DISABLED = { ...OTHER_APP, appId: 'cli_c', disabled: true };

describe('the simulated platform', () => {
  let started: Started;
  beforeEach(async () => {
    started = await startSandbox();
    started.sandbox.addApp(DISABLED);
  });
  afterEach(() => started.sandbox.close());

  it('issues a token and, for it, a ticket, in the documented shapes', async () => {
    const token = await started.askToken();
    expect(token.status).toBe(200);
    expect(token.body).toEqual({
      code: 0,
      msg: 'ok',
      tenant_access_token: expect.stringMatching(/^t-[0-9a-f]{40}$/),
      expire: 7200,
    });
    const ticket = await started.askTicket(token.body.tenant_access_token);
    expect(ticket.status).toBe(200);
    expect(ticket.body).toEqual({
      code: 0,
      msg: 'ok',
      data: { expire_in: 7200, ticket: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect(ticket.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('repeats token and ticket with the seconds that are left, rounded down', async () => {
    const first = await started.askToken();
    const ticket = await started.askTicket(first.body.tenant_access_token);
    await started.clock.advance(10_500);
    const again = await started.askToken();
    expect(again.body).toEqual({ ...first.body, expire: 7189 });
    expect((await started.askTicket(first.body.tenant_access_token)).body.data).toEqual({
      ticket: ticket.body.data.ticket,
      expire_in: 7189,
    });
  });

  it('takes the old token until its own expiry, and refuses it with 99991663 after that', async () => {
    const old = (await started.askToken()).body.tenant_access_token;
    await started.clock.advance(5_400_001);
    expect((await started.askToken()).body.tenant_access_token).not.toBe(old);
    expect((await started.askTicket(old)).body.code).toBe(0);
    await started.clock.advance(1_799_999);
    const refused = await started.askTicket(old);
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe(99991663);
  });

  it('takes lives of seconds, set at the start or while it runs', async () => {
    started.sandbox.setTicketLife(60);
    started.sandbox.setTokenLife(40);
    const token = await started.askToken();
    expect(token.body.expire).toBe(40);
    expect((await started.askTicket(token.body.tenant_access_token)).body.data.expire_in).toBe(60);
    const short = await startSandbox({ ticketLifeSeconds: 9, tokenLifeSeconds: 8 });
    const shortToken = await short.askToken();
    expect(shortToken.body.expire).toBe(8);
    expect((await short.askTicket(shortToken.body.tenant_access_token)).body.data.expire_in).toBe(9);
    await short.sandbox.close();
  });

  it('kills tokens and tickets early on demand, of one app only', async () => {
    const token = (await started.askToken()).body.tenant_access_token;
    const others = (await started.askToken(OTHER_APP)).body.tenant_access_token;
    started.sandbox.revokeTokens(APP.appId);
    expect((await started.askTicket(token)).body.code).toBe(99991663);
    expect((await started.askTicket(others)).body.code).toBe(0);
    const before = await started.ticketOf();
    started.sandbox.revokeTickets(APP.appId);
    expect(await started.ticketOf()).not.toBe(before);
  });

  it.each([
    ['a wrong secret', { app_id: APP.appId, app_secret: 'x' }, 10014, 'app secret invalid'],
    ['an unknown app', { app_id: 'cli_unknown', app_secret: 'x' }, 10014, 'app id not exists'],
    ['a disabled app', { app_id: DISABLED.appId, app_secret: DISABLED.appSecret }, 10014, 'app is disabled'],
    ['an invalid id', { app_id: 'xxx', app_secret: 'x' }, 10003, 'invalid param'],
    ['a missing secret', { app_id: APP.appId }, 10003, 'invalid param'],
    ['an id of the wrong type', { app_id: 1, app_secret: 'x' }, 10003, 'invalid param'],
    ['no object', null, 10003, 'invalid param'],
    ['no body', undefined, 10003, 'invalid param'],
  ])('refuses the token call with %s by a code under HTTP 200', async (_name, body, code, msg) => {
    const refused = await started.post(TOKEN_PATH, body);
    expect(refused.status).toBe(200);
    expect(refused.body).toEqual({ code, msg });
  });

  it('refuses credentials that are not sent as JSON with 10003', async () => {
    const body = { app_id: APP.appId, app_secret: APP.appSecret };
    const refused = await started.post(TOKEN_PATH, body, { 'content-type': 'text/plain' });
    expect(refused.body.code).toBe(10003);
  });

  it('refuses a disabled app at both endpoints', async () => {
    const token = (await started.askToken()).body.tenant_access_token;
    started.sandbox.addApp({ ...APP, disabled: true });
    expect((await started.askToken()).body.code).toBe(10014);
    expect((await started.askTicket(token)).body.code).toBe(99991662);
  });

  it.each([
    ['no token', {}, 99991661],
    ['an empty token', { authorization: 'Bearer ' }, 99991661],
    ['an invalid token', { authorization: 'Bearer x' }, 99991671],
    ['an unknown token', { authorization: 'Bearer t-x' }, 99991663],
  ])('refuses the ticket call with %s', async (_name, headers, code) => {
    const refused = await started.post(TICKET_PATH, undefined, headers);
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe(code);
    expect(refused.body.error.log_id).toBe(refused.headers.get('x-tt-logid'));
  });

  it.each([
    ['GET', TICKET_PATH, 99991301, 405],
    ['PUT', TICKET_PATH, 99991301, 405],
    ['GET', TOKEN_PATH, 99991301, 405],
    ['DELETE', `${TOKEN_PATH}?x=1`, 99991301, 405],
    ['GET', '/open-apis/auth/v3/app_ticket/resend', 99991301, 405],
    ['POST', '/open-apis/none', 99991201, 404],
    ['POST', '/open-apis/', 99991201, 404],
    ['POST', `${TICKET_PATH}/`, 99991201, 404],
    ['POST', '/open-apis/open-apis/jssdk/ticket/get', 99991201, 404],
    ['POST', '/open-apis/bot/v3/info', 99991201, 404],
    ['GET', '/open-apis/bot/v3/info?x=1', 99991661, 400],
  ])('answers %s %s with %i, with a token or without', async (method, path, code, status) => {
    const refused = await started.call(method, path);
    expect([refused.body.code, refused.status]).toEqual([code, status]);
    const token = (await started.askToken()).body.tenant_access_token;
    const headers = { authorization: `Bearer ${token}` };
    const again = await fetch(started.url + path, { method, headers });
    expect(await again.json()).toMatchObject({ code: code === 99991661 ? 404 : code });
    expect(started.sandbox.issuedTickets(APP.appId)).toEqual([]);
  });

  it('issues users tokens that are JWTs of nearly 4 KB, and says of a dead one that it is a user’s', async () => {
    const token = started.sandbox.userToken(APP.appId, 'ou_1');
    expect(token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(token.length).toBeGreaterThan(3_500);
    expect((await started.askTicket(token)).body.code).toBe(0);
    await started.clock.advance(7_200_000);
    expect((await started.askTicket(token)).body.code).toBe(99991677);
    const other = started.sandbox.userToken(APP.appId, 'ou_1');
    started.sandbox.revokeTokens(APP.appId);
    expect((await started.askTicket(other)).body.code).toBe(99991668);
  });

  it.each(['u-unknown', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', 'eyJ.', 'u-', `eyJ${'a'.repeat(4_000)}.b.c`])(
    'refuses %.30s as an invalid user token',
    async (token) => {
      const refused = await started.askTicket(token);
      expect([refused.body.code, refused.status]).toEqual([99991668, 400]);
    },
  );

  it('dates every reply by its own clock and gives each a log id of its own', async () => {
    const right = await started.askToken();
    expect(right.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(right.headers.get('x-tt-logid')).toMatch(/^20260101000000[0-9a-f]{18}$/);
    started.sandbox.moveClock(900_000);
    const refused = await started.call('GET', '/open-apis/none');
    expect(refused.headers.get('date')).toBe('Thu, 01 Jan 2026 00:15:00 GMT');
    expect(refused.headers.get('x-tt-logid')).not.toBe(right.headers.get('x-tt-logid'));
  });

  it('refuses to move its clock beyond what can be written as a date', () => {
    expect(() => started.sandbox.moveClock(1e15)).toThrow(RangeError);
    expect(() => started.sandbox.moveClock(NaN)).toThrow(RangeError);
    expect(started.sandbox.clockOffsetMs).toBe(0);
  });

  it('counts every call per app and endpoint, refused ones included', async () => {
    const { counters } = started.sandbox;
    await started.ticketOf();
    await started.ticketOf();
    await started.ticketOf(OTHER_APP);
    await started.askToken({ ...APP, appSecret: 'wrong' });
    await started.clock.advance(1_000);
    started.sandbox.revokeTokens(APP.appId);
    await started.askTicket('t-nobody');
    expect(counters.calls()).toBe(8);
    expect(counters.calls('token')).toBe(4);
    expect(counters.calls('ticket')).toBe(4);
    expect(counters.calls('ticket', APP.appId)).toBe(2);
    expect(counters.calls('token', APP.appId)).toBe(3);
    expect(counters.calls(undefined, OTHER_APP.appId)).toBe(2);
    expect(counters.list.map(({ endpoint, code }) => [endpoint, code])).toEqual([
      ['token', 0],
      ['ticket', 0],
      ['token', 0],
      ['ticket', 0],
      ['token', 0],
      ['ticket', 0],
      ['token', 10014],
      ['ticket', 99991663],
    ]);
    expect(counters.list.at(-1)).toMatchObject({ appId: undefined, atMs: Date.UTC(2026, 0, 1) + 1_000 });
    counters.reset();
    expect(counters.calls()).toBe(0);
    expect(counters.list).toEqual([]);
  });

  it('counts a call with a dead token for the app it was issued to', async () => {
    const token = (await started.askToken()).body.tenant_access_token;
    started.sandbox.revokeTokens(APP.appId);
    await started.askTicket(token);
    expect(started.sandbox.counters.calls('ticket', APP.appId)).toBe(1);
  });

  it('answers after its latency, on the clock', async () => {
    const slow = await startSandbox({ latencyMs: 100 });
    const asked = slow.askToken();
    while (slow.clock.timers === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(slow.clock.untilNextTimerMs).toBe(100);
    await slow.clock.advance(100);
    expect((await asked).body.code).toBe(0);
    await slow.sandbox.close();
  });

  it('refuses a body of more than a megabyte', async () => {
    expect((await started.post('/sandbox/verify', 'x'.repeat(1_000_000))).status).toBe(413);
  });
});

describe('listen and close', () => {
  it('closes before it listened, and while a client holds a silent connection', async () => {
    const sandbox = createSandbox({ clock: new FakeClock() });
    await sandbox.close();
    const { port } = await sandbox.listen();
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await sandbox.close();
    await gone;
  });

  it('comes back on its port after an outage, with everything it had issued', async () => {
    const started = await startSandbox();
    const { sandbox, url } = started;
    const before = await started.ticketOf();
    const token = (await started.askToken()).body.tenant_access_token;
    await sandbox.close();
    await expect(started.askToken()).rejects.toThrow();
    await sandbox.listen({ port: Number(new URL(url).port) });
    expect((await started.askTicket(token)).body.data.ticket).toBe(before);
    await sandbox.close();
  });

  it('rejects when the port is taken', async () => {
    const sandbox = createSandbox({ clock: new FakeClock() });
    const { port } = await sandbox.listen();
    const second = createSandbox({ clock: new FakeClock() });
    await expect(second.listen({ port })).rejects.toThrow(/EADDRINUSE/);
    await sandbox.close();
  });
});
