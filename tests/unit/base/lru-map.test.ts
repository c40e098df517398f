// The bounded map: what it keeps, what it evicts, and the callback.
import { LruMap } from '../../../src/base/lru-map';

test('forgets the entry that was used longest ago, and says so', () => {
  const forgotten: string[] = [];
  const map = new LruMap<string, number>(2, (value, key) => forgotten.push(`${key}=${value}`));
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect(forgotten).toEqual(['b=2']);
  expect([...map]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
});

test('replacing and deleting make room and forget nothing', () => {
  const onForget = jest.fn();
  const map = new LruMap<string, number>(2, onForget);
  map.set('a', 1);
  map.set('a', 2);
  map.set('b', 3);
  map.delete('a');
  map.set('c', 4);
  expect(onForget).not.toHaveBeenCalled();
  expect(map.get('a')).toBeUndefined();
  expect(map.size).toBe(2);
});
