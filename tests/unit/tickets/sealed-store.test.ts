// One value under one name: opened only if it is ours, and never written over what another process has written meanwhile.
import { Secret } from '../../../src/base/secret';
import { SealedStore, type SealedStoreOptions } from '../../../src/tickets/sealed-store';
import { Sealer } from '../../../src/tickets/sealer';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { FakeClock } from '../../support/fake-clock';

const NAME = 'https://open.feishu.cn cli_a';
const LIFE_MS = 1_000;
let happened: string[];
beforeEach(() => {
  happened = [];
});

const sealed = (options: Partial<SealedStoreOptions<string>> = {}): SealedStore<string> =>
  new SealedStore({
    name: NAME,
    store: createMemoryStore(),
    sealer: new Sealer(new Secret('the app secret')),
    clock: new FakeClock(),
    form: { toText: (value) => value, fromText: (text) => (text === 'impossible' ? undefined : text) },
    lifeMs: () => LIFE_MS,
    onUnreadable: () => void happened.push('unreadable'),
    ...options,
  });

test('a value comes back; one under another name, of another key, or that cannot be true, is unreadable', async () => {
  const store = createMemoryStore();
  await sealed({ store }).update(() => 'ours');
  expect((await sealed({ store }).read()).value).toBe('ours');
  expect(happened).toEqual([]);

  const moved = { ...store, read: () => store.read(NAME) };
  expect((await sealed({ store: moved, name: 'cli_b' }).read()).value).toBeUndefined();
  expect((await sealed({ store, sealer: new Sealer(new Secret('another')) }).read()).value).toBeUndefined();
  await sealed({ store }).update(() => 'impossible');
  expect((await sealed({ store }).read()).value).toBeUndefined();
  expect(happened).toEqual(['unreadable', 'unreadable', 'unreadable']);
});

test('what another process has written meanwhile is read and decided upon', async () => {
  const store = createMemoryStore();
  const one = sealed({ store });
  const before = await one.read();
  await sealed({ store }).update(() => 'other');
  const seen: unknown[] = [];
  await one.update((kept) => {
    seen.push(kept);
    return kept === 'other' ? undefined : 'mine';
  }, before);
  expect(seen).toEqual([undefined, 'other']);
  expect((await one.read()).value).toBe('other');
});

test('after three writes that came too late the store is left to the others, whose last value is still told', async () => {
  const store = createMemoryStore();
  store.write = () => Promise.resolve(false);
  const next = jest.fn(() => 'mine');
  await sealed({ store }).update(next);
  expect(next).toHaveBeenCalledTimes(4);
});

test('a store that fails, at once or by a promise, costs nothing', async () => {
  const store = createMemoryStore();
  store.read = () => {
    throw new Error('broken');
  };
  store.write = () => Promise.reject(new Error('down'));
  const next = jest.fn(() => 'mine');
  await sealed({ store }).update(next);
  expect(next).toHaveBeenCalledTimes(1);
  expect(await sealed({ store }).leftMs('envelope')).toBeUndefined();
});
