import { gzipSync } from 'node:zlib';
import { inspect } from 'node:util';
import { fetch, Response } from 'undici';
import {
  createOpenPlatformClient,
  type CallReport,
  type OpenPlatformClientOptions,
  type PlatformTime,
} from '../../../src/open-platform/open-platform-client';
import { PlatformError } from '../../../src/open-platform/platform-error';
import { Secret } from '../../../src/base/secret';
import { FakeClock } from '../../support/fake-clock';
import { ScriptedServer } from '../../support/scripted-server';
import { LONG_VALUES } from '../../support/long-values';

const app = { appId: 'cli_a1', appSecret: new Secret('s3cr3t-of-the-app') };
const token = new Secret('t-0123456789');
const TOKEN_REPLY = { code: 0, msg: 'ok', tenant_access_token: 't-abc', expire: 7200 };
const TICKET_REPLY = {
  code: 0,
  msg: 'ok',
  data: { expire_in: 7200, ticket: '0560604568baf296731aa37f0c8ebe3e049c19d7' },
};

let server: ScriptedServer;
let clock: FakeClock;
let calls: CallReport[];
let times: PlatformTime[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  clock = new FakeClock();
  calls = [];
  times = [];
});
afterEach(() => server.close());

function makeClient(options: Partial<OpenPlatformClientOptions> = {}) {
  return createOpenPlatformClient({
    baseUrl: server.url,
    fetch,
    clock,
    onCall: (call) => calls.push(call),
    onPlatformTime: (time) => times.push(time),
    ...options,
  });
}

/** The PlatformError that `promise` rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PlatformError);
  return error as PlatformError;
}

describe('the calls', () => {
  it('asks for a token with the app’s credentials', async () => {
    server.answer({ json: TOKEN_REPLY });
    const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    const issued = await makeClient().tenantAccessToken(app);
    expect(issued).toMatchObject({ lifeMs: 7_200_000, sentAt });
    expect(issued.value.reveal()).toBe('t-abc');
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/open-apis/auth/v3/tenant_access_token/internal',
        headers: { 'content-type': 'application/json; charset=utf-8' },
      },
    ]);
    expect(JSON.parse(server.requests[0]!.body)).toEqual({
      app_id: 'cli_a1',
      app_secret: 's3cr3t-of-the-app',
    });
  });

  it('asks for the token of a custom app as itself', async () => {
    server.answer({ json: { code: 0, app_access_token: 'a-abc', tenant_access_token: 't-abc', expire: 60 } });
    const issued = await makeClient().appAccessToken(app);
    expect(issued.value.reveal()).toBe('a-abc');
    expect(issued.lifeMs).toBe(60_000);
    expect(server.requests[0]!.path).toBe('/open-apis/auth/v3/app_access_token/internal');
    expect(JSON.parse(server.requests[0]!.body)).toEqual({
      app_id: 'cli_a1',
      app_secret: 's3cr3t-of-the-app',
    });
  });

  it('asks for the tokens of a store app: its own with the app ticket, a tenant’s with that', async () => {
    server.answer(
      { json: { code: 0, app_access_token: 'a-abc', expire: 7200 } },
      { json: TOKEN_REPLY },
      { json: { code: 0, msg: 'success' } },
    );
    const client = makeClient();
    const own = await client.storeAppAccessToken(app, new Secret('the-app-ticket'));
    expect(own.value.reveal()).toBe('a-abc');
    expect((await client.storeTenantAccessToken(own.value, 'tenant-1')).value.reveal()).toBe('t-abc');
    await client.resendAppTicket(app);
    expect(server.requests.map(({ path, body }) => [path, JSON.parse(body) as unknown])).toEqual([
      [
        '/open-apis/auth/v3/app_access_token',
        { app_id: 'cli_a1', app_secret: 's3cr3t-of-the-app', app_ticket: 'the-app-ticket' },
      ],
      ['/open-apis/auth/v3/tenant_access_token', { app_access_token: 'a-abc', tenant_key: 'tenant-1' }],
      ['/open-apis/auth/v3/app_ticket/resend', { app_id: 'cli_a1', app_secret: 's3cr3t-of-the-app' }],
    ]);
    expect(calls.map(({ endpoint, outcome }) => `${endpoint} ${outcome}`)).toEqual([
      'app_access_token ok',
      'tenant_access_token ok',
      'app_ticket_resend ok',
    ]);
  });

  it('tells an app ticket that is refused, and quotes neither it nor the secret', async () => {
    const msg = 'app ticket tick-1 of s3cr3t-of-the-app is invalid';
    server.answer({ json: { code: 10012, msg } }, { json: { code: 10003, msg: 'invalid param' } });
    const client = makeClient();
    const failure = await failureOf(client.storeAppAccessToken(app, new Secret('tick-1')));
    expect(failure).toMatchObject({ endpoint: 'app_access_token', kind: 'app-ticket', code: 10012 });
    expect(inspect(failure)).not.toMatch(/tick-1|s3cr3t/);
    expect(await failureOf(client.resendAppTicket(app))).toMatchObject({
      endpoint: 'app_ticket_resend',
      code: 10003,
    });
  });

  it('asks for a ticket with the token and without a body', async () => {
    server.answer({ json: TICKET_REPLY });
    const issued = await makeClient().jsapiTicket(token);
    expect(issued.value.reveal()).toBe(TICKET_REPLY.data.ticket);
    expect(issued.lifeMs).toBe(7_200_000);
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/open-apis/jssdk/ticket/get',
        headers: { authorization: 'Bearer t-0123456789', 'content-type': 'application/json; charset=utf-8' },
        body: '',
      },
    ]);
  });

  it('keeps the path of a base URL, and a slash at its end does no harm', async () => {
    server.answer({ json: TICKET_REPLY });
    await makeClient({ baseUrl: `${server.url}/forwarder/lark/` }).jsapiTicket(token);
    expect(server.requests[0]!.path).toBe('/forwarder/lark/open-apis/jssdk/ticket/get');
  });

  it('counts a life from when the request was sent, not from when the reply came', async () => {
    const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    server.answer(
      (_, response) => void clock.advance(3_000).then(() => response.end(JSON.stringify(TICKET_REPLY))),
    );
    expect((await makeClient().jsapiTicket(token)).sentAt).toEqual(sentAt);
  });

  it('reads a compressed reply', async () => {
    server.answer((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(JSON.stringify(TOKEN_REPLY))),
    );
    expect((await makeClient().tenantAccessToken(app)).value.reveal()).toBe('t-abc');
  });

  it('reports each call with its outcome and duration', async () => {
    server.answer(
      (_, response) => void clock.advance(120).then(() => response.end(JSON.stringify(TICKET_REPLY))),
    );
    server.answer({
      status: 400,
      headers: { 'X-Tt-Logid': 'log-1' },
      json: { code: 99991663, msg: 'invalid token' },
    });
    const client = makeClient();
    await client.jsapiTicket(token);
    await failureOf(client.jsapiTicket(token));
    expect(calls).toEqual([
      {
        endpoint: 'jsapi_ticket',
        outcome: 'ok',
        code: undefined,
        httpStatus: 200,
        logId: undefined,
        durationMs: 120,
      },
      {
        endpoint: 'jsapi_ticket',
        outcome: 'token',
        code: 99991663,
        httpStatus: 400,
        logId: 'log-1',
        durationMs: 0,
      },
    ]);
  });

  it('leaves no timer behind', async () => {
    server.answer({ json: TICKET_REPLY }, { status: 500, text: '' });
    const client = makeClient();
    await client.jsapiTicket(token);
    await failureOf(client.jsapiTicket(token));
    expect(clock.timers).toBe(0);
  });
});

describe('refusals of the platform', () => {
  it.each([200, 400, 403, 500])('goes by the code under HTTP %i', async (status) => {
    server.answer({ status, json: { code: 10014, msg: 'app secret invalid' } });
    const error = await failureOf(makeClient().tenantAccessToken(app));
    expect(error).toMatchObject({
      endpoint: 'tenant_access_token',
      kind: 'configuration',
      code: 10014,
      platformMessage: 'app secret invalid',
      httpStatus: status,
      retryAfterMs: 60_000,
    });
  });

  it('takes code 0 for success under any HTTP status', async () => {
    server.answer({ status: 500, json: TICKET_REPLY });
    await expect(makeClient().jsapiTicket(token)).resolves.toBeDefined();
  });

  it.each([429, 400])('waits as long as the reset header of a rate limit says (HTTP %i)', async (status) => {
    const headers = { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': '17' };
    server.answer({ status, headers, json: { code: 99991400, msg: 'request trigger frequency limit' } });
    const error = await failureOf(makeClient().jsapiTicket(token));
    expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: 17_000 });
  });

  it.each([
    ['0', 1_000],
    ['0.2', 1_000],
    ['1.5', 1_500],
    ['999999', 3_600_000],
    ['-5', undefined],
    ['soon', undefined],
    ['Infinity', undefined],
  ])('makes of the reset header %p a wait of %p ms', async (reset, retryAfterMs) => {
    server.answer({ status: 429, headers: { 'x-ogw-ratelimit-reset': reset }, json: { code: 99991400 } });
    expect((await failureOf(makeClient().jsapiTicket(token))).retryAfterMs).toBe(retryAfterMs);
  });

  it('does not retry soon when the quota is used up, whatever the headers say', async () => {
    server.answer({ status: 429, headers: { 'x-ogw-ratelimit-reset': '1' }, json: { code: 99991403 } });
    expect(await failureOf(makeClient().jsapiTicket(token))).toMatchObject({
      kind: 'quota',
      retryAfterMs: 3_600_000,
    });
  });

  it('takes the log id from the header, else from the body', async () => {
    const json = { code: 1500, msg: 'internal', error: { log_id: 'of-body' } };
    server.answer({ headers: { 'X-Tt-Logid': 'of-header' }, json }, { json });
    const client = makeClient();
    expect((await failureOf(client.jsapiTicket(token))).logId).toBe('of-header');
    expect((await failureOf(client.jsapiTicket(token))).logId).toBe('of-body');
  });

  it('goes by the code even when msg and error are of no known form', async () => {
    server.answer({ json: { code: 10014, msg: { en: 'no' }, error: 'x' } });
    const error = await failureOf(makeClient().tenantAccessToken(app));
    expect(error).toMatchObject({ code: 10014, platformMessage: undefined });
  });
});

describe('replies that are not what the platform documents', () => {
  const ticket = (data: unknown) => ({ code: 0, msg: 'ok', data });
  it.each([
    ['no data', { code: 0, msg: 'ok' }, 'data'],
    ['an empty ticket', ticket({ ticket: '', expire_in: 7200 }), 'data.ticket'],
    ['a ticket that is null', ticket({ ticket: null, expire_in: 7200 }), 'data.ticket'],
    ['a ticket that is a number', ticket({ ticket: 1, expire_in: 7200 }), 'data.ticket'],
    ['a ticket with &', ticket({ ticket: 'a&url=b', expire_in: 7200 }), 'data.ticket'],
    ['a ticket with a line break', ticket({ ticket: 'a\n', expire_in: 7200 }), 'data.ticket'],
    ['a ticket with a space', ticket({ ticket: 'a b', expire_in: 7200 }), 'data.ticket'],
    ['no life', ticket({ ticket: 'abc' }), 'data.expire_in'],
    ['a life of 0', ticket({ ticket: 'abc', expire_in: 0 }), 'data.expire_in'],
    ['a negative life', ticket({ ticket: 'abc', expire_in: -1 }), 'data.expire_in'],
    ['a life that is a string', ticket({ ticket: 'abc', expire_in: '7200' }), 'data.expire_in'],
    ['half a second', ticket({ ticket: 'abc', expire_in: 0.5 }), 'data.expire_in'],
    ['a life over a day', ticket({ ticket: 'abc', expire_in: 86_401 }), 'data.expire_in'],
  ])('refuses %s', async (_, json, field) => {
    server.answer({ json });
    const error = await failureOf(makeClient().jsapiTicket(token));
    expect(error).toMatchObject({ reason: 'malformed', kind: 'retry' });
    expect(error.message).toContain(`(${field})`);
    expect(calls).toMatchObject([{ outcome: 'malformed' }]);
  });

  it('tells the status and the log id of a reply without what it should hold', async () => {
    server.answer({ headers: { 'X-Tt-Logid': 'log-7' }, json: { code: 0 } });
    await failureOf(makeClient().jsapiTicket(token));
    expect(calls).toMatchObject([{ outcome: 'malformed', httpStatus: 200, logId: 'log-7' }]);
  });

  it.each(['', 'a b', 'tökén', 'a\r\nX-Evil: 1'])(
    'refuses the token %j, which no header could carry',
    async (value) => {
      server.answer({ json: { code: 0, tenant_access_token: value, expire: 7200 } });
      expect(await failureOf(makeClient().tenantAccessToken(app))).toMatchObject({ reason: 'malformed' });
    },
  );

  it('takes lives of one second and of a day, unknown fields, and a long token', async () => {
    const long = `t-${'x'.repeat(20_000)}`;
    server.answer({ json: { ...TOKEN_REPLY, expire: 1, more: { of: 'it' } } });
    server.answer({ json: { ...TOKEN_REPLY, tenant_access_token: long, expire: 86_400 } });
    const client = makeClient();
    expect((await client.tenantAccessToken(app)).lifeMs).toBe(1_000);
    const issued = await client.tenantAccessToken(app);
    expect(issued.lifeMs).toBe(86_400_000);
    expect(issued.value.reveal()).toBe(long);
  });

  it.each(LONG_VALUES)('takes %s as a token and as a ticket, and sends it as it is', async (_, value) => {
    server.answer({ json: { ...TOKEN_REPLY, tenant_access_token: value } });
    server.answer({ json: { code: 0, msg: 'ok', app_access_token: value, expire: 7200 } });
    server.answer({ json: { code: 0, msg: 'ok', data: { ticket: value, expire_in: 7200 } } });
    const client = makeClient();
    const issued = await client.tenantAccessToken(app);
    expect(issued.value.reveal()).toBe(value);
    expect((await client.appAccessToken(app)).value.reveal()).toBe(value);
    expect((await client.jsapiTicket(issued.value)).value.reveal()).toBe(value);
    expect(server.requests[2]!.headers.authorization).toBe(`Bearer ${value}`);
  });

  it.each([
    ['HTML under HTTP 200', 200, '<html>Log in</html>', 'not-json'],
    ['nothing under HTTP 200', 200, '', 'not-json'],
    ['cut JSON', 200, '{"code":0,"data":{"ticket":"abc', 'not-json'],
    ['JSON without a code', 200, '{"ok":true}', 'malformed'],
    ['a code that is a string', 200, '{"code":"0"}', 'malformed'],
    ['a list', 200, '[]', 'malformed'],
    ['null', 200, 'null', 'malformed'],
    ['the error page of a gateway', 502, '<html>Bad gateway</html>', 'http-status'],
    ['JSON of a gateway', 503, '{"error":"unavailable"}', 'http-status'],
  ])('tells %s from the platform’s replies', async (_, status, text, reason) => {
    server.answer({ status, text });
    const error = await failureOf(makeClient().jsapiTicket(token));
    expect(error).toMatchObject({ reason, kind: 'retry', httpStatus: status, code: undefined });
    expect(times).toEqual([]);
  });

  it('waits as long as a gateway’s 429 says', async () => {
    server.answer({ status: 429, headers: { 'Retry-After': '9' }, text: 'slow down' });
    const error = await failureOf(makeClient().jsapiTicket(token));
    expect(error).toMatchObject({ reason: 'http-status', kind: 'rate-limit', retryAfterMs: 9_000 });
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no redirect (HTTP %i), so no other host gets the secret',
    async (status) => {
      const elsewhere = await ScriptedServer.start();
      server.answer({ status, headers: { Location: `${elsewhere.url}/login` }, json: TOKEN_REPLY });
      const error = await failureOf(makeClient().tenantAccessToken(app));
      expect(error).toMatchObject({ reason: 'http-status', httpStatus: status });
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.close();
    },
  );
});

describe('limits', () => {
  it('gives up on a platform that does not answer when the deadline has passed, not before', async () => {
    server.answer(() => undefined);
    const asked = server.nextRequest();
    const failure = failureOf(makeClient({ callDeadlineMs: 700 }).jsapiTicket(token));
    await asked;
    await clock.advance(699);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(await failure).toMatchObject({ reason: 'timeout', kind: 'retry' });
    expect(calls).toMatchObject([{ outcome: 'timeout', durationMs: 700 }]);
  });

  it('has 5 s for a call when nothing else is said', async () => {
    server.answer(() => undefined);
    const failure = failureOf(makeClient().jsapiTicket(token));
    expect(clock.untilNextTimerMs).toBe(5_000);
    await clock.advance(5_000);
    await failure;
  });

  it('gives up on a reply whose body stops half way', async () => {
    server.answer((_, response) => void response.writeHead(200).write('{"code":0,'));
    const asked = server.nextRequest();
    const failure = failureOf(makeClient().jsapiTicket(token));
    await asked;
    await clock.advance(5_000);
    expect(await failure).toMatchObject({ reason: 'timeout' });
  });

  it('closes the connection of a call that it gave up', async () => {
    const closed = new Promise((resolve) =>
      server.answer((request) => request.socket.once('close', resolve)),
    );
    const asked = server.nextRequest();
    const failure = failureOf(makeClient().jsapiTicket(token));
    await asked;
    await clock.advance(5_000);
    await failure;
    await closed;
  });

  it('discards what a fetch that ignores its signal brings late', async () => {
    let answer: (response: Response) => void = () => undefined;
    const client = makeClient({ fetch: () => new Promise((resolve) => (answer = resolve)) });
    const failure = failureOf(client.jsapiTicket(token));
    await clock.advance(5_000);
    expect(await failure).toMatchObject({ reason: 'timeout' });
    const cancelled = new Promise((resolve) =>
      answer(
        new Response(new ReadableStream({ cancel: resolve }), {
          headers: { Date: new Date(0).toUTCString() },
        }),
      ),
    );
    await cancelled;
    expect(times).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('catches a fetch that fails late', async () => {
    let fail: (error: Error) => void = () => undefined;
    const client = makeClient({ fetch: () => new Promise((_, reject) => (fail = reject)) });
    const failure = failureOf(client.jsapiTicket(token));
    await clock.advance(5_000);
    await failure;
    const unhandled = jest.fn();
    process.once('unhandledRejection', unhandled);
    fail(new Error('late'));
    await clock.advance(0);
    await clock.advance(0);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('reads no more of a reply than it may', async () => {
    const piece = 'x'.repeat(16_384);
    let written = 0;
    server.answer((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 100_000_000 && response.write(piece)) written += piece.length;
      };
      response.on('drain', more);
      more();
    });
    expect(await failureOf(makeClient().jsapiTicket(token))).toMatchObject({ reason: 'too-large' });
    expect(written).toBeLessThan(100_000_000);
  });

  it('counts the bytes of a compressed reply once they are unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(70_000, ' '));
    server.answer((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb));
    expect(await failureOf(makeClient().jsapiTicket(token))).toMatchObject({ reason: 'too-large' });
  });

  it('takes a reply of exactly the size it may have', async () => {
    const text = JSON.stringify(TICKET_REPLY);
    server.answer({ text }, { text: `${text} ` });
    const client = makeClient({ maxReplyBytes: text.length });
    await expect(client.jsapiTicket(token)).resolves.toBeDefined();
    expect(await failureOf(client.jsapiTicket(token))).toMatchObject({ reason: 'too-large' });
  });

  it('ends when the caller gives up, and sends nothing when the caller has given up before', async () => {
    server.answer(() => undefined);
    const controller = new AbortController();
    const asked = server.nextRequest();
    const client = makeClient();
    const failure = failureOf(client.jsapiTicket(token, controller.signal));
    await asked;
    controller.abort();
    expect(await failure).toMatchObject({ reason: 'aborted' });
    expect(await failureOf(client.jsapiTicket(token, controller.signal))).toMatchObject({
      reason: 'aborted',
    });
    expect(server.requests).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });
});

describe('connections that fail', () => {
  it('tells a refused connection', async () => {
    const gone = await ScriptedServer.start();
    const baseUrl = gone.url;
    await gone.close();
    const error = await failureOf(makeClient({ baseUrl }).jsapiTicket(token));
    expect(error).toMatchObject({ reason: 'connection', kind: 'retry' });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('tells a reset connection and a cut body', async () => {
    server.answer((request) => void request.socket.resetAndDestroy());
    server.answer((request, response) => {
      response.writeHead(200, { 'Content-Length': '500' });
      response.write('{"code":0,', () => request.socket.destroy());
    });
    const client = makeClient();
    expect(await failureOf(client.jsapiTicket(token))).toMatchObject({ reason: 'connection' });
    expect(await failureOf(client.jsapiTicket(token))).toMatchObject({ reason: 'connection' });
  });

  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ECONNRESET', 'connection'],
    ['UND_ERR_SOCKET', 'connection'],
    ['HPE_INVALID_CONSTANT', 'connection'],
  ])('makes of %s the reason %s', async (code, reason) => {
    const cause = Object.assign(new Error('for the bottom of it'), { code });
    const client = makeClient({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause })) });
    expect(await failureOf(client.jsapiTicket(token))).toMatchObject({ reason });
  });

  it('tells a failure without any code as one of the connection', async () => {
    const client = makeClient({ fetch: () => Promise.reject(new Error('?')) });
    expect(await failureOf(client.jsapiTicket(token))).toMatchObject({ reason: 'connection' });
  });
});

describe('the platform’s time', () => {
  const platformDate = 'Thu, 01 Jan 2026 00:15:00 GMT';

  it('is taken from every reply that is the platform’s, refusals included', async () => {
    const headers = { Date: platformDate };
    server.answer({ headers, json: TICKET_REPLY }, { headers, status: 400, json: { code: 99991663 } });
    const client = makeClient();
    await client.jsapiTicket(token);
    await failureOf(client.jsapiTicket(token));
    const now = clock.monotonicMs();
    const time = { platformMs: Date.UTC(2026, 0, 1, 0, 15), sentMonotonicMs: now, receivedMonotonicMs: now };
    expect(times).toEqual([time, time]);
  });

  it('is bounded by when the request was sent and when the reply’s head came', async () => {
    const sentMonotonicMs = clock.monotonicMs();
    server.answer(
      (_, response) => void clock.advance(800).then(() => response.end(JSON.stringify(TICKET_REPLY))),
    );
    await makeClient().jsapiTicket(token);
    expect(times).toMatchObject([{ sentMonotonicMs, receivedMonotonicMs: sentMonotonicMs + 800 }]);
  });

  it.each([
    [502, '<html>Bad gateway</html>'],
    [200, '<html>Log in</html>'],
    [200, '{"status":"ok"}'],
    [403, '{"code":"FORBIDDEN"}'],
    [302, JSON.stringify(TICKET_REPLY)],
  ])('is not taken from a gateway (HTTP %i, %s)', async (status, text) => {
    server.answer({ status, headers: { Date: platformDate }, text });
    await failureOf(makeClient().jsapiTicket(token));
    expect(times).toEqual([]);
  });

  it.each([
    '1',
    'yesterday',
    '2026-01-01T00:15:00Z',
    'Xxx, 99 Xxx 2026 00:15:00 GMT',
    // No clock that is right.
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Tue, 31 Dec 2024 23:59:59 GMT',
    'Sat, 01 Jan 2050 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
  ])('is not read from the Date %p', async (date) => {
    server.answer({ headers: { Date: date }, json: TICKET_REPLY });
    await makeClient().jsapiTicket(token);
    expect(times).toEqual([]);
  });

  it('can be asked for without a token, a secret or a ticket call', async () => {
    server.answer({
      status: 400,
      headers: { Date: platformDate },
      json: { code: 99991661, msg: 'Missing access token' },
    });
    await expect(makeClient().probe()).resolves.toBeUndefined();
    expect(times).toHaveLength(1);
    expect(server.requests).toMatchObject([{ method: 'GET', path: '/open-apis/bot/v3/info', body: '' }]);
    expect(server.requests[0]!.headers).not.toHaveProperty('authorization');
    expect(calls).toMatchObject([{ endpoint: 'probe', outcome: 'ok', httpStatus: 400 }]);
  });

  it('is not known when something else answers the question', async () => {
    server.answer({ status: 404, text: 'not found' });
    expect(await failureOf(makeClient().probe())).toMatchObject({ endpoint: 'probe', reason: 'http-status' });
  });
});

describe('secrets', () => {
  /** Everything a log could print of an error. */
  const printed = (error: Error) =>
    inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.message;

  it('are taken out of the log id', async () => {
    server.answer({ json: { code: 1500, msg: 'x' }, headers: { 'x-tt-logid': '2026 s3cr3t-of-the-app' } });
    const failure = await failureOf(makeClient().tenantAccessToken(app));
    expect(failure.logId).toBe('2026 [redacted]');
  });

  it('are taken out of what the platform quotes', async () => {
    server.answer({ json: { code: 99991663, msg: `invalid token t-0123456789, really: t-0123456789` } });
    server.answer({ json: { code: 10014, msg: 'secret s3cr3t-of-the-app is wrong' } });
    const client = makeClient();
    const ofTicket = await failureOf(client.jsapiTicket(token));
    const ofToken = await failureOf(client.tenantAccessToken(app));
    expect(ofTicket.platformMessage).toBe('invalid token [redacted], really: [redacted]');
    expect(printed(ofTicket)).not.toContain('t-0123456789');
    expect(printed(ofToken)).not.toContain('s3cr3t');
    expect(JSON.stringify(calls)).not.toMatch(/s3cr3t|t-0123456789/);
  });

  it('are taken out of what the platform quotes in part: their beginning or their end', async () => {
    server.answer({ json: { code: 10014, msg: 'secret s3cr3t is wrong, as is -app and not the rest' } });
    const failure = await failureOf(makeClient().tenantAccessToken(app));
    expect(failure.platformMessage).toBe('secret [redacted] is wrong, as is [redacted] and not the rest');
  });

  it.each([
    [
      'a malformed reply',
      { json: { code: 0, data: { ticket: 'leaked-ticket', expire_in: 'x' }, ticket: 'leaked-ticket' } },
    ],
    ['a cut reply', { text: '{"code":0,"data":{"ticket":"leaked-ticket"' }],
    ['a ticket that is refused', { json: { code: 0, data: { ticket: 'leaked-ticket\n', expire_in: 7200 } } }],
  ])('do not get out by %s', async (_, answer) => {
    server.answer(answer);
    expect(printed(await failureOf(makeClient().jsapiTicket(token)))).not.toContain('leaked-ticket');
  });

  it('do not get out by a token that no header can carry', async () => {
    const error = await failureOf(makeClient().jsapiTicket(new Secret('leaked\ntoken')));
    expect(error).toMatchObject({ reason: 'connection' });
    expect(printed(error)).not.toContain('leaked');
  });
});
