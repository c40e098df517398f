// Everything the platform, or what stands before it, can answer wrongly: handled, named in the log, and over when it is over.
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Fault } from '../../src/sandbox/sandbox';
import { createWorld, MINUTE, type World } from '../support/world';

let world: World;
afterEach(() => world.close());

interface Case {
  what: string;
  fault: Fault;
  /** How the log names it. */
  reason: string;
}

const cases: Case[] = [
  { what: 'an HTML page with status 200', fault: { kind: 'html' }, reason: 'not-json' },
  { what: 'an HTML page with status 403', fault: { kind: 'html', status: 403 }, reason: 'http-status' },
  { what: 'a 502 of a gateway', fault: { kind: 'http-error' }, reason: 'http-status' },
  { what: 'JSON cut in the middle', fault: { kind: 'truncated' }, reason: 'not-json' },
  { what: 'a connection that ends in the middle of the body', fault: { kind: 'cut' }, reason: 'connection' },
  { what: 'a connection that is reset', fault: { kind: 'reset' }, reason: 'connection' },
  {
    what: 'expire_in as a string',
    fault: { kind: 'fields', fields: { expire_in: '7200' } },
    reason: 'malformed',
  },
  { what: 'a negative expire_in', fault: { kind: 'fields', fields: { expire_in: -1 } }, reason: 'malformed' },
  {
    what: 'an expire_in of a century',
    fault: { kind: 'fields', fields: { expire_in: 3e9 } },
    reason: 'malformed',
  },
  { what: 'no ticket', fault: { kind: 'fields', fields: { ticket: null } }, reason: 'malformed' },
  { what: 'an empty ticket', fault: { kind: 'fields', fields: { ticket: '' } }, reason: 'malformed' },
  { what: 'an answer of 50 MB', fault: { kind: 'huge' }, reason: 'too-large' },
  { what: 'a socket that hangs', fault: { kind: 'hung' }, reason: 'timeout' },
];

/** The entries of the log that tell of a failed load. */
function failures(): Record<string, unknown>[] {
  const lines = world.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.filter(({ msg }) => msg === 'no ticket could be loaded');
}

test.each(cases)(
  '$what is handled and named at a cold start, and healed after',
  async ({ fault, reason }) => {
    world = await createWorld({ cold: true });
    world.sandbox.addFault({ ...fault, endpoint: 'ticket' });
    await world.settle();
    await world.advance(6_000);
    expect(failures().at(-1)).toMatchObject({ endpoint: 'jsapi_ticket', reason });
    const waiting = world.config();
    await world.advance(6_000);
    const { status, body } = await waiting;
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'TICKET_UNAVAILABLE' });
    world.sandbox.clearFaults();
    await world.advance(2 * MINUTE);
    expect((await world.config()).status).toBe(200);
  },
);

test.each(cases)('$what inside the renewal window is felt by nobody', async ({ fault, reason }) => {
  world = await createWorld();
  world.sandbox.addFault({ ...fault, endpoint: 'ticket' });
  await world.advance(100 * MINUTE);
  // The last one too: when the ceiling holds calls back, the log goes on to say what used it up.
  expect(failures()[0]).toMatchObject({ reason });
  expect(failures().at(-1)).toMatchObject({ endpoint: 'jsapi_ticket', reason });
  expect((await world.config()).status).toBe(200);
  world.sandbox.clearFaults();
  await world.advance(2 * MINUTE);
  expect(world.signer.ticketState.zone).toBe('fresh');
});

test('a platform failure is logged with what its support asks for', async () => {
  world = await createWorld({ cold: true });
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'ip-refused' });
  await world.settle();
  expect(failures()[0]).toMatchObject({ code: 99991401, logId: expect.stringMatching(/^\d{14}/) });
  const { body } = await world.config();
  expect(body).toMatchObject({ code: 'APP_MISCONFIGURED' });
  expect(body.detail).toContain('99991401');
});

test('what exactly failed on the way is logged, not only the kind of it', async () => {
  world = await createWorld({ cold: true, beforeService: (sandbox) => sandbox.close() });
  await world.settle();
  expect(failures()[0]).toMatchObject({
    reason: 'connection',
    summary: expect.stringContaining('ECONNREFUSED'),
  });
});

describe('behind a proxy that accepts connections and never answers', () => {
  let proxy: Server;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    proxy = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  test('the load ends at its deadline and the caller is told', async () => {
    const { port } = proxy.address() as AddressInfo;
    world = await createWorld({ cold: true, env: { HTTP_PROXY: `http://127.0.0.1:${port}` } });
    const waiting = world.config();
    await world.advance(6_000);
    const { status, body } = await waiting;
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'TICKET_UNAVAILABLE' });
    expect(failures().at(-1)).toMatchObject({ reason: 'timeout' });
    expect((await world.get('/healthz')).status).toBe(200);
  });
});
