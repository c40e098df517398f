// Clients that are slow, silent or half gone, as raw sockets against short timeouts: each is disconnected.
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { createApp } from '../../src/http/create-app';
import { createHttpServer } from '../../src/http/server';
import { FakeSigningApps, FakeSigningApp } from '../support/fake-signing-apps';

/** Long enough for a loaded machine to answer in, short enough to wait for. */
const LIMIT_MS = 300;
/** Ten times a limit and its check: nothing that is closed by them takes that long. */
const PATIENCE_MS = 4_000;

let server: Server;
let port: number;

beforeEach(async () => {
  const app = createApp({
    apps: new FakeSigningApps(new FakeSigningApp()),
    // A reply that no socket buffer swallows.
    publicFiles: () => Promise.resolve(Buffer.alloc(10_000_000, 'word ')),
    version: '1.2.3',
  });
  server = createHttpServer(app, {
    keepAliveMs: LIMIT_MS,
    headersMs: LIMIT_MS,
    requestMs: LIMIT_MS,
    silenceMs: LIMIT_MS,
    checkEveryMs: 50,
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.close().closeAllConnections();
});

const openConnections = (): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

/** Everything that was said to `socket` until the server had closed it. */
async function untilLetGo(socket: Socket): Promise<string> {
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString())).on('error', () => {});
  await once(socket, 'connect');
  const endMs = performance.now() + PATIENCE_MS;
  while ((await openConnections()) > 0) {
    if (performance.now() > endMs) throw new Error(`still open, after saying ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  socket.destroy();
  return said;
}

test('one that says nothing', async () => {
  await untilLetGo(connect(port, '127.0.0.1'));
});

test('one whose headers come a byte at a time', async () => {
  const socket = connect(port, '127.0.0.1');
  let sent = 0;
  const message = `GET /config HTTP/1.1\r\nHost: x\r\nX-Slow: ${'x'.repeat(10_000)}`;
  const dribble = setInterval(() => socket.write(message[sent++]!), 20);
  try {
    expect(await untilLetGo(socket)).toMatch(/^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
  } finally {
    clearInterval(dribble);
  }
});

test('one whose body never ends', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /config HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
  const dribble = setInterval(() => socket.write('x'), 20);
  try {
    expect(await untilLetGo(socket)).toMatch(/^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
  } finally {
    clearInterval(dribble);
  }
});

test('one that closes its half of the connection within a request', async () => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('GET /config HTTP/1.1\r\nHost:');
  await untilLetGo(socket);
});

test('one that keeps its connection and asks nothing more', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await untilLetGo(socket)).toMatch(/^HTTP\/1.1 200 /);
});

test('one that does not read its reply', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /errors HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'connect');
  socket.pause();
  const startMs = performance.now();
  while ((await openConnections()) > 0) {
    expect(performance.now() - startMs).toBeLessThan(PATIENCE_MS);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  socket.destroy();
});
