// Pipelined requests: all answered in their order, few in a turn, and a connection with too many of them closed.
import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { readBody } from '../../../src/http/read-body';
import { serveInTurns } from '../../../src/http/serve-in-turns';

/** One is answered at once, and 32 behind it. */
const MAX_AT_ONCE = 33;

let server: Server;
const floods: Socket[] = [];
afterEach(() => {
  server.close().closeAllConnections();
  floods.length = 0;
});

async function listen(serve: RequestListener): Promise<number> {
  const inTurns = serveInTurns(serve, (socket) => floods.push(socket));
  server = createServer({ requireHostHeader: false }, inTurns).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** `count` requests at once, for /0, /1 and so on; the last one ends the connection. */
function requests(count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `GET /${at} HTTP/1.1\r\nHost: x\r\n${at === count - 1 ? 'Connection: close\r\n' : ''}\r\n`,
  ).join('');
}

/** Everything that the server says to `message` until it closes the connection. */
async function say(port: number, message: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(message);
  return text(socket).catch(() => '');
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const answered = (replies: string): string[] =>
  [...replies.matchAll(/<(\d+)>/g)].map(([, name = '']) => name);

test('answers all of them in their order, and few in a turn of the event loop', async () => {
  let turn = 0;
  let isOver = false as boolean;
  const perTurn: number[] = [];
  (function count(): void {
    turn += 1;
    if (!isOver) setImmediate(count);
  })();
  const port = await listen((request, response) => {
    perTurn[turn] = (perTurn[turn] ?? 0) + 1;
    response.end(`<${request.url?.slice(1)}>`);
  });
  const replies = await say(port, requests(5_000));
  isOver = true;
  expect(answered(replies)).toEqual(Array.from({ length: 5_000 }, (_, at) => String(at)));
  expect(Math.max(...Object.values(perTurn))).toBeLessThanOrEqual(MAX_AT_ONCE);
});

test('answers others meanwhile', async () => {
  const order: string[] = [];
  const port = await listen((request, response) => {
    order.push(request.url ?? '');
    response.end('<0>');
  });
  const flood = say(port, requests(2_000));
  const [reply] = (await once(get({ port, path: '/other' }), 'response')) as [{ resume(): void }];
  reply.resume();
  await flood;
  // Behind the requests of a few turns, and before nearly all of them.
  expect(order.indexOf('/other')).toBeGreaterThanOrEqual(0);
  expect(order.indexOf('/other')).toBeLessThan(1_000);
});

test('reads no more of a connection than waits already', async () => {
  let served = 0;
  const port = await listen(() => {
    served += 1;
  });
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  // 16 MB, of which the buffers of both ends hold a part.
  const whole = requests(400_000);
  socket.write(whole);
  await once(socket, 'connect');
  while (served < MAX_AT_ONCE) await nextTurn();
  for (let turns = 0; turns < 200; turns += 1) await nextTurn();
  // None of them is answered.
  expect(served).toBe(MAX_AT_ONCE);
  expect(floods).toEqual([]);
  expect(socket.bytesWritten - socket.writableLength).toBeLessThan(whole.length);
  socket.destroy();
});

test('begins no more replies while those before are not read, and continues when they are', async () => {
  let begun = 0;
  let sent = 0;
  const body = Buffer.alloc(100_000, '.');
  const port = await listen((request, response) => {
    begun += 1;
    response.once('close', () => (sent += 1));
    response.write(`<${request.url?.slice(1)}>`);
    response.end(body);
  });
  const socket = connect(port, '127.0.0.1').pause();
  socket.write(requests(400));
  // What the system keeps of a connection is sent, which is 6 MB at most here.
  for (let quiet = 0, before = -1; quiet < 200; before = begun) {
    await nextTurn();
    quiet = begun === before && begun > 0 ? quiet + 1 : 0;
  }
  expect(begun).toBeLessThan(400);
  expect(begun - sent).toBeLessThanOrEqual(MAX_AT_ONCE);
  const replies = answered(await text(socket));
  expect(replies).toEqual(Array.from({ length: 400 }, (_, at) => String(at)));
});

test('a connection that reads nothing takes no place of others for long', async () => {
  const port = await listen((request, response) => {
    if (request.url === '/unanswered') return;
    response.end(`<${request.url?.slice(1)}>`);
  });
  const stuck = connect(port, '127.0.0.1').on('error', () => undefined);
  stuck.write('GET /unanswered HTTP/1.1\r\n\r\n'.repeat(2_000));
  await once(stuck, 'connect');
  for (let turns = 0; turns < 200; turns += 1) await nextTurn();
  const isClosed = once(stuck.resume(), 'close');
  expect(answered(await say(port, 'GET /0 HTTP/1.1\r\n\r\n'.repeat(2_900) + requests(1)))).toHaveLength(
    2_901,
  );
  await isClosed;
  expect(floods).toHaveLength(1);
});

test('closes a connection that has more of them waiting than one read holds', async () => {
  const port = await listen((_request, response) => void response.end('<0>'));
  // The shortest requests there are; a second connection's do not fit beside those of the first.
  const shortest = 'GET / HTTP/1.1\r\n\r\n'.repeat(3_600);
  const both = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(both.map((socket) => once(socket, 'connect')));
  for (const socket of both)
    socket
      .on('error', () => undefined)
      .resume()
      .write(shortest);
  // All replies to one of them, and the end of the other.
  await Promise.race(both.map((socket) => once(socket, 'close')));
  expect(floods).toHaveLength(1);
  expect(floods[0]?.destroyed).toBe(true);
  for (const socket of both) socket.destroy();
});

test('forgets what waits when the client goes away', async () => {
  const port = await listen((_request, response) => void response.end('<0>'));
  // More than may wait, were they not forgotten.
  for (let times = 0; times < 8; times += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(requests(700), () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  expect(answered(await say(port, requests(700)))).toHaveLength(700);
  expect(floods).toEqual([]);
});

test('lets no chunked body wait, and closes a connection with too many of them', async () => {
  const bodies: number[] = [];
  const port = await listen((request, response) => {
    if (request.method === 'GET') response.end('<0>');
    else
      void readBody(request, 100).then((body) => {
        bodies.push(body?.length ?? -1);
        response.end('<1>');
      });
  });
  const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
  const some = await say(port, chunked.repeat(20) + requests(20));
  expect(answered(some)).toHaveLength(40);
  expect(bodies).toEqual(Array.from({ length: 20 }, () => 3));
  expect(floods).toEqual([]);
  await say(port, chunked.repeat(100));
  expect(floods).toHaveLength(1);
});
