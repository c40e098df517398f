// The ticket file of a whole service: whether it works is a metric and a line of the log.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN, createStoreWorld } from '../support/store-world';
import { createWorld, HOUR, MINUTE, SECOND, type World } from '../support/world';
import { waitUntil } from '../support/wait-until';

const root = mkdtempSync(join(tmpdir(), 'ticket-file-'));
const folder = join(root, 'volume');
afterAll(() => rmSync(root, { recursive: true }));

test('a volume that goes away counts as failures and store_up 0, until a write works again, at the next try and not at the next renewal', async () => {
  mkdirSync(folder);
  const world: World = await createWorld({
    env: { TICKET_STORE: `file:${join(folder, 'tickets.json')}`, ADMIN_PORT: '0' },
    // Files are read and written by threads.
    alsoSettle: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  const { port } = world.service.operatorServer!.address() as AddressInfo;
  const read = async (metric: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`lark_jsapi_store_${metric} `))
        ?.split(' ')[1],
    );
  };
  const lines = (msg: string): object[] =>
    world.logLines.map((line) => JSON.parse(line) as { msg: string }).filter((line) => line.msg === msg);
  try {
    await waitUntil('written', async () => (await read('up')) === 1);
    rmSync(folder, { recursive: true });
    await world.advance(2 * HOUR);
    await waitUntil('down', async () => (await read('up')) === 0);
    expect(await read('failures_total{operation="write"}')).toBeGreaterThanOrEqual(1);
    expect(lines('the ticket store fails')).toContainEqual(
      expect.objectContaining({ operation: 'write', error: expect.stringContaining('mount the volume') }),
    );
    // The clock passes a second while a thread of the real machine is at its first write.
    const before = lines('the ticket store works again').length;
    mkdirSync(folder);
    // The longest pause between two tries.
    await world.advance(MINUTE);
    await waitUntil('up', async () => (await read('up')) === 1);
    const [again, ...more] = lines('the ticket store works again').slice(before);
    expect([again, more]).toEqual([expect.objectContaining({ goneSeconds: expect.any(Number) }), []]);
    expect((again as { goneSeconds: number }).goneSeconds).toBeGreaterThan(1_000);
  } finally {
    await world.close();
  }
});

test('what a store app keeps counts as well when it cannot be written: its app ticket, and the list of its tenants', async () => {
  mkdirSync(folder, { recursive: true });
  const world = await createStoreWorld({
    env: { TICKET_STORE: `file:${join(folder, 'tickets.json')}` },
    alsoSettle: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  const writeFailures = async (): Promise<number> => {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const { text } = await world.get('/metrics', { headers });
    return Number(/^lark_jsapi_store_failures_total\{operation="write"\} (\d+)$/m.exec(text)?.[1]);
  };
  try {
    expect((await world.sign('shop', 'tenant-1')).status).toBe(200);
    // The next app ticket is newer than the first.
    await world.advance(SECOND);
    rmSync(folder, { recursive: true });
    const before = await writeFailures();
    await world.sandbox.pushAppTicket('cli_shop');
    await waitUntil('the app ticket failed', async () => (await writeFailures()) === before + 1);
    // A tenant's first ticket, and the list.
    expect((await world.sign('shop', 'tenant-2')).status).toBe(200);
    await waitUntil('the ticket and the list failed', async () => (await writeFailures()) === before + 3);
  } finally {
    await world.close();
  }
});
