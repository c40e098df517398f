// Events that are not for us: passed on as they came, answered only when they were taken, and never lost.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEvent } from '../../src/open-platform/events';
import { Secret } from '../../src/base/secret';
import { ENCRYPT_KEY, createStoreWorld, VERIFICATION_TOKEN, type StoreWorld } from '../support/store-world';
import { HOUR, SECOND } from '../support/world';

interface Received {
  body: Buffer;
  headers: IncomingHttpHeaders;
}

let world: StoreWorld;
let backend: Server;
let backendUrl: string;
let received: Received[];
/** How the vendor's back end answers; undefined: not at all. */
let answer: (count: number) => number | undefined;

beforeEach(async () => {
  received = [];
  answer = () => 200;
  backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), headers: request.headers });
      const status = answer(received.length);
      if (status !== undefined) response.writeHead(status, { Location: '/elsewhere' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/lark/events`;
});
afterEach(async () => {
  await world.close();
  backend.closeAllConnections();
  backend.close();
});

const run = async (more: Record<string, unknown> = { eventsForwardTo: backendUrl }) => {
  world = await createStoreWorld({ more });
};

/** As the vendor's own back end judges what it receives. */
const read = ({ body, headers }: Received) =>
  readEvent(
    { body, headers },
    {
      appId: 'cli_shop',
      encryptKeys: [new Secret(ENCRYPT_KEY)],
      verificationTokens: [new Secret(VERIFICATION_TOKEN)],
      nowMs: world.sandbox.nowMs(),
      maxAgeMs: 8 * HOUR,
    },
  );

it('passes 100 events on, each once, with a signature that still holds; app tickets stay here', async () => {
  await run();
  for (let index = 0; index < 100; index += 1)
    expect(await world.sandbox.sendEvent('cli_shop', { type: `event-${index}` }, 2)).toEqual([200, 200]);
  const types = received.map((event) => {
    const judged = read(event);
    return judged.kind === 'other' && judged.type;
  });
  expect(types).toEqual(Array.from({ length: 100 }, (_, index) => `event-${index}`));
  process.stdout.write(`100 events, each sent twice: ${types.length} passed on\n`);
  expect(received[0]!.headers['content-type']).toBe('application/json; charset=utf-8');
});

it('loses none of 100 events while the back end fails, redirects or refuses', async () => {
  await run();
  // Every attempt of the first round fails in one way or another, and so does every third one of the second.
  answer = (count) =>
    count <= 100 || (count <= 200 && count % 3 === 0) ? [500, 302, 204, 404][count % 4]! : 200;
  const statuses = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      world.sandbox.sendEvent('cli_shop', { type: `event-${index}` }),
    ),
  );
  expect(new Set(statuses.flat())).toEqual(new Set([502]));
  await world.advance(8 * HOUR);
  const taken = world.sandbox.deliveries.filter(
    ({ type, status }) => type !== 'app_ticket' && status === 200,
  );
  const different = new Set(taken.map(({ uuid }) => uuid)).size;
  process.stdout.write(`100 events to a back end that fails: ${different} taken in the end\n`);
  expect(different).toBe(100);
});

it('gives a back end that does not answer 2.5 s, and then the platform its 502', async () => {
  await run();
  answer = () => undefined;
  const sending = world.sandbox.sendEvent('cli_shop', { type: 'message' });
  while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await world.advance(2.5 * SECOND);
  expect(await sending).toEqual([502]);
});

it('swallows none of 100 events that a back end passes to us, and takes the app ticket among them', async () => {
  await run({});
  let appTickets = 0;
  for (let index = 0; index < 100; index += 1)
    expect(await world.sandbox.sendEvent('cli_shop', { type: 'message', index })).toEqual([501]);
  await world.sandbox.pushAppTicket('cli_shop');
  for (const { type, status } of world.sandbox.deliveries)
    if (type === 'app_ticket' && status === 200) appTickets += 1;
  expect(appTickets).toBeGreaterThan(0);
  const told = world.logLines.filter((line) => line.includes('an event has no receiver')).length;
  process.stdout.write(`100 events without a receiver: ${told} answered 501 and logged\n`);
  expect(told).toBe(100);
});

it('passes nothing on that is forged', async () => {
  await run();
  const body = JSON.stringify({ event: { type: 'message' }, token: VERIFICATION_TOKEN });
  const { status } = await world.get('/events/shop', { method: 'POST', body });
  expect(status).toBe(401);
  expect(received).toEqual([]);
});
