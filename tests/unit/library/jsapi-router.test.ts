import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import request from 'supertest';
import { jsapiRouter, type JsapiRouterOptions } from '../../../src/library/jsapi-router';
import type { PageUrl } from '../../../src/signing/types';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApp } from '../../support/fake-signing-apps';

const PAGE = 'https://h5.example.com/a?x=1&y=2';
const CONFIG = `/lark/config?url=${encodeURIComponent(PAGE)}`;

let signer: FakeSigningApp;
beforeEach(() => {
  signer = new FakeSigningApp('cli_one', ['https://h5.example.com']);
});

function host(options?: JsapiRouterOptions, prepare: (app: Express) => void = () => undefined): Express {
  const app = express();
  prepare(app);
  app.use('/lark', jsapiRouter(signer, options));
  app.get('/lark/own', (_request, response) => void response.send('the app’s own'));
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.status(500).send(`the app’s own handler: ${error.message}`);
  });
  return app;
}

test('GET /config below the mount path signs', async () => {
  const reply = await request(host()).get(CONFIG);
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({ appId: 'cli_one', url: PAGE });
  expect(reply.headers['cache-control']).toBe('no-store');
});

test.each([
  ['before any parser', () => undefined],
  ['behind express.json()', (app: Express) => app.use(express.json())],
  ['behind express.raw()', (app: Express) => app.use(express.raw({ type: '*/*' }))],
  ['behind express.text()', (app: Express) => app.use(express.text({ type: '*/*' }))],
])('POST /config %s signs', async (_where, prepare: (app: Express) => void) => {
  const reply = await request(host({}, prepare)).post('/lark/config').send({ url: PAGE });
  expect({ status: reply.status, url: reply.body.url }).toEqual({ status: 200, url: PAGE });
});

test('a form behind express.urlencoded() signs', async () => {
  const app = host({}, (app) => void app.use(express.urlencoded()));
  const reply = await request(app).post('/lark/config').type('form').send({ url: PAGE });
  expect({ status: reply.status, url: reply.body.url }).toEqual({ status: 200, url: PAGE });
});

describe('a body that is nested too deep to be written as JSON, behind express.json()', () => {
  const post = (path: string, options: JsapiRouterOptions) =>
    request(host(options, (app) => void app.use(express.json())))
      .post(path)
      .type('json')
      .send(`{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`);

  test('is refused', async () => {
    const { status, body } = await post('/lark/config', {});
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'BODY_INVALID' });
    expect((await post('/lark/report', {})).status).toBe(204);
  });

  test('leaves no rejection of authorize unhandled', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const authorize = () => new Promise<never>((_, reject) => setImmediate(reject, new Error('no session')));
    const { status, text: said } = await post('/lark/config', { authorize });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect({ status, said }).toEqual({ status: 500, said: 'the app’s own handler: no session' });
  });
});

test('a failure is a problem whose type leads to the page of errors', async () => {
  const app = host();
  const refused = await request(app).get('/lark/config?url=https%3A%2F%2Felsewhere.example%2F');
  expect({ status: refused.status, code: refused.body.code, type: refused.body.type }).toEqual({
    status: 403,
    code: 'URL_NOT_ALLOWED',
    type: '/lark/errors#URL_NOT_ALLOWED',
  });
  const page = await request(app).get('/lark/errors');
  expect(page.status).toBe(200);
  expect(page.text).toContain('URL_NOT_ALLOWED');
  const [, style] = /href="([^"]+\.css)"/.exec(page.text) ?? [];
  const chinese = await request(app).get('/lark/errors').set('Accept-Language', 'zh-CN');
  expect(chinese.headers['content-language']).toBe('zh-CN');
  expect(chinese.text).toContain('<h2 id="URL_NOT_ALLOWED">');
  const styleSheet = await request(app).get(new URL(style!, 'http://host/lark/errors').pathname);
  expect(styleSheet.status).toBe(200);
});

test.each([
  ['the build for Feishu', undefined, /^https:\/\/[\w.-]+feishucdn\.com\/.+\.js$/],
  ['what the signer names', ['https://sdk.example.com/h5.js'], /^https:\/\/sdk\.example\.com\/h5\.js$/],
])('/h5-sdk.js, the default of the helper, leads to %s', async (_which, urls, address) => {
  signer.h5SdkUrls = urls;
  const reply = await request(host()).get('/lark/h5-sdk.js?try=0');
  expect({ status: reply.status, location: reply.headers['location'] }).toEqual({
    status: 302,
    location: expect.stringMatching(address) as string,
  });
});

test.each([
  ['an address past the last of /h5-sdk.js', 'get', '/lark/h5-sdk.js?try=9', 404, 'NOT_FOUND'],
  ['another version of the helper', 'get', '/lark/lark-jsapi-0.0.0.js', 404, 'NOT_FOUND'],
  ['a method that the errors page does not have', 'post', '/lark/errors', 405, 'METHOD_NOT_ALLOWED'],
] as const)(
  '%s is a problem, and nothing for the app’s handler',
  async (_what, method, path, status, code) => {
    const reply = await request(host())[method](path);
    expect({ status: reply.status, media: reply.type, code: reply.body.code, type: reply.body.type }).toEqual(
      {
        ...{ status, media: 'application/problem+json', code },
        type: `/lark/errors#${code}`,
      },
    );
  },
);

describe('requestsPerMinute', () => {
  it('refuses with RATE_LIMITED and the headers of the service, until the minute of that client is over', async () => {
    const clock = new FakeClock();
    const app = host({ requestsPerMinute: 2, clock }, (before) => void before.set('trust proxy', 'loopback'));
    const ask = (client: string) => request(app).get(CONFIG).set('X-Forwarded-For', client);
    const first = await ask('203.0.113.1');
    expect({ status: first.status, left: first.headers['ratelimit'] }).toEqual({
      status: 200,
      left: '"default";r=1;t=60',
    });
    expect(first.headers['ratelimit-policy']).toBe('"default";q=2;w=60');
    expect((await ask('203.0.113.1')).status).toBe(200);
    const { status, body, headers } = await ask('203.0.113.1');
    expect({ status, code: body.code, retryAfter: headers['retry-after'] }).toEqual({
      ...{ status: 429, code: 'RATE_LIMITED' },
      retryAfter: '60',
    });
    expect((await ask('203.0.113.2')).status).toBe(200);
    await clock.advance(60_000);
    expect((await ask('203.0.113.1')).status).toBe(200);
  });

  it('is without limit by default', async () => {
    const reply = await request(host()).get(CONFIG);
    expect(reply.headers).not.toHaveProperty('ratelimit');
  });
});

test('every other path is passed to the app', async () => {
  const reply = await request(host()).get('/lark/own');
  expect(reply.text).toBe('the app’s own');
});

describe('authorize', () => {
  const authorize = (received: Request): boolean => received.headers.cookie === 'session=good';

  it('refuses with UNAUTHORIZED, or lets sign', async () => {
    const app = host({ authorize });
    const refused = await request(app).get(CONFIG);
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 401,
      code: 'UNAUTHORIZED',
    });
    expect((await request(app).get(CONFIG).set('Cookie', 'session=good')).status).toBe(200);
  });

  it('may take its time, and is not asked about preflights', async () => {
    const authorize = jest.fn(() => Promise.resolve(false));
    const app = host({ authorize });
    expect((await request(app).options('/lark/config').set('Origin', 'https://h5.example.com')).status).toBe(
      204,
    );
    expect(authorize).not.toHaveBeenCalled();
    expect((await request(app).get(CONFIG)).status).toBe(401);
  });

  it('keeps reports of strangers from the ticket', async () => {
    const config = { appId: 'cli_one', timestamp: 1, nonceStr: 'n', signature: 's', url: PAGE };
    const report = (app: Express) =>
      request(app)
        .post('/lark/report')
        .send({ ...config, errorCode: 333442 });
    expect((await report(host({ authorize }))).status).toBe(204);
    expect(signer.reports).toEqual([]);
    expect((await report(host())).status).toBe(204);
    expect(signer.reports).toHaveLength(1);
  });

  it('that throws is the app’s to handle', async () => {
    const app = host({
      authorize: () => {
        throw new Error('no session store');
      },
    });
    const reply = await request(app).get(CONFIG);
    expect({ status: reply.status, text: reply.text }).toEqual({
      status: 500,
      text: 'the app’s own handler: no session store',
    });
  });
});

describe('resolve', () => {
  it('chooses the signer, and refuses where it finds none', async () => {
    const second = new FakeSigningApp('cli_two');
    const app = host({
      resolve: ({ headers }) => Promise.resolve(headers['x-tenant'] === 'two' ? second : undefined),
    });
    expect((await request(app).get(CONFIG).set('X-Tenant', 'two')).body.appId).toBe('cli_two');
    const refused = await request(app).get(CONFIG);
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 400, code: 'APP_UNKNOWN' });
  });

  describe('with the tenant of the session', () => {
    const inTenant = (tenantKey: string | undefined): Express =>
      host({ resolve: () => ({ signer, tenantKey }) });
    const tenants = (): unknown[] => signer.audiences.map(({ tenantKey }) => tenantKey);
    const post = (app: Express, body: object) => request(app).post('/lark/config').send(body);

    it.each([
      ['a valid ticket', undefined],
      ['none yet', (page: PageUrl) => Promise.resolve(signer.sign(page))],
    ])('signs for that one, whatever the request names, with %s', async (_ticket, answer) => {
      signer.answer = answer;
      const app = inTenant('of-the-session');
      for (const reply of [
        await request(app).get(CONFIG),
        await request(app).get(`${CONFIG}&tenant_key=another`),
        await post(app, { url: PAGE, tenant_key: 'another' }),
        await post(app, { url: PAGE }).query({ tenant_key: 'another' }),
      ])
        expect({ status: reply.status, url: reply.body.url }).toEqual({ status: 200, url: PAGE });
      expect(tenants()).toEqual(Array(4).fill('of-the-session'));
      // Budgets count by the client; that is still who asks.
      expect(signer.audiences.every(({ client }) => client !== undefined)).toBe(true);
    });

    it('takes the one of the request where the session has none for none', async () => {
      const app = inTenant(undefined);
      await request(app).get(`${CONFIG}&tenant_key=another`);
      await post(app, { url: PAGE, tenant_key: 'another' });
      expect(tenants()).toEqual([undefined, undefined]);
    });

    it('believes the request where a signer alone is given', async () => {
      await request(host({ resolve: () => signer })).get(`${CONFIG}&tenant_key=named`);
      expect(tenants()).toEqual(['named']);
    });

    it('takes reports for that one too', async () => {
      const config = { appId: 'cli_one', timestamp: 1, nonceStr: 'n', signature: 's', url: PAGE };
      const report = { ...config, errorCode: 333442, tenantKey: 'another' };
      for (const tenantKey of ['of-the-session', undefined])
        expect((await request(inTenant(tenantKey)).post('/lark/report').send(report)).status).toBe(204);
      expect(signer.reports.map(({ tenantKey }) => tenantKey)).toEqual(['of-the-session', undefined]);
    });

    it('refuses where there is no signer, and checks the page as ever', async () => {
      const nobody = host({ resolve: () => ({ signer: undefined, tenantKey: 'of-the-session' }) });
      expect((await request(nobody).get(CONFIG)).body.code).toBe('APP_UNKNOWN');
      const elsewhere = '/lark/config?url=https%3A%2F%2Felsewhere.example%2F';
      expect((await request(inTenant('of-the-session')).get(elsewhere)).body.code).toBe('URL_NOT_ALLOWED');
    });
  });
});

test('an unexpected error reaches the app’s handler', async () => {
  signer.answer = () => {
    throw new TypeError('a bug');
  };
  const reply = await request(host()).get(CONFIG);
  expect(reply.text).toBe('the app’s own handler: a bug');
});

test('the app keeps its prototypes, settings and headers', async () => {
  const app = express();
  const before = { request: app.request, response: app.response, settings: { ...app.settings } };
  const prototypes: unknown[] = [];
  app.use((received, response, next) => {
    prototypes.push(Object.getPrototypeOf(received), Object.getPrototypeOf(response));
    next();
  });
  app.use('/lark', jsapiRouter(signer));
  app.get('/own', (_request, response) => void response.json({ own: true }));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await request(server).get(CONFIG);
  const own = await request(server).get('/own');
  server.close();
  expect(app.request).toBe(before.request);
  expect(app.response).toBe(before.response);
  expect({ ...app.settings }).toEqual(before.settings);
  expect(prototypes).toEqual([app.request, app.response, app.request, app.response]);
  expect(own.headers['x-powered-by']).toBe('Express');
  expect(own.headers).not.toHaveProperty('content-security-policy');
});

/** The reply to a request of another page, whose Origin stands behind `count` other headers. */
async function askFromElsewhere(count: number, maxHeadersCount: number | null): Promise<string> {
  const server = createServer(host()).listen(0, '127.0.0.1');
  server.maxHeadersCount = maxHeadersCount;
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const others = Array.from({ length: count - 2 }, (_, index) => `X-${index}: y\r\n`).join('');
  const head = 'Host: x\r\nConnection: close\r\n';
  socket.end(`GET ${CONFIG} HTTP/1.1\r\n${head}${others}Origin: https://evil.cn\r\n\r\n`);
  const reply = await text(socket);
  server.close();
  return reply;
}

test.each([
  ['Node reads', 1_000, null],
  ['Node reads, and more', 2_000, null],
  ['the server is set to read', 50, 50],
])(
  'a page whose Origin stands behind as many headers as %s gets no signature',
  async (_what, count, limit) => {
    expect(await askFromElsewhere(count, limit)).toMatch(/^HTTP\/1\.1 431 /);
    expect(signer.audiences).toEqual([]);
  },
);

test('a server without a limit reads all headers', async () => {
  expect(await askFromElsewhere(2_000, 0)).toContain('ORIGIN_NOT_ALLOWED');
});
