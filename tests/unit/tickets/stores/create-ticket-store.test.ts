// The store that is configured is the one that is made, with what it needs.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { parseRedisUrl } from '../../../../src/tickets/stores/redis/parse-redis-url';
import {
  createTicketStore,
  type CreateTicketStoreOptions,
} from '../../../../src/tickets/stores/create-ticket-store';

function setUp(setting: CreateTicketStoreOptions['setting']) {
  const [onWarning, onEvent] = [jest.fn(), jest.fn()];
  const random = (): number => 0.5;
  return {
    store: createTicketStore({ setting, clock: systemClock, random, onWarning, onEvent }),
    onWarning,
    onEvent,
  };
}

const options = { replacing: undefined, lifeMs: 60_000 };

test('memory', async () => {
  const { store } = setUp({ kind: 'memory' });
  expect(await store.write('a', 'text', options)).toBe(true);
  expect(await store.read('a')).toBe('text');
  await store.close();
});

test('a file, at its path; what an operator should see is reported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'create-ticket-store-'));
  try {
    const path = join(folder, 'tickets.json');
    const { store, onWarning } = setUp({ kind: 'file', path });
    expect(await readdir(folder)).toEqual([]);
    await store.write('a', 'text', options);
    expect(await readdir(folder)).toEqual(['tickets.json']);
    await writeFile(path, 'something else');
    await store.read('a');
    expect(onWarning).toHaveBeenCalledWith(expect.stringContaining(path));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('Redis, at its address; a connection that cannot be made is reported', async () => {
  // Nothing listens at port 1.
  const { store, onEvent } = setUp({ kind: 'redis', address: parseRedisUrl('redis://127.0.0.1:1') });
  try {
    await expect(store.read('a')).rejects.toThrow('not connected');
    for (const operation of ['connect', 'read'])
      expect(onEvent).toHaveBeenCalledWith(
        expect.objectContaining({
          ...{ type: 'failed', operation },
          error: expect.objectContaining({ name: 'RedisFailure' }),
        }),
      );
  } finally {
    await store.close();
  }
});
