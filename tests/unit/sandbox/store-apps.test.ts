// Store apps of the simulated platform: their tokens and tickets by tenant, and the events that bring app tickets.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEvent } from '../../../src/open-platform/events';
import type { ConfigCall, SandboxApp } from '../../../src/sandbox/sandbox';
import { expectedSignature } from '../../../src/sandbox/verify';
import { Secret } from '../../../src/base/secret';
import { APP, startSandbox, TICKET_PATH, type Started } from './start-sandbox';

const APP_TOKEN_PATH = '/open-apis/auth/v3/app_access_token';
const TENANT_TOKEN_PATH = '/open-apis/auth/v3/tenant_access_token';
const RESEND_PATH = '/open-apis/auth/v3/app_ticket/resend';
const KEY = 'key-1';

interface Received {
  body: Buffer;
  headers: Record<string, string | string[] | undefined>;
}

describe('a store app', () => {
  let receiver: Server;
  let received: Received[];
  let status: number;
  let started: Started;
  let store: SandboxApp;

  beforeEach(async () => {
    received = [];
    status = 200;
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ body: Buffer.concat(chunks), headers: request.headers });
        response.writeHead(status).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const events = { url: `http://127.0.0.1:${port}/`, encryptKey: KEY, verificationToken: 'tok' };
    store = {
      appId: 'cli_s',
      appSecret: 's',
      trustedDomains: ['h5.example.com'],
      type: 'store',
      tenants: ['t1', 't2'],
      events,
    };
    started = await startSandbox({ apps: [store, APP] });
    await delivered();
  });
  afterEach(async () => {
    await started.sandbox.close();
    receiver.closeAllConnections();
    receiver.close();
  });

  /** Until no delivery is under way. */
  async function delivered(): Promise<void> {
    for (let calm = 0; calm < 3;) {
      await nextTurn();
      calm = started.sandbox.eventsUnderWay === 0 ? calm + 1 : 0;
    }
  }

  const read = ({ body, headers }: Received) =>
    readEvent(
      { body, headers },
      {
        appId: 'cli_s',
        encryptKeys: [new Secret(KEY)],
        verificationTokens: [new Secret('tok')],
        nowMs: started.sandbox.nowMs(),
        maxAgeMs: 1_000,
      },
    );
  const latestAppTicket = () => {
    const event = read(received.at(-1)!);
    return event.kind === 'app-ticket' ? event.appTicket.reveal() : undefined;
  };
  const askAppToken = (app_ticket: unknown, app_secret = 's') =>
    started.post(APP_TOKEN_PATH, { app_id: 'cli_s', app_secret, app_ticket });
  async function tokenOf(tenant_key: string) {
    const { body } = await askAppToken(latestAppTicket());
    const app_access_token = body.app_access_token as string;
    return started.post(TENANT_TOKEN_PATH, { app_access_token, tenant_key });
  }
  const ticketOf = async (tenantKey: string) =>
    (await started.askTicket((await tokenOf(tenantKey)).body.tenant_access_token)).body.data.ticket as string;

  it('is pushed an app ticket at the start and every hour, encrypted and signed', async () => {
    expect(received).toHaveLength(1);
    const first = latestAppTicket();
    await started.clock.advance(3_600_000, delivered);
    expect(received).toHaveLength(2);
    expect(latestAppTicket()).not.toBe(first);
  });

  it('is pushed another one at its asking', async () => {
    const asked = await started.post(RESEND_PATH, { app_id: 'cli_s', app_secret: 's' });
    expect(asked.body).toEqual({ code: 0, msg: 'success' });
    await delivered();
    expect(received).toHaveLength(2);
    expect((await started.post(RESEND_PATH, { app_id: 'cli_s', app_secret: 'x' })).body.code).toBe(10014);
    expect(started.sandbox.counters.calls('app-ticket', 'cli_s')).toBe(2);
  });

  it('gets its own token for an app ticket that is good, the one before the latest included', async () => {
    const first = latestAppTicket();
    await started.sandbox.pushAppTicket('cli_s');
    for (const appTicket of [first, latestAppTicket()])
      expect((await askAppToken(appTicket)).body).toMatchObject({
        code: 0,
        app_access_token: expect.stringMatching(/^a-/),
        expire: 7200,
      });
    await started.sandbox.pushAppTicket('cli_s');
    expect((await askAppToken(first)).body).toEqual({ code: 10012, msg: 'app_ticket invalid' });
    started.sandbox.revokeAppTickets('cli_s');
    expect((await askAppToken(latestAppTicket())).body.code).toBe(10012);
    expect((await askAppToken(undefined)).body.code).toBe(10012);
    expect((await askAppToken(first, 'wrong')).body.code).toBe(10014);
  });

  it('gets a token and a ticket for each tenant that has installed it, and for no other', async () => {
    const [one, two] = [await ticketOf('t1'), await ticketOf('t2')];
    expect(one).not.toBe(two);
    expect(await ticketOf('t1')).toBe(one);
    expect(started.sandbox.issuedTickets('cli_s', 't1')).toEqual([one]);
    expect(started.sandbox.issuedTickets('cli_s').sort()).toEqual([one, two].sort());
    expect((await tokenOf('t3')).body).toEqual({ code: 99991673, msg: 'app unavailable in this tenant' });
    const dead = await started.post(TENANT_TOKEN_PATH, { app_access_token: 'a-none', tenant_key: 't1' });
    expect(dead.body.code).toBe(99991664);
    expect((await started.post(TENANT_TOKEN_PATH, { app_access_token: 'a-none' })).body.code).toBe(10003);
  });

  it('has no ticket of its own, and nothing at the endpoints of custom apps', async () => {
    const { body } = await askAppToken(latestAppTicket());
    const refused = await started.post(TICKET_PATH, undefined, {
      authorization: `Bearer ${body.app_access_token as string}`,
    });
    expect(refused.body.code).toBe(99991663);
    for (const path of [TENANT_TOKEN_PATH, APP_TOKEN_PATH])
      expect((await started.post(`${path}/internal`, { app_id: 'cli_s', app_secret: 's' })).body.code).toBe(
        10003,
      );
    const custom = { app_id: APP.appId, app_secret: APP.appSecret, app_ticket: 'x' };
    expect((await started.post(APP_TOKEN_PATH, custom)).body.code).toBe(10003);
    expect((await started.post(RESEND_PATH, custom)).body.code).toBe(10016);
    started.sandbox.addApp({ ...APP, disabled: true });
    expect((await started.post(RESEND_PATH, custom)).body.code).toBe(10014);
  });

  it('has a signature accepted by the tenant whose ticket made it, and by no other', async () => {
    const ticket = await ticketOf('t1');
    const timestamp = started.sandbox.nowMs();
    const url = 'https://h5.example.com/a';
    const call = {
      appId: 'cli_s',
      timestamp,
      nonceStr: 'n',
      signature: expectedSignature(ticket, 'n', timestamp, url),
      url,
    };
    await ticketOf('t2');
    expect(started.sandbox.verify({ ...call, tenantKey: 't2' }).errCode).toBe(333441);
    expect(started.sandbox.verify({ ...call, tenantKey: 't9' }).errCode).toBe(333442);
    expect(started.sandbox.verify({ ...call, tenantKey: 't1' }).errCode).toBe(0);
  });

  it('is sent an event again, with the same uuid, until it takes it', async () => {
    status = 500;
    const sending = started.sandbox.sendEvent('cli_s', { type: 'message', text: 'hi' });
    expect(await sending).toEqual([500]);
    await started.clock.advance(15_000, delivered);
    status = 200;
    await started.clock.advance(300_000, delivered);
    await started.clock.advance(3_000_000, delivered);
    const { deliveries } = started.sandbox;
    expect(deliveries.filter(({ type }) => type === 'message')).toMatchObject([
      { attempt: 1, status: 500 },
      { attempt: 2, status: 500 },
      { attempt: 3, status: 200 },
    ]);
    expect(new Set(deliveries.map(({ uuid }) => uuid)).size).toBe(2);
  });

  it('can be sent one event many times over', async () => {
    expect(await started.sandbox.sendEvent('cli_s', { type: 'message' }, 3)).toEqual([200, 200, 200]);
    const uuids = received.slice(1).map((event) => {
      const judged = read(event);
      return judged.kind === 'other' && judged.uuid;
    });
    expect(new Set(uuids).size).toBe(1);
  });

  it('proves its request URL by the challenge', async () => {
    expect(await started.sandbox.verifyEventUrl('cli_s')).toBe(false);
    expect(read(received.at(-1)!)).toMatchObject({ kind: 'url-verification' });
    expect(received.at(-1)!.headers['x-lark-signature']).toBeUndefined();
  });

  it('is steered over HTTP', async () => {
    await started.post('/sandbox/events', { appId: 'cli_s' });
    await started.post('/sandbox/events', { appId: 'cli_s', event: { type: 'message' }, times: 2 });
    await delivered();
    const { body } = await started.call('GET', '/sandbox/events');
    expect((body as { type: string }[]).map(({ type }) => type)).toEqual([
      'app_ticket',
      'app_ticket',
      'message',
      'message',
    ]);
    await started.post('/sandbox/revoke', { appId: 'cli_s', what: 'app-tickets' });
    expect((await askAppToken(latestAppTicket())).body.code).toBe(10012);
    const more = { ...store, appId: 'cli_t' };
    expect((await started.post('/sandbox/apps', more)).body).toEqual({ added: 'cli_t' });
    await delivered();
    expect(started.sandbox.deliveries.at(-1)).toMatchObject({
      appId: 'cli_t',
      type: 'app_ticket',
      status: 200,
    });
    expect((await started.post('/sandbox/apps', { ...more, events: { url: 'ftp://x' } })).status).toBe(400);
  });
});

describe('tickets for web components', () => {
  it('come from the app itself or from a user, and are good for components only', async () => {
    const started = await startSandbox();
    const { appId, appSecret } = APP;
    const own = await started.post(`${APP_TOKEN_PATH}/internal`, { app_id: appId, app_secret: appSecret });
    expect(own.body).toMatchObject({ code: 0, app_access_token: expect.stringMatching(/^a-/), expire: 7200 });
    const { body: user } = await started.post('/sandbox/users', { appId, openId: 'ou_1' });
    const tickets = [await started.ticketOf()];
    for (const token of [own.body.app_access_token, user.user_access_token])
      tickets.push((await started.askTicket(token)).body.data.ticket);
    expect(new Set(tickets).size).toBe(3);

    const timestamp = started.sandbox.nowMs();
    const signed = (ticket: string, url: string) => ({
      appId,
      timestamp,
      nonceStr: 'n',
      signature: expectedSignature(ticket, 'n', timestamp, url),
      url: 'https://h5.example.com/a?x=1#y',
    });
    const bare = 'https://h5.example.com/a';
    const verify = (call: ConfigCall) => started.sandbox.verify(call);
    const [, ofApp, ofUser] = tickets as [string, string, string];
    expect(verify(signed(ofApp, `${bare}?x=1`)).errCode).toBe(333441);
    expect(verify({ ...signed(ofApp, `${bare}?x=1`), kind: 'component' }).errCode).toBe(333441);
    expect(verify({ ...signed(ofApp, bare), kind: 'component' }).errCode).toBe(0);
    expect(verify({ ...signed(ofUser, bare), kind: 'component' }).errCode).toBe(333450);
    expect(verify({ ...signed(ofUser, bare), kind: 'component', openId: 'ou_2' }).errCode).toBe(333450);
    expect(verify({ ...signed(ofUser, bare), kind: 'component', openId: 'ou_1' }).errCode).toBe(0);
    await started.sandbox.close();
  });
});
