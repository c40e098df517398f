// The server: its prototypes, its limits, what it answers to a message it cannot read, and how it ends.
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import express, { type Express } from 'express';
import { createApp } from '../../../src/http/create-app';
import { closeGracefully, createHttpServer } from '../../../src/http/server';
import { createAccessLog } from '../../../src/observability/access-log';
import { createLogger } from '../../../src/observability/logger';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';

const written: string[] = [];
const servers: Server[] = [];
afterEach(() => {
  written.length = 0;
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

function makeApp(signing = new FakeSigningApp()) {
  return createApp({
    apps: new FakeSigningApps(signing),
    onRequest: createAccessLog(
      createLogger({
        level: 'info',
        destination: { write: (line) => void written.push(line) },
        clock: new FakeClock(),
      }),
    ),
    publicFiles: (path) => Promise.resolve(path === 'openapi.json' ? Buffer.from('{}') : undefined),
    version: '1.2.3',
    basePath: '/jsapi',
    newRequestId: () => 'fresh-id',
  });
}

async function listen(app = makeApp()): Promise<{ server: Server; port: number }> {
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Everything the server says to `message` until it closes the connection. */
async function say(port: number, message: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write(message, 'latin1');
  let reply = '';
  socket.on('data', (chunk: string) => (reply += chunk));
  await once(socket, 'close');
  return reply;
}

function parseReply(reply: string): { head: string; body: Record<string, unknown> } {
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  expect(head).toContain(`Content-Length: ${body.length}`);
  return { head, body: JSON.parse(body) };
}

describe('createHttpServer', () => {
  it('gives requests and responses the prototypes that Express would swap in', async () => {
    // `handle` is what a server calls for each request; Express's types leave it out.
    const app = makeApp() as Express & { handle: (request: object, response: object) => void };
    const before: unknown[] = [];
    const after: unknown[] = [];
    const handle = app.handle.bind(app);
    app.handle = (request, response) => {
      before.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
      handle(request, response);
      after.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    };
    const { port } = await listen(app);
    await say(port, 'GET /jsapi/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(before).toHaveLength(2);
    expect(before[0]).toBe(app.request);
    expect(before[1]).toBe(app.response);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it('serves an Express app of another making, with the prototypes that this one wants, and all that was put on them', async () => {
    const app = express();
    Object.assign(app.request, { early: 'on the request' });
    const prototypes: unknown[] = [];
    app.get('/', (request, response) => {
      prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
      const { early, late } = request as typeof request & { early: string; late: string };
      response.send(`${early}, ${late}, ${request.protocol}`);
    });
    const { server, port } = await listen(app);
    Object.assign(app.request, { late: 'later too' });
    const made: unknown[] = [];
    server.prependListener('request', (request, response) => {
      made.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    });
    expect(await say(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 .*on the request, later too, http$/s,
    );
    expect(made).toEqual([app.request, app.response]);
    expect(prototypes.map((prototype, at) => prototype === made[at])).toEqual([true, true]);
  });

  it('keeps connections longer than the proxies before it, and bounds every request', async () => {
    const { server } = await listen();
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
    expect(server.headersTimeout).toBeGreaterThan(server.keepAliveTimeout);
    expect(server.requestTimeout).toBeGreaterThanOrEqual(server.headersTimeout);
  });

  it.each([
    [
      'headers over 48 KB',
      `GET /config HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(49_152)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a URL over 48 KB',
      `GET /config?url=${'x'.repeat(49_152)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a thousand headers',
      `GET /jsapi/config HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(999)}\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'an Origin behind a thousand headers',
      `GET /jsapi/config?url=https%3A%2F%2Fh.cn%2F HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(1_000)}Origin: https://evil.cn\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a control character in the target',
      'GET /config?url=\x01 HTTP/1.1\r\nHost: x\r\n\r\n',
      400,
      'URL_INVALID',
    ],
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'BODY_INVALID'],
    [
      'a wrong chunk',
      'POST /jsapi/config HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      'BODY_INVALID',
    ],
    ['an HTTP/1.1 request without a Host', 'GET /jsapi/config HTTP/1.1\r\n\r\n', 400, 'BODY_INVALID'],
  ])('answers %s with a problem, and logs it', async (_, message, status, code) => {
    const { port } = await listen();
    const { head, body } = parseReply(await say(port, message));
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toContain('Access-Control-Allow-Origin: *');
    expect(head).toContain('X-Content-Type-Options: nosniff');
    expect(head).toContain('Connection: close');
    expect(body).toMatchObject({ code, status, type: `/jsapi/errors#${code}`, requestId: 'fresh-id' });
    expect(written.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', code, status, client: '127.0.0.1' }),
    ]);
  });

  it('answers requests of HTTP/1.0 without a Host, and passes over an Expect that it does not know', async () => {
    const { port } = await listen();
    expect(await say(port, 'GET /jsapi/healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    const expecting = 'GET /jsapi/config HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n';
    expect(parseReply(await say(port, expecting)).body).toMatchObject({ code: 'URL_MISSING' });
  });

  it.each(['*', 'p://x', 'http://x', 'http://[0::1]x/nowhere?a=b'])(
    'answers the target %s, which is no path, with a problem',
    async (target) => {
      const { port } = await listen();
      const { head, body } = parseReply(
        await say(port, `OPTIONS ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      expect(head).toContain('X-Content-Type-Options: nosniff');
      expect(body).toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  it('sends "100 Continue" before a reply and not into it, whatever replies are still to come', async () => {
    const { port } = await listen();
    const first = 'GET /jsapi/healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const large =
      'GET /jsapi/openapi.json HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n';
    expect(await say(port, `${first}${large}`)).not.toMatch(/\r\n\r\nHTTP\/1.1 100/);
    expect(await say(port, large)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/);
  });

  it('refuses a message that cannot be read after the replies to those before it', async () => {
    const { port } = await listen();
    const request = 'GET /jsapi/healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const replies = await say(port, `${request}${request}${request}hello\r\n\r\n`);
    expect(replies.match(/HTTP\/1.1 \d+|"alive"|"code":"\w+"/g)).toEqual([
      ...['HTTP/1.1 200', '"alive"', 'HTTP/1.1 200', '"alive"', 'HTTP/1.1 200', '"alive"'],
      ...['HTTP/1.1 400', '"code":"BODY_INVALID"'],
    ]);
  });

  it('refuses what follows a request that waits once, however many pieces it has, and reads no more of it', async () => {
    const signing = new FakeSigningApp();
    let answer!: () => void;
    signing.answer = (page) => new Promise((resolve) => (answer = () => resolve(signing.sign(page))));
    const { server, port } = await listen(makeApp(signing));
    const refused = once(server, 'clientError');
    const replies = say(
      port,
      'GET /jsapi/config?url=https%3A%2F%2Fh.cn%2F HTTP/1.1\r\nHost: x\r\n\r\nhello\r\n\r\n',
    );
    const [error, socket] = (await refused) as [Error, Socket];
    for (let piece = 0; piece < 3; piece += 1) server.emit('clientError', error, socket);
    expect(socket.isPaused()).toBe(true);
    answer();
    expect((await replies).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(written.map((line): unknown => JSON.parse(line).status)).toEqual([400, 200]);
  });

  it('lets 47 KB of headers pass', async () => {
    const { port } = await listen();
    const cookie = 'x'.repeat(47 * 1024);
    const reply = await say(
      port,
      `GET /jsapi/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`,
    );
    expect(reply).toMatch(/^HTTP\/1.1 200 /);
  });

  it('answers a request that did not arrive in time, and leaves a lost connection alone', async () => {
    const { server } = await listen();
    const late = new PassThrough();
    server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), late);
    expect(parseReply(String(late.read())).body).toMatchObject({ code: 'REQUEST_TIMEOUT', status: 408 });

    const lost = new PassThrough().on('error', () => {});
    server.emit('clientError', Object.assign(new Error(), { code: 'ECONNRESET' }), lost);
    expect(lost.destroyed).toBe(true);
    expect(lost.read()).toBeNull();
  });

  it('refuses a body that is too large without waiting for its end', async () => {
    const { port } = await listen();
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /jsapi/config HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(100_000)}`,
    );
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.toString()).toMatch(/^HTTP\/1.1 413 .*BODY_TOO_LARGE/s);
    socket.destroy();
  });

  it('takes no harm from a client that goes away within its body', async () => {
    const { server, port } = await listen();
    const socket = connect(port, '127.0.0.1');
    const arrived = once(server, 'request');
    socket.write('POST /jsapi/config HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"url"');
    const [request] = (await arrived) as [IncomingMessage];
    socket.destroy();
    await new Promise((resolve) => request.on('close', resolve));
    expect(await say(port, 'GET /jsapi/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /URL_MISSING/,
    );
    expect(written.map((line): unknown => JSON.parse(line).code)).toEqual(['BODY_INVALID', 'URL_MISSING']);
  });
});

describe('closeGracefully', () => {
  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  it('lets an open request end, and closes its connection when it is idle', async () => {
    const signing = new FakeSigningApp();
    let answer!: () => void;
    signing.answer = (page) => new Promise((resolve) => (answer = () => resolve(signing.sign(page))));
    const { server, port } = await listen(makeApp(signing));
    const arrived = once(server, 'request');
    const replied = once(
      get({ port, host: '127.0.0.1', agent, path: '/jsapi/config?url=https%3A%2F%2Fh.cn%2F' }),
      'response',
    );
    await arrived;

    const clock = new FakeClock();
    let closed = false;
    const closing = closeGracefully(server, { graceMs: 10_000, clock }).then(() => (closed = true));
    await clock.advance(1_000);
    expect(closed).toBe(false);

    answer();
    const [reply] = (await replied) as [IncomingMessage];
    expect(reply.statusCode).toBe(200);
    await once(reply.resume(), 'end');
    await clock.advance(200);
    await closing;
    expect(clock.timers).toBe(0);
  });

  it('cuts what is still open when the grace is over', async () => {
    const signing = new FakeSigningApp();
    signing.answer = () => new Promise(() => {});
    const { server, port } = await listen(makeApp(signing));
    const arrived = once(server, 'connection');
    const requested = once(server, 'request');
    const socket: Socket = connect(port, '127.0.0.1');
    socket
      .on('error', () => {})
      .write('GET /jsapi/config?url=https%3A%2F%2Fh.cn%2F HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    await requested;

    const clock = new FakeClock();
    const closing = closeGracefully(server, { graceMs: 10_000, clock });
    const cut = once(socket, 'close');
    await clock.advance(9_999);
    expect(socket.destroyed).toBe(false);
    await clock.advance(1);
    await Promise.all([closing, cut]);
    expect(clock.timers).toBe(0);
  });

  it('takes a server that never listened for closed', async () => {
    await closeGracefully(createHttpServer(makeApp()), { graceMs: 1, clock: new FakeClock() });
  });
});
