// The list of known tenants in the store: sealed, merged, and done without when the store fails.
import { Secret } from '../../../../src/base/secret';
import { KnownTenants, type KnownTenantsOptions } from '../../../../src/apps/store/known-tenants';
import { createMemoryStore } from '../../../../src/tickets/stores/memory-store';
import { Sealer } from '../../../../src/tickets/sealer';
import { FakeClock, flushMicrotasks } from '../../../support/fake-clock';

function setUp(options: Partial<KnownTenantsOptions> = {}) {
  const clock = new FakeClock();
  const store = options.store ?? createMemoryStore();
  const heard = new Set<string>();
  const known = new KnownTenants({
    name: 'n tenants',
    store,
    sealer: new Sealer(new Secret('s')),
    clock,
    onKnown: (tenantKey) => heard.add(tenantKey),
    ...options,
  });
  return { known, clock, store, heard };
}

test('what one process adds, another is notified of, and the store reads nothing', async () => {
  const first = setUp();
  for (const key of ['t1', 't2', 't3']) first.known.add(key);
  await flushMicrotasks();
  first.known.add('t4');
  await flushMicrotasks();
  expect(await first.store.read('n tenants')).not.toContain('t1');
  const second = setUp({ store: first.store });
  await second.known.look();
  expect([...second.heard]).toEqual(['t1', 't2', 't3', 't4']);
});

test('two that add at the same time lose nothing', async () => {
  const store = createMemoryStore();
  const [one, two] = [setUp({ store }), setUp({ store })];
  one.known.add('a');
  two.known.add('b');
  await flushMicrotasks();
  const third = setUp({ store });
  await third.known.look();
  expect([...third.heard].sort()).toEqual(['a', 'b']);
});

test('writes nothing that the store knows', async () => {
  const store = createMemoryStore();
  const { known } = setUp({ store });
  known.add('a');
  await flushMicrotasks();
  const before = await store.read('n tenants');
  known.add('a');
  await flushMicrotasks();
  expect(await store.read('n tenants')).toBe(before);
});

test('looks once in ten seconds, however many strangers come', async () => {
  const store = createMemoryStore();
  const read = jest.spyOn(store, 'read');
  const { known, clock } = setUp({ store });
  await Promise.all(Array.from({ length: 100 }, () => known.look()));
  expect(read).toHaveBeenCalledTimes(1);
  await clock.advance(9_999);
  await known.look();
  expect(read).toHaveBeenCalledTimes(1);
  await clock.advance(1);
  await known.look();
  expect(read).toHaveBeenCalledTimes(2);
});

test('with a store that fails neither looking nor adding rejects', async () => {
  const store = createMemoryStore();
  store.read = () => Promise.reject(new Error('down'));
  store.write = () => Promise.reject(new Error('down'));
  const { known, heard } = setUp({ store });
  await known.look();
  known.add('a');
  await flushMicrotasks();
  expect(heard.size).toBe(0);
});

test.each(['read', 'write'] as const)(
  'a store that hangs when it is asked to %s is done without after a second',
  async (operation) => {
    const store = createMemoryStore();
    store[operation] = () => new Promise<never>(() => undefined);
    const { known, clock } = setUp({ store });
    known.add('a');
    await clock.advance(999);
    Object.assign(store, createMemoryStore());
    const write = jest.spyOn(store, 'write');
    // Waits for the first.
    known.add('b');
    await flushMicrotasks();
    expect(write).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(write).toHaveBeenCalled();
  },
);

test.each([undefined, 'a foreign envelope'])('a store that holds %p is no failure', async (text) => {
  const store = createMemoryStore();
  if (text !== undefined) await store.write('n tenants', text, { replacing: undefined, lifeMs: 1 });
  const { known, heard } = setUp({ store });
  await known.look();
  expect(heard.size).toBe(0);
});

test('a tenant is kept for 90 days, and a store that others always write first is left to them after three attempts', async () => {
  const store = createMemoryStore();
  const lives: number[] = [];
  // The tenth is taken, so that more than three attempts end.
  store.write = (_name, _text, { lifeMs }) => Promise.resolve(lives.push(lifeMs) === 10);
  const { known } = setUp({ store });
  known.add('a');
  await flushMicrotasks();
  const DAYS_90 = 7_776_000_000;
  expect(lives).toEqual([DAYS_90, DAYS_90, DAYS_90]);
});

test('keeps the latest 10,000', async () => {
  const { known, store } = setUp();
  for (let key = 0; key < 10_005; key += 1) known.add(`t${key}`);
  await flushMicrotasks();
  const { known: other, heard } = setUp({ store });
  await other.look();
  expect(heard.size).toBe(10_000);
  expect(heard.has('t0')).toBe(false);
  expect(heard.has('t10004')).toBe(true);
  // A full list takes more, also together with one that it has.
  known.add('t10004');
  known.add('new');
  await flushMicrotasks();
  const { known: third, heard: heardLater } = setUp({ store });
  await third.look();
  expect(heardLater.size).toBe(10_000);
  expect(heardLater.has('new')).toBe(true);
  expect(heardLater.has('t5')).toBe(false);
});
