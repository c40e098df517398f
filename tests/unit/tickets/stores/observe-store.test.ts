// What is reported of a store's operations, and that the store stays what it is.
import { observeStore } from '../../../../src/tickets/stores/observe-store';
import { createMemoryStore } from '../../../../src/tickets/stores/memory-store';
import type { StoreEvent } from '../../../../src/tickets/stores/store-event';
import type { TicketStore } from '../../../../src/tickets/ticket-store';
import { FakeClock, flushMicrotasks } from '../../../support/fake-clock';

const FIRST = { replacing: undefined, lifeMs: 60_000 };

function setUp(parts: Partial<TicketStore> = {}) {
  const clock = new FakeClock();
  const events: StoreEvent[] = [];
  const store = observeStore(
    { ...createMemoryStore(), ...parts },
    { clock, onEvent: (event) => events.push(event) },
  );
  return { store, clock, events };
}

test('every operation that succeeds is reported, and answers as before', async () => {
  const release = jest.fn(() => Promise.resolve());
  const { store, events, clock } = setUp({ lock: () => Promise.resolve({ release }) });
  expect(await store.write('a', 'text', FIRST)).toBe(true);
  expect(await store.read('a')).toBe('text');
  await (await store.lock!('a', 1_000))!.release();
  expect(release).toHaveBeenCalledTimes(1);
  expect(events).toEqual(
    ['write', 'read', 'lock', 'release'].map((operation) => ({ type: 'succeeded', operation })),
  );
  expect(clock.timers).toBe(0);
});

test('every operation that fails is reported with its name and error, also when the store throws at once', async () => {
  const error = new Error('no disk');
  const { store, events } = setUp({
    read: () => Promise.reject(error),
    write() {
      throw error;
    },
  });
  for (let n = 0; n < 2; n += 1) await expect(store.read('a')).rejects.toBe(error);
  await expect(store.write('b', 'text', FIRST)).rejects.toBe(error);
  expect(events).toEqual([
    { type: 'failed', operation: 'read', name: 'a', error },
    { type: 'failed', operation: 'read', name: 'a', error },
    { type: 'failed', operation: 'write', name: 'b', error },
  ]);
});

test.each([
  ['succeeds', 'text', ['failed', 'succeeded']],
  ['fails', undefined, ['failed']],
])('one that takes over a second has failed, once, though it %s later', async (_, text, types) => {
  let settle: (() => void) | undefined;
  const { store, clock, events } = setUp({
    read: () =>
      new Promise((resolve, reject) => {
        settle = () => (text === undefined ? reject(new Error('late')) : resolve(text));
      }),
  });
  const reading = store.read('a').catch(() => undefined);
  await clock.advance(1_000);
  expect(events).toMatchObject([{ type: 'failed', error: { message: 'read took over 1000 ms' } }]);
  settle?.();
  expect(await reading).toBe(text);
  expect(events.map(({ type }) => type)).toEqual(types);
});

test('null is nothing, as databases say it, and what is no text has failed', async () => {
  let kept: unknown = null;
  const told: unknown[] = [];
  const { store, events } = setUp({
    read: () => Promise.resolve(kept as string),
    leftMs: () => Promise.resolve(null as unknown as number),
    watch(onChange) {
      onChange(null as unknown as undefined);
      return () => undefined;
    },
  });
  expect(await store.read('a')).toBeUndefined();
  expect(await store.leftMs!('a', 'text')).toBeUndefined();
  store.watch!((name) => told.push(name));
  expect(told).toEqual([undefined]);
  kept = Buffer.from('text');
  await expect(store.read('a')).rejects.toThrow('must resolve with the text');
  expect(events.map(({ type }) => type)).toEqual(['succeeded', 'succeeded', 'failed']);
});

test('a store without locks and announcements is one without them', async () => {
  const { store } = setUp();
  expect(Object.keys(store).sort()).toEqual(['close', 'read', 'write']);
  const told: unknown[] = [];
  const watching = setUp({
    watch(onChange) {
      onChange('a');
      return () => told.push('ended');
    },
  });
  watching.store.watch!((name) => told.push(name))();
  expect(told).toEqual(['a', 'ended']);
  await store.close();
  await flushMicrotasks();
});
