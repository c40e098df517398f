// The app over HTTP: routes, methods, headers, failures, and what the log says of them.
import { once } from 'node:events';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { createApp, type AppParts } from '../../../src/http/create-app';
import { ERRORS, ServiceError } from '../../../src/base/errors';
import { createHttpServer } from '../../../src/http/server';
import { createAccessLog } from '../../../src/observability/access-log';
import { createLogger } from '../../../src/observability/logger';
import { readPublicFile } from '../../../src/base/package-files';
import type { SignedConfig } from '../../../src/signing/types';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';
import { waitUntil } from '../../support/wait-until';

const PAGE = 'https://h5.example.com/a?code=s3cret&y=2';
const QUERY = `url=${encodeURIComponent(PAGE)}`;

describe('the app', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  function setUp(parts: Partial<AppParts> = {}) {
    const signing = new FakeSigningApp('cli_one', ['https://h5.example.com']);
    const apps = new FakeSigningApps(signing, new FakeSigningApp('cli_two'));
    const clock = new FakeClock();
    const written: string[] = [];
    const logger = createLogger({
      level: 'debug',
      destination: { write: (line) => void written.push(line) },
      clock,
    });
    const app = createApp({
      apps,
      onRequest: createAccessLog(logger),
      onWarning: (message) => logger.warn(message),
      publicFiles: readPublicFile,
      version: '1.2.3',
      clock,
      newRequestId: () => 'fresh-id',
      ...parts,
    });
    const server = createHttpServer(app).listen(0, '127.0.0.1');
    servers.push(server);
    const lines = (): Record<string, unknown>[] =>
      written.map((line) => JSON.parse(line) as Record<string, unknown>);
    return { app, apps, signing, clock, server, written, lines, agent: request(server) };
  }

  it('signs, over GET and POST, and answers a preflight', async () => {
    const { agent, signing } = setUp();
    const expected = signing.sign({ toSign: PAGE, origin: '' });
    await agent.get(`/config?${QUERY}`).expect(200, expected).expect('Cache-Control', 'no-store');
    await agent.get(`/config/?${QUERY}`).expect(200, expected);
    await agent.post('/config').send({ url: PAGE }).expect(200, expected);
    await agent.post('/config').type('form').send({ url: PAGE }).expect(200, expected);
    await agent
      .head(`/config?${QUERY}`)
      .expect(200)
      .expect('Content-Length', String(JSON.stringify(expected).length));
    await agent.options('/config').set('Origin', 'https://h5.example.com').expect(204);
    await agent.put('/config').expect(405).expect('Allow', 'GET, HEAD, POST, OPTIONS');
  });

  it('answers an absolute request target, as a forward proxy sends it', async () => {
    const { server } = setUp();
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: `http://signer.example.com/config?${QUERY}` }, (reply) => {
        resolve(reply.resume().statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it('has the official sample path, and the compatible paths that were asked for', async () => {
    const { agent } = setUp({ compatRoutes: [{ path: '/old/:path*', shape: 'tutorial' }] });
    const sample = await agent.get(`/get_config_parameters?${QUERY}`).expect(200);
    expect(Object.keys(sample.body)).toEqual(['appid', 'timestamp', 'noncestr', 'signature']);
    const tutorial = await agent.get(`/old/:path*?${QUERY}`).expect(200);
    expect(tutorial.body).toMatchObject({ code: 0, data: { app_id: 'cli_one' } });
    await agent.get(`/old/anything?${QUERY}`).expect(404);
  });

  it('has every route below BASE_PATH, and /healthz above it too', async () => {
    const { agent } = setUp({ basePath: '/jsapi' });
    await agent.get(`/jsapi/config?${QUERY}`).expect(200);
    await agent.get('/jsapi/healthz').expect(200);
    await agent.get('/healthz').expect(200);
    await agent.get('/jsapi/readyz').expect(200);
    const page = await agent.get('/jsapi/errors').expect(200);
    expect(page.text).toContain('href="assets/document.css"');
    await agent.get('/jsapi/errors?lang=zh').expect('Content-Language', 'zh-CN');
    await agent
      .get('/jsapi/assets/document.css')
      .expect(200)
      .expect('Content-Type', /text\/css/);
    for (const path of [`/config?${QUERY}`, '/readyz', '/errors']) {
      const { body } = await agent.get(path).expect(404);
      expect(body.type).toBe('/jsapi/errors#NOT_FOUND');
    }
  });

  it('refuses a body that is too large, and one that is not what it says', async () => {
    const { agent } = setUp();
    const large = await agent
      .post('/config')
      .send({ url: 'x'.repeat(200_000) })
      .expect(413);
    expect(large.body).toMatchObject({ code: 'BODY_TOO_LARGE' });
    await agent.post('/config').type('json').send('{').expect(400);
    await agent.post('/config').type('text').send('x').expect(415);
  });

  it('says whether it is ready, and whether one app is', async () => {
    let shuttingDown = false;
    const { agent, apps, signing } = setUp({ isShuttingDown: () => shuttingDown });
    await agent.get('/readyz').expect(200, { ready: true }).expect('Cache-Control', 'no-store');
    await agent.get('/readyz?app=cli_one').expect(200, { ready: true });
    signing.able = false;
    await agent.get('/readyz?app=cli_one').expect(503, { ready: false });
    await agent.get('/readyz?app=cli_two').expect(200, { ready: true });
    await agent.get('/readyz').expect(200, { ready: true });
    apps.isReady = false;
    await agent.get('/readyz').expect(503, { ready: false });
    apps.isReady = true;
    shuttingDown = true;
    await agent.get('/readyz').expect(503, { ready: false });
    await agent.get('/readyz?app=cli_two').expect(503, { ready: false });
    await agent.get('/healthz').expect(200);
    const unknown = await agent.get('/readyz?app=nobody').expect(400);
    expect(unknown.body).toMatchObject({ code: 'APP_UNKNOWN' });
    await agent.get('/readyz?app=cli_one&app=cli_two').expect(400);
  });

  it('refuses methods that a path does not have, and says which it has', async () => {
    const { agent } = setUp();
    for (const path of ['/healthz', '/readyz', '/errors']) {
      const { body } = await agent.post(path).expect(405).expect('Allow', 'GET, HEAD');
      expect(body).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });

  it.each([
    '/',
    '/nothing',
    '/assets/nothing.css',
    '/assets',
    '/assets/../../package.json',
    '/%',
    '/assets/%ff',
    '/assets/%00',
    '//',
  ])('answers %s with a readable 404', async (path) => {
    const { agent } = setUp();
    const { body } = await agent
      .get(path)
      .expect(404)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(body).toMatchObject({ code: 'NOT_FOUND', requestId: 'fresh-id' });
  });

  it('documents every code at its anchor, offline and without inline script or style', async () => {
    const { agent } = setUp();
    const anchors = [];
    for (const [language, title] of Object.entries({ en: 'Errors', zh: '错误码' })) {
      const { text } = await agent
        .get(`/errors?lang=${language}`)
        .expect(200)
        .expect('Content-Type', 'text/html; charset=utf-8');
      expect(text).toContain(`<title>${title}</title>`);
      expect(text).not.toMatch(/<script|<style|style=|https?:\/\/[^<]*\.(js|css)/);
      anchors.push([...text.matchAll(/<h[23] id="([A-Z_\d]+)">\1 <a /g)].map(([, code]) => code));
    }
    expect(anchors[0]).toEqual(expect.arrayContaining([...Object.keys(ERRORS), 'URL_FRAGMENT']));
    expect(anchors[1]).toEqual(anchors[0]);
  });

  it('sends security headers with a signature, a page, a refusal and a file', async () => {
    const { agent } = setUp({
      h5SdkUrls: ['https://sdk.example.com/sdk.js?v=1', 'https://sdk.example.com/2.js'],
    });
    for (const path of [`/config?${QUERY}`, '/config', '/errors', '/nothing', '/assets/document.css']) {
      const { headers } = await agent.get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
      });
      for (const absent of ['x-powered-by', 'x-frame-options', 'strict-transport-security']) {
        expect(headers).not.toHaveProperty(absent);
      }
      const policy = headers['content-security-policy'];
      if (path.startsWith('/config')) {
        // What is never shown needs nothing.
        expect(policy).toBe("default-src 'none';frame-ancestors 'none'");
        continue;
      }
      expect(policy).toMatch(/frame-ancestors 'self' https:\/\/\*\.feishu\.cn/);
      expect(policy).toMatch(/script-src 'self' [^;]*https:\/\/sdk\.example\.com;/);
      expect(policy).toMatch(/connect-src 'self' [^;]*https:\/\/sdk\.example\.com;/);
      expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests/);
    }
  });

  it('takes a harmless request id and sends it back everywhere', async () => {
    const { agent, lines } = setUp();
    for (const path of [`/config?${QUERY}`, '/config', '/healthz', '/nothing']) {
      await agent.get(path).set('X-Request-Id', 'caller_7-a').expect('X-Request-Id', 'caller_7-a');
      await agent.get(path).set('X-Request-Id', 'not harmless').expect('X-Request-Id', 'fresh-id');
    }
    expect(lines().map(({ requestId }) => requestId)).toEqual(
      Array(4).fill(['caller_7-a', 'fresh-id']).flat(),
    );
  });

  it('writes one line per request, with no query of a page URL in any', async () => {
    const { agent, lines, written } = setUp();
    await agent.get(`/config?${QUERY}`);
    await agent.post('/config').send({ url: PAGE });
    await agent.get(`/config?url=${PAGE}`);
    await agent.get(`/config?url=${encodeURIComponent('https://evil.example.org/?code=s3cret')}`);
    await agent.get('/healthz?code=s3cret');
    await agent.get(`/nothing/${encodeURIComponent(PAGE)}`);
    await agent.get(`/nothing?${QUERY}`);
    expect(lines().map(({ level, route, status, code }) => [level, route, status, code])).toEqual([
      ['info', '/config', 200, undefined],
      ['info', '/config', 200, undefined],
      ['warn', '/config', 400, 'URL_NOT_ENCODED'],
      ['warn', '/config', 403, 'URL_NOT_ALLOWED'],
      ['debug', '/healthz', 200, undefined],
      ['warn', '/nothing/https…', 404, 'NOT_FOUND'],
      ['warn', '/nothing', 404, 'NOT_FOUND'],
    ]);
    expect(lines()[0]).toEqual({
      level: 'info',
      time: '2026-01-01T00:00:00.000Z',
      requestId: 'fresh-id',
      method: 'GET',
      status: 200,
      client: expect.stringMatching(/127\.0\.0\.1$/),
      appId: 'cli_one',
      pageOrigin: 'https://h5.example.com',
      route: '/config',
      durationMs: 0,
      msg: 'request',
    });
    expect(written.join('')).not.toContain('s3cret');
  });

  it('takes the client from X-Forwarded-For only behind a trusted proxy', async () => {
    for (const [trustProxy, client] of [
      [false, '127.0.0.1'],
      ['loopback', '203.0.113.7'],
    ] as const) {
      const { agent, lines } = setUp({ trustProxy });
      await agent.get(`/config?${QUERY}`).set('X-Forwarded-For', '203.0.113.7');
      expect(lines().find(({ msg }) => msg === 'request')!['client']).toContain(client);
    }
  });

  it('warns once of an X-Forwarded-For that it does not believe, and not behind a trusted proxy', async () => {
    const warnings = ({ lines }: ReturnType<typeof setUp>): unknown[] =>
      lines().filter(({ msg }) => String(msg).startsWith('X-Forwarded-For'));
    const untrusting = setUp();
    await untrusting.agent.get(`/config?${QUERY}`);
    expect(warnings(untrusting)).toHaveLength(0);
    for (let i = 0; i < 3; i++) await untrusting.agent.get('/healthz').set('X-Forwarded-For', '203.0.113.7');
    expect(warnings(untrusting)).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('TRUST_PROXY') },
    ]);

    const trusting = setUp({ trustProxy: 1 });
    await trusting.agent.get(`/config?${QUERY}`).set('X-Forwarded-For', '203.0.113.7');
    expect(warnings(trusting)).toHaveLength(0);
  });

  it('counts a client once, whichever port or text a trusted proxy writes', async () => {
    const passed = async (forwarded: (index: number) => string): Promise<number> => {
      const { agent } = setUp({ trustProxy: 'loopback', requestsPerMinute: 2 });
      let signatures = 0;
      for (let index = 0; index < 6; index++) {
        const { status } = await agent.get(`/config?${QUERY}`).set('X-Forwarded-For', forwarded(index));
        if (status === 200) signatures += 1;
      }
      return signatures;
    };
    expect(await passed((index) => `203.0.113.7:${50_000 + index}`)).toBe(2);
    expect(await passed((index) => `[2001:db8::${index}]:${50_000 + index}`)).toBe(2);
    expect(await passed((index) => `no address ${index}`)).toBe(2);
    expect(await passed((index) => `203.0.113.${index}`)).toBe(6);
  });

  it('limits each client behind a trusted proxy by itself, and never a preflight or a health check', async () => {
    const { agent, lines } = setUp({ trustProxy: 'loopback', requestsPerMinute: 2 });
    const ask = (client: string) => agent.get(`/config?${QUERY}`).set('X-Forwarded-For', client);
    await ask('203.0.113.7').expect(200).expect('RateLimit', '"default";r=1;t=60');
    await agent.options('/config').set('X-Forwarded-For', '203.0.113.7').expect(204);
    await ask('203.0.113.7').expect(200).expect('RateLimit-Policy', '"default";q=2;w=60');
    const { body } = await ask('203.0.113.7').expect(429).expect('Retry-After', '60');
    expect(body).toMatchObject({ code: 'RATE_LIMITED', detail: expect.stringContaining('60 s') });
    await agent.post('/config').set('X-Forwarded-For', '203.0.113.7').send({ url: PAGE }).expect(429);
    await ask('203.0.113.8').expect(200);
    await agent.get('/healthz').set('X-Forwarded-For', '203.0.113.7').expect(200);
    expect(lines().filter(({ status }) => status === 429)).toMatchObject([
      { level: 'warn', code: 'RATE_LIMITED', client: '203.0.113.7' },
      { level: 'warn', code: 'RATE_LIMITED', client: '203.0.113.7' },
    ]);
  });

  it('logs of readiness only what changes', async () => {
    const { agent, apps, lines } = setUp();
    apps.isReady = false;
    for (let i = 0; i < 3; i++) await agent.get('/readyz').expect(503);
    apps.isReady = true;
    for (let i = 0; i < 3; i++) await agent.get('/readyz').expect(200);
    await agent.get('/readyz?app=cli_one').expect(200);
    await waitUntil('seven lines', () => lines().length === 7);
    expect(lines().map(({ level, status }) => [level, status])).toEqual([
      ['warn', 503],
      ['debug', 503],
      ['debug', 503],
      ['info', 200],
      ['debug', 200],
      ['debug', 200],
      ['info', 200],
    ]);
  });

  it('logs the cause of an unexpected failure with its stack, and keeps it from the caller', async () => {
    const { agent, signing, lines } = setUp();
    signing.answer = () => {
      throw new TypeError('boom', { cause: new Error('deeper') });
    };
    const { body } = await agent.get(`/config?${QUERY}`).expect(500);
    expect(JSON.stringify(body)).not.toContain('boom');
    const [line] = lines();
    expect(line).toMatchObject({ level: 'error', code: 'INTERNAL', appId: 'cli_one' });
    expect(line!['causes']).toEqual([
      expect.stringMatching(/^TypeError: boom\n +at /),
      expect.stringMatching(/^Error: deeper\n +at /),
    ]);
  });

  it('tells a cause that many requests share once', async () => {
    const { agent, signing, lines } = setUp();
    const cause = new Error('connect ECONNREFUSED');
    signing.answer = () =>
      Promise.reject<SignedConfig>(
        new ServiceError('TICKET_UNAVAILABLE', 'Later.', { retryAfterSeconds: 3, cause }),
      );
    for (let i = 0; i < 3; i++) await agent.get(`/config?${QUERY}`).expect(503).expect('Retry-After', '3');
    expect(lines().map(({ level, causes }) => [level, causes])).toEqual([
      ['warn', ['Error: connect ECONNREFUSED']],
      ['warn', undefined],
      ['warn', undefined],
    ]);
  });

  it('ends a failure anywhere in Express in problem+json, late ones too', async () => {
    const { agent, apps, lines } = setUp();
    apps.ready = () => {
      throw new Error('boom');
    };
    const { body } = await agent
      .get('/readyz')
      .expect(500)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(body).toMatchObject({ code: 'INTERNAL' });
    await waitUntil('the log line', () => lines().length > 0);
    expect(lines()[0]).toMatchObject({ level: 'error', causes: [expect.stringContaining('boom')] });
  });
});
