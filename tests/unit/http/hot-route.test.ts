// The signing endpoint is carried by the server itself, and by Express where the app is mounted elsewhere: the same bytes from both.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createApp, type AppParts } from '../../../src/http/create-app';
import { createHttpServer } from '../../../src/http/server';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApp, FakeSigningApps } from '../../support/fake-signing-apps';

const PAGE = encodeURIComponent('https://h5.example.com/a?x=1');
const JSON_BODY = JSON.stringify({ url: 'https://h5.example.com/' });

let signer: FakeSigningApp;
const servers: Server[] = [];
beforeEach(() => {
  signer = new FakeSigningApp('cli_one', ['https://h5.example.com']);
});
afterEach(() => servers.splice(0).forEach((server) => server.close()));

function createAppOf(parts: Partial<AppParts> = {}) {
  return createApp({
    apps: new FakeSigningApps(signer),
    publicFiles: () => Promise.resolve(undefined),
    version: '1.2.3',
    basePath: '/jsapi',
    requestsPerMinute: 100,
    clock: new FakeClock(),
    newRequestId: () => 'fresh-id',
    ...parts,
  });
}

async function ask(server: Server, head: string, body = ''): Promise<string> {
  servers.push(server);
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`${head.replaceAll('\n', '\r\n')}\r\nHost: s.example.com\r\nConnection: close\r\n\r\n${body}`);
  return (await text(socket)).replace(/\r\nDate: [^\r]*/, '');
}

test.each([
  ['a signature', `GET /jsapi/config?url=${PAGE} HTTP/1.1\nOrigin: https://h5.example.com`, ''],
  ['a trailing slash', `GET /jsapi/config/?url=${PAGE} HTTP/1.1`, ''],
  ['another shape', `GET /jsapi/get_config_parameters?url=${PAGE} HTTP/1.1`, ''],
  ['the absolute form', `GET http://s.example.com/jsapi/config?url=${PAGE} HTTP/1.1`, ''],
  ['HEAD', `HEAD /jsapi/config?url=${PAGE} HTTP/1.1`, ''],
  ['HTTP/1.0', `GET /jsapi/config?url=${PAGE} HTTP/1.0`, ''],
  ['a preflight', 'OPTIONS /jsapi/config HTTP/1.1\nOrigin: https://h5.example.com', ''],
  [
    'a body',
    `POST /jsapi/config HTTP/1.1\nContent-Type: application/json\nContent-Length: ${JSON_BODY.length}`,
    JSON_BODY,
  ],
  ['a refusal', 'GET /jsapi/config?url=x HTTP/1.1', ''],
  ['a method that is not served', 'PUT /jsapi/config HTTP/1.1', ''],
  ['a path of another route', 'GET /jsapi/readyz HTTP/1.1', ''],
  ['a path of no route', 'GET /jsapi/nothing HTTP/1.1', ''],
])('%s', async (_what, head, body) => {
  const byServer = await ask(createHttpServer(createAppOf()), head, body);
  const byExpress = await ask(createServer(createAppOf()), head, body);
  expect(byServer).toMatch(/^HTTP\/1\.1 \d{3} /);
  expect(byServer).toBe(byExpress);
});

test('the server enters Express for other paths only', async () => {
  const app = createAppOf();
  const handled: string[] = [];
  const { handle } = app as unknown as { handle: (...args: unknown[]) => void };
  Object.assign(app, {
    handle(request: { url: string }, ...rest: unknown[]) {
      handled.push(request.url);
      handle.call(app, request, ...rest);
    },
  });
  const server = createHttpServer(app);
  await ask(server, `GET /jsapi/config?url=${PAGE} HTTP/1.1`);
  await ask(server, 'GET /jsapi/readyz HTTP/1.1');
  expect(handled).toEqual(['/jsapi/readyz']);
});

test.each([
  ['at once', 'GET /jsapi/config?url=x HTTP/1.1', ''],
  [
    'behind a body',
    `POST /jsapi/config HTTP/1.1\nContent-Type: application/json\nContent-Length: ${JSON_BODY.length}`,
    JSON_BODY,
  ],
])('an error of our own %s ends the request, not the process', async (_when, head, body) => {
  const app = createAppOf({
    onRequest: () => {
      throw new Error('the log is broken');
    },
  });
  await ask(createHttpServer(app), head, body);
  expect(await ask(createHttpServer(createAppOf()), head, body)).toMatch(/^HTTP\/1\.1 \d{3} /);
});

test('a demo, which serves no foreign Host, is carried by Express', async () => {
  const app = createAppOf({ requiresOwnHost: true, hostNames: [] });
  const reply = await ask(createHttpServer(app), `GET /jsapi/config?url=${PAGE} HTTP/1.1`);
  expect(reply).toContain('ORIGIN_NOT_ALLOWED');
});
