// Store apps from end to end: app tickets in, tenants' signatures out, and the errors when something is missing.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ADMIN_TOKEN,
  createStoreWorld,
  ENCRYPT_KEY,
  type StoreWorld,
  type StoreWorldOptions,
  VERIFICATION_TOKEN,
} from '../support/store-world';
import { appTicketEvent, send } from '../support/platform-events';
import { HOUR, MINUTE } from '../support/world';

let world: StoreWorld;
afterEach(() => world.close());

async function run(options: StoreWorldOptions = {}): Promise<void> {
  world = await createStoreWorld(options);
}

const ready = async (path = '/readyz') => (await world.get(path)).status;
const postEvent = (path: string, event: { body: Buffer; headers: Record<string, string> }) =>
  world.get(path, { method: 'POST', body: new Uint8Array(event.body), headers: event.headers });

/** What the platform has to say of the tenants' tokens: how often it was asked. */
const tokenCalls = () => world.sandbox.counters.calls('token', 'cli_shop');

describe('a store app', () => {
  it('signs for each tenant with its own ticket, which no other tenant accepts', async () => {
    await run();
    for (const tenant of ['tenant-1', 'tenant-2']) {
      const reply = await world.sign('shop', tenant);
      expect(reply.status).toBe(200);
      expect(world.accepts(reply, tenant === 'tenant-1' ? 'tenant-2' : 'tenant-1')).toBe(false);
      expect(world.accepts(reply, tenant)).toBe(true);
    }
    await world.sign('shop', 'tenant-1');
    expect(world.sandbox.counters.calls('ticket', 'cli_shop')).toBe(2);
    expect(world.sandbox.counters.calls('app-token', 'cli_shop')).toBe(1);
  });

  it('asks for the tenant, and refuses one that has not installed the app, once for ten minutes', async () => {
    await run();
    expect(await world.sign('shop')).toMatchObject({ status: 400, body: { code: 'TENANT_REQUIRED' } });
    // The last three name other things than a tenant's ticket in the store.
    for (const wrong of ['a%20b', 'app-ticket', 'tenants', 'component'])
      expect([wrong, await world.sign('shop', wrong)]).toMatchObject([
        wrong,
        { status: 400, body: { code: 'TENANT_REQUIRED' } },
      ]);
    for (let time = 0; time < 5; time += 1) {
      const refused = await world.sign('shop', 'stranger');
      expect(refused).toMatchObject({ status: 403, body: { code: 'TENANT_NOT_ALLOWED' } });
      await world.advance(MINUTE);
    }
    expect(tokenCalls()).toBe(1);
    await world.advance(10 * MINUTE);
    world.sandbox.addApp({ ...world.appOf('shop'), tenants: ['stranger'] });
    expect((await world.sign('shop', 'stranger')).status).toBe(200);
  });

  it('signs for the tenants that are listed and for no other, without asking the platform', async () => {
    await run({ more: { tenants: ['tenant-1'] } });
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
    expect(await world.sign('shop', 'tenant-2')).toMatchObject({ status: 403 });
    expect(tokenCalls()).toBe(1);
  });

  it('signs again when the tenant’s tokens and tickets have run out, and renews only what is asked for', async () => {
    await run();
    for (let hours = 0; hours < 6; hours += 1) {
      const reply = await world.sign('shop', 'tenant-1');
      expect(world.accepts(reply, 'tenant-1')).toBe(true);
      if (hours === 0) await world.sign('shop', 'tenant-2');
      await world.advance(HOUR);
    }
    // A tenant that is asked for: one ticket every 90 minutes. One that is not: its first, and one in vain.
    expect(world.sandbox.issuedTickets('cli_shop', 'tenant-1').length).toBe(4);
    expect(world.sandbox.issuedTickets('cli_shop', 'tenant-2').length).toBe(2);
    expect(world.sandbox.counters.calls('ticket', 'cli_shop')).toBe(6);
  });

  it('gets a new app_access_token when the platform refuses the one it has', async () => {
    await run();
    await world.sign('shop', 'tenant-1');
    world.sandbox.revokeTokens('cli_shop');
    const reply = await world.sign('shop', 'tenant-2');
    expect(world.accepts(reply, 'tenant-2')).toBe(true);
  });

  it('takes a report of a dead ticket for the tenant it names', async () => {
    await run();
    const { body } = await world.sign('shop', 'tenant-1');
    await world.sign('shop', 'tenant-2');
    world.sandbox.revokeTickets('cli_shop');
    const report = JSON.stringify({ ...body, tenantKey: 'tenant-1', errorCode: 333442 });
    const reported = world.get('/report?app=shop', { method: 'POST', body: report });
    await world.settle();
    expect((await reported).status).toBe(204);
    expect(world.accepts(await world.sign('shop', 'tenant-1'), 'tenant-1')).toBe(true);
    expect(world.accepts(await world.sign('shop', 'tenant-2'), 'tenant-2')).toBe(false);
  });
});

describe('the metrics', () => {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const metric = async (line: string): Promise<number | undefined> => {
    const { text } = await world.get('/metrics', { headers });
    const found = text.split('\n').find((each) => each.startsWith(`lark_jsapi_${line} `));
    return found === undefined ? undefined : Number(found.split(' ')[1]);
  };
  const failures = (code: number) => metric(`ticket_renewal_failures_total{app="cli_shop",code="${code}"}`);

  it('count the failures of the own token, which the log tells', async () => {
    await run();
    world.sandbox.addFault({ endpoint: 'app-token', kind: 'code', code: 10014 });
    // The token's window opens half an hour before its end; no page asks.
    await world.advance(95 * MINUTE);
    expect(await failures(10014)).toBeGreaterThan(1);
    const lines = world.logLines.map((line) => JSON.parse(line) as { msg: string });
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ level: 'warn', msg: 'the app_access_token could not be renewed' },
        ...{ appId: 'cli_shop', endpoint: 'app_access_token', code: 10014 },
      }),
    );
    // LarkJsapiTicketNotRenewed looks at the end of this token, less the last ten seconds.
    const endsAtSeconds = await metric('ticket_expires_timestamp_seconds{app="cli_shop"}');
    expect(endsAtSeconds! - world.clock.wallMs() / 1_000).toBe(25 * 60 - 10);
  });

  it('count a secret that is wrong from the start, when no app ticket comes', async () => {
    await run({ unconnected: true, more: { appSecret: 'wrong' } });
    await world.advance(5 * MINUTE);
    const { text } = await world.get('/metrics', { headers });
    expect(text).toMatch(/ticket_renewal_failures_total\{app="cli_shop",code="(10003|10014|10015)"\} [1-9]/);
  });

  it.each([10016, 10014, 10003, 99991662])(
    'name what the platform says of the app, code %i, when no app ticket comes',
    async (code) => {
      await run({ unconnected: true });
      world.sandbox.addFault({ endpoint: 'app-ticket', kind: 'code', code, msg: 'no' });
      await world.advance(20 * MINUTE);
      const { status, body } = await world.sign('shop', 'tenant-1');
      expect({ status, body }).toMatchObject({ status: 503, body: { code: 'APP_MISCONFIGURED' } });
      expect(JSON.stringify(body)).toContain(`code ${code}`);
    },
  );

  it('tell how many tenants have no ticket, and how many have one', async () => {
    await run();
    await world.sign('shop', 'tenant-1');
    expect(await metric('tenants_signing{app="cli_shop"}')).toBe(1);
    expect(await metric('tenants_without_ticket{app="cli_shop"}')).toBe(0);
    world.sandbox.addFault({ endpoint: 'ticket', kind: 'code', code: 1500 });
    await world.sign('shop', 'tenant-2');
    expect(await metric('tenants_without_ticket{app="cli_shop"}')).toBe(1);
    await world.advance(2 * HOUR);
    await world.sign('shop', 'tenant-1');
    // The second is a stranger without further requests.
    expect(await metric('tenants_without_ticket{app="cli_shop"}')).toBe(1);
    expect(await metric('tenants_signing{app="cli_shop"}')).toBe(0);
  });

  it('do not take a tenant that is refused for an app that is refused', async () => {
    await run();
    expect(await world.sign('shop', 'stranger')).toMatchObject({ status: 403 });
    const { text } = await world.get('/metrics', { headers });
    expect(text).not.toContain('ticket_renewal_failures_total{');
    expect(await metric('tenant_refusals_total{app="cli_shop",what="refused"}')).toBe(1);
    expect(await metric('tenants_without_ticket{app="cli_shop"}')).toBe(0);
  });
});

describe('the app ticket', () => {
  it('is requested when it is missing, and the pages that wait are answered when it comes', async () => {
    await run({ unconnected: true });
    await world.settle();
    expect(world.sandbox.counters.calls('app-ticket', 'cli_shop')).toBe(1);
    const missing = world.sign('shop', 'tenant-1');
    expect(await missing).toMatchObject({ status: 503, body: { code: 'TICKET_UNAVAILABLE' } });
    expect((await missing).body.detail).toContain('app ticket');
    await world.connect();
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
  });

  it('counts as ready while only the event is missing, and not with a wrong secret', async () => {
    await run({ unconnected: true });
    await world.settle();
    expect(await ready()).toBe(200);
    expect(await ready('/readyz?app=shop')).toBe(503);
    await world.connect();
    expect(await ready('/readyz?app=shop')).toBe(200);
    await world.close();
    world = await createStoreWorld({ unconnected: true, env: {}, more: { appSecret: 'wrong' } });
    await world.settle();
    expect(await ready()).toBe(503);
  });

  it('is dropped on 10012, asked for, and replaced by the one that is pushed', async () => {
    await run();
    await world.sign('shop', 'tenant-1');
    world.sandbox.revokeAppTickets('cli_shop');
    world.sandbox.revokeTokens('cli_shop');
    expect((await world.sign('shop', 'tenant-2')).status).toBe(503);
    await world.advance(MINUTE);
    expect(world.sandbox.counters.calls('app-ticket', 'cli_shop')).toBe(2);
    expect(world.accepts(await world.sign('shop', 'tenant-2'), 'tenant-2')).toBe(true);
  });

  it('can be handed over by an operator', async () => {
    await run({ unconnected: true });
    await world.settle();
    const put = (body: unknown, token = ADMIN_TOKEN, app = 'shop') =>
      world.get(`/admin/apps/${app}/app-ticket`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const appTicket = await world.sandbox.pushAppTicket('cli_shop');
    expect((await put({ appTicket }, 'a-token-that-is-wrong')).status).toBe(401);
    expect((await put({ appTicket: 'two words' })).status).toBe(400);
    expect((await put({ appTicket }, ADMIN_TOKEN, 'wiki')).status).toBe(400);
    expect((await put({ appTicket })).status).toBe(204);
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
    expect(world.logLines.join('')).not.toContain(appTicket);
  });
});

describe('events', () => {
  const event = (appTicket: string, ts: number, uuid = `u${ts}`) =>
    send(appTicketEvent({ appId: 'cli_shop', appTicket, ts: String(ts), uuid, token: VERIFICATION_TOKEN }), {
      encryptKey: ENCRYPT_KEY,
      timestampMs: world.sandbox.nowMs(),
    });

  it('answers the challenge, and events that come twice', async () => {
    await run();
    expect(await world.sandbox.verifyEventUrl('cli_shop')).toBe(true);
    expect(world.sandbox.deliveries.length).toBeGreaterThan(0);
    expect(world.sandbox.deliveries.every(({ status }) => status === 200)).toBe(true);
    const twice = event('again', world.sandbox.nowMs() / 1_000);
    for (let time = 0; time < 2; time += 1)
      expect(await postEvent('/events/cli_shop', twice)).toMatchObject({ status: 200, text: '{}' });
  });

  it('says the same of everything that is not believed, and of apps that are not there', async () => {
    await run();
    const forged = event('forged', 1);
    const wrong = { ...forged, headers: { ...forged.headers, 'x-lark-request-nonce': 'other' } };
    const replies = [
      await postEvent('/events/shop', wrong),
      await postEvent('/events/nobody', wrong),
      await postEvent('/events/shop', { body: Buffer.from('{}'), headers: {} }),
    ];
    const texts = replies.map(({ status, text }) => {
      expect(status).toBe(401);
      return JSON.stringify({ ...(JSON.parse(text) as object), requestId: '' });
    });
    expect(new Set(texts).size).toBe(1);
    expect(world.logLines.some((line) => line.includes('wrong signature'))).toBe(true);
    const large = { body: Buffer.alloc(65_537, 'x'), headers: {} };
    expect((await postEvent('/events/shop', large)).status).toBe(413);
    expect((await world.get('/events/shop')).status).toBe(405);
  });

  it('refuses other events visibly without a configured receiver', async () => {
    await run();
    expect(await world.sandbox.sendEvent('cli_shop', { type: 'message' })).toEqual([501]);
    expect(world.logLines.some((line) => line.includes('eventsForwardTo'))).toBe(true);
  });

  it('takes app tickets in the order of the platform, not of their arrival', async () => {
    await run({ unconnected: true });
    const old = await world.sandbox.pushAppTicket('cli_shop');
    world.sandbox.revokeAppTickets('cli_shop');
    const good = await world.sandbox.pushAppTicket('cli_shop');
    const now = world.sandbox.nowMs() / 1_000;
    await postEvent('/events/shop', event(good, now));
    await postEvent('/events/shop', event(old, now - 60));
    await nextTurn();
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
  });

  /** A genuine event's frame around an invalid app ticket, from a platform whose clock is a century ahead. */
  const fromTheFuture = () => event('made-up', world.sandbox.nowMs() / 1_000 + 3e9);

  it('replaces an app ticket that claims to be made in the future by the next one that is pushed', async () => {
    await run({ unconnected: true });
    expect((await postEvent('/events/shop', fromTheFuture())).status).toBe(200);
    expect((await world.sign('shop', 'tenant-1')).status).toBe(503);
    await world.connect();
    await world.advance(MINUTE);
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
  });

  it('replaces it, and every other, by the one that an operator hands over', async () => {
    await run({ unconnected: true });
    await postEvent('/events/shop', fromTheFuture());
    const appTicket = await world.sandbox.pushAppTicket('cli_shop');
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ appTicket });
    // Half a minute ahead of ours the platform's clock may be.
    await postEvent('/events/shop', event('made-up', world.sandbox.nowMs() / 1_000 + 30));
    const put = await world.get('/admin/apps/shop/app-ticket', { method: 'PUT', headers, body });
    expect(put.status).toBe(204);
    // A load that the events have begun ends first.
    await world.advance(10_000);
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
  });

  it.each([
    ['the same event', () => 'made-up', 'u1'],
    ['the same event, without an id', () => 'made-up', ''],
    ['the same event, without an id, while the platform fails', () => 'made-up', ''],
    ['events that all differ', (index: number) => `made-up-${index}`, undefined],
  ])('costs few calls to the platform: 200 times %s in ten minutes', async (name, appTicket, uuid) => {
    await run({ unconnected: true });
    await world.settle();
    const calls = () =>
      world.sandbox.counters.calls('app-token', 'cli_shop') +
      world.sandbox.counters.calls('app-ticket', 'cli_shop');
    if (name.includes('fails')) world.sandbox.addFault({ kind: 'http-error', endpoint: 'app-token' });
    const before = calls();
    const ts = world.sandbox.nowMs() / 1_000;
    for (let index = 0; index < 200; index += 1) {
      const at = uuid === undefined ? world.sandbox.nowMs() / 1_000 : ts;
      const sent = event(appTicket(index), at, uuid ?? `u${index}`);
      expect((await postEvent('/events/shop', sent)).status).toBe(200);
      await world.advance(3_000);
    }
    process.stdout.write(`200 events in ten minutes, ${name}: ${calls() - before} calls to the platform\n`);
    // The back-off and one load a minute, each of which may ask for a push.
    expect(calls() - before).toBeLessThan(50);
    world.sandbox.clearFaults();
    await world.connect();
    await world.advance(2 * MINUTE);
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
  });

  it('passes through a flood of forged ones from the same address, whose unsigned ones are not even read', async () => {
    await run({ unconnected: true });
    const statuses = new Map<number, number>();
    for (let index = 0; index < 300; index += 1) {
      const forged = event('made-up', 1);
      // Some claim a signature, some a url_verification.
      const headers = index % 2 ? { 'x-lark-signature': '0'.repeat(64) } : {};
      const reply = await postEvent('/events/shop', { ...forged, headers });
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      if (reply.status === 429) expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
    process.stdout.write(`300 forged events: ${JSON.stringify([...statuses])}\n`);
    expect(statuses).toEqual(
      new Map([
        [401, 155],
        [429, 145],
      ]),
    );
    const told = world.logLines.filter(
      (line) => line.includes('event rejected') && !line.includes('"debug"'),
    );
    expect(told).toHaveLength(10);
    await world.connect();
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
    expect(world.sandbox.deliveries.map(({ status }) => status)).toEqual([200]);
    expect(await world.sandbox.verifyEventUrl('cli_shop')).toBe(false);
    await world.advance(MINUTE);
    expect(await world.sandbox.verifyEventUrl('cli_shop')).toBe(true);
  });
});
