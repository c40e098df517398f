// The simulated platform's own HTTP interface, for pages and shells.
import { CONTROL_PATHS } from '../../../src/sandbox/control-routes';
import { expectedSignature } from '../../../src/sandbox/verify';
import { askAs } from '../../support/ask-as';
import { APP, startSandbox, type Started } from './start-sandbox';

describe('control API', () => {
  let started: Started;
  beforeEach(async () => {
    started = await startSandbox();
  });
  afterEach(() => started.sandbox.close());

  it('verifies a page', async () => {
    const ticket = await started.ticketOf();
    const [nonceStr, timestamp, url] = ['n', started.clock.wallMs(), 'https://h5.example.com/'];
    const signature = expectedSignature(ticket, nonceStr, timestamp, url);
    const call = { appId: APP.appId, timestamp, nonceStr, signature, url, jsApiList: [], debug: true };
    expect((await started.post('/sandbox/verify', call)).body).toEqual({ errCode: 0, errMsg: 'ok' });
    expect((await started.post('/sandbox/verify', call)).body.errCode).toBe(333443);
    expect((await started.post('/sandbox/verify', { ...call, timestamp: 'x' })).body.errCode).toBe(1012);
  });

  it('answers at no name but those of this machine, so that no page reads it whose name was made to lead here', async () => {
    const port = Number(new URL(started.url).port);
    for (const target of ['GET /sandbox/counters', 'POST /sandbox/faults', 'GET /']) {
      const { status, text } = await askAs(port, target, { Host: 'rebound.attacker.example' }, '{}');
      expect({ status, text }).toMatchObject({ status: 403, text: expect.stringContaining('--host') });
    }
    expect((await askAs(port, 'GET /sandbox/counters', { Host: `localhost:${port}` })).status).toBe(200);
    // A service in a container knows this machine by one of its own names.
    const reply = await askAs(port, 'GET /open-apis/x', { Host: 'host.docker.internal' });
    expect(reply.status).not.toBe(403);
  });

  it('shows and resets the counters', async () => {
    await started.ticketOf();
    const { body } = await started.call('GET', '/sandbox/counters');
    expect(body.total).toBe(2);
    expect(body.apps).toEqual({ [APP.appId]: { token: 1, ticket: 1 } });
    expect(body.calls).toHaveLength(2);
    expect((await started.call('DELETE', '/sandbox/counters')).body.total).toBe(0);
    expect(started.sandbox.counters.calls()).toBe(0);
  });

  it('puts faults in force and clears them', async () => {
    const added = await started.post('/sandbox/faults', { kind: 'rate-limit', endpoint: 'token' });
    expect(added.body.added).toMatchObject({ kind: 'rate-limit', endpoint: 'token', resetSeconds: 30 });
    expect((await started.askToken()).body.code).toBe(99991400);
    await started.call('DELETE', '/sandbox/faults');
    expect((await started.askToken()).body.code).toBe(0);
  });

  it('moves the clock', async () => {
    const moved = await started.post('/sandbox/clock', { moveMs: -900_000 });
    expect(moved.body).toEqual({ nowMs: started.clock.wallMs() - 900_000, offsetMs: -900_000 });
    expect(started.sandbox.clockOffsetMs).toBe(-900_000);
  });

  it('sets lives, one or both', async () => {
    await started.post('/sandbox/lives', { ticketSeconds: 60 });
    const token = await started.askToken();
    expect(token.body.expire).toBe(7200);
    expect((await started.askTicket(token.body.tenant_access_token)).body.data.expire_in).toBe(60);
    await started.post('/sandbox/lives', { tokenSeconds: 30 });
    started.sandbox.revokeTokens(APP.appId);
    expect((await started.askToken()).body.expire).toBe(30);
  });

  it('adds apps', async () => {
    const app = { appId: 'cli_new', appSecret: 's', trustedDomains: ['localhost:3000'] };
    expect((await started.post('/sandbox/apps', app)).body).toEqual({ added: 'cli_new' });
    expect((await started.askToken(app)).body.code).toBe(0);
    await started.post('/sandbox/apps', { ...app, disabled: true });
    expect((await started.askToken(app)).body.code).toBe(10014);
  });

  it('revokes tickets or tokens', async () => {
    const ticket = await started.ticketOf();
    const token = (await started.askToken()).body.tenant_access_token;
    await started.post('/sandbox/revoke', { appId: APP.appId, what: 'tickets' });
    expect(await started.ticketOf()).not.toBe(ticket);
    expect((await started.askToken()).body.tenant_access_token).toBe(token);
    await started.post('/sandbox/revoke', { appId: APP.appId, what: 'tokens' });
    expect((await started.askToken()).body.tenant_access_token).not.toBe(token);
  });

  it('serves the stand-in for the client, in the wanted modes, with the address it was asked at', async () => {
    const reply = await started.call('GET', '/sandbox/h5-sdk.js?verify=landing&latency=20');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.text).toContain(JSON.stringify(started.url));
    expect(reply.text).toContain('"verify":"landing"');
    expect(reply.text).toContain('"latency":20');
    const unknown = await started.call('GET', '/sandbox/h5-sdk.js?verify=both');
    expect(unknown.status).toBe(400);
    expect(unknown.body.error).toMatch(/verify=current\|landing/);
  });

  it('lists its assumptions as sentences, each with its grounds', async () => {
    const { body } = await started.call('GET', '/sandbox/assumptions');
    expect(body.length).toBeGreaterThan(10);
    for (const { name, text, basis } of body) {
      expect(name).toMatch(/^[a-z]\w+$/);
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(['documented', 'observed', 'assumed']).toContain(basis);
    }
  });

  it.each([
    ['/sandbox/verify', [], /location\.href/],
    ['/sandbox/faults', { kind: 'rate-limit', status: 418 }, /Send .*"kind":"rate-limit".*status/],
    ['/sandbox/clock', { moveMs: '5' }, /Send .*"moveMs".*moveMs: .*number/],
    ['/sandbox/clock', { moveMs: 1e15 }, /ten years/],
    ['/sandbox/lives', { ticketSeconds: 0 }, /ticketSeconds/],
    ['/sandbox/apps', { appId: 'cli_x' }, /appSecret/],
    [
      '/sandbox/apps',
      { appId: 'cli_x', appSecret: 's', trustedDomains: ['http://x/y'] },
      /a host or an origin/,
    ],
    ['/sandbox/revoke', { appId: 'cli_x', what: 'all' }, /"tokens"/],
    ['/sandbox/revoke', undefined, /Send /],
  ])('answers 400 to a bad body for %s and says what to send', async (path, body, says) => {
    const bad = await started.post(path, body);
    expect(bad.status).toBe(400);
    expect(bad.body.error).toMatch(says);
  });

  it('lists its paths where there is nothing, and its methods where there is another', async () => {
    const nothing = await started.call('GET', '/');
    expect(nothing.status).toBe(404);
    expect(nothing.body.paths).toEqual(CONTROL_PATHS);
    const other = await started.call('PUT', '/sandbox/counters');
    expect(other.status).toBe(405);
    expect(other.body.error).toBe('Use GET or DELETE.');
  });

  it('changes nothing for a page of another origin, which needs no preflight to send text', async () => {
    const { port } = new URL(started.url);
    const app = JSON.stringify({ appId: 'cli_x', appSecret: 's', trustedDomains: [] });
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example.com' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1:8080' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];
    const targets = CONTROL_PATHS.filter(
      (target) => !target.startsWith('GET ') && target !== 'POST /sandbox/verify',
    );
    expect(targets.length).toBeGreaterThan(7);
    for (const headers of foreign) {
      for (const target of targets) {
        const { status, text } = await askAs(
          Number(port),
          target,
          { Host: `127.0.0.1:${port}`, ...headers },
          app,
        );
        expect({ target, status, text }).toMatchObject({
          status: 403,
          text: expect.stringContaining('another origin'),
        });
      }
    }
    expect(
      (await started.askToken({ appId: 'cli_x', appSecret: 's', trustedDomains: [] })).body.code,
    ).not.toBe(0);
    const own = await askAs(
      Number(port),
      'POST /sandbox/apps',
      { Host: `127.0.0.1:${port}`, Origin: started.url, 'Sec-Fetch-Site': 'same-origin' },
      app,
    );
    expect(own.status).toBe(200);
  });

  it('refuses an event that is nested too deep to be sent, and lives on', async () => {
    const events = { url: 'http://127.0.0.1:9/events/x' };
    const app = { appId: 'cli_x', appSecret: 's', trustedDomains: [], type: 'store', tenants: [], events };
    expect((await started.post('/sandbox/apps', app)).status).toBe(200);
    const unheard: unknown[] = [];
    const onUnheard = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', onUnheard);
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const body = `{"appId":"cli_x","event":{"type":"x","a":${deep}}}`;
    const { port } = new URL(started.url);
    const { status, text } = await askAs(
      Number(port),
      'POST /sandbox/events',
      { Host: `127.0.0.1:${port}` },
      body,
    );
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining('nested too deep') });
    // Told once the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', onUnheard);
    expect(unheard).toEqual([]);
  });

  it('lets any page read, and check signatures, preflight included', async () => {
    const preflight = await started.call('OPTIONS', '/sandbox/verify');
    expect(preflight.status).toBe(204);
    for (const reply of [
      preflight,
      await started.call('GET', '/sandbox/counters'),
      await started.call('GET', '/'),
      await started.post('/sandbox/verify', {}, { Origin: 'https://h5.example.com' }),
    ]) {
      expect(reply.status).not.toBe(403);
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
      expect(reply.headers.get('access-control-allow-methods')).toContain('DELETE');
    }
  });

  it('keeps answering while the platform hangs', async () => {
    started.sandbox.addFault({ kind: 'hung' });
    expect((await started.call('GET', '/sandbox/assumptions')).status).toBe(200);
  });
});
