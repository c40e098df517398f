// What the memory store adds to the contract: it shares nothing with another one and holds no process.
import { createMemoryStore } from '../../../../src/tickets/stores/memory-store';

test('two memory stores share nothing', async () => {
  const [one, other] = [createMemoryStore(), createMemoryStore()];
  await one.write('a', 'text', { replacing: undefined, lifeMs: 1_000 });
  expect(await one.read('a')).toBe('text');
  expect(await other.read('a')).toBeUndefined();
});

test('a memory store sets no timer', async () => {
  jest.useFakeTimers();
  try {
    const store = createMemoryStore();
    await store.write('a', 'text', { replacing: undefined, lifeMs: 1_000 });
    expect(jest.getTimerCount()).toBe(0);
    await expect(store.close()).resolves.toBeUndefined();
  } finally {
    jest.useRealTimers();
  }
});
