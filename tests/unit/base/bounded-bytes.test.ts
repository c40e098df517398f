// Bytes in one buffer, however they come, and no more of them than asked for.
import { BoundedBytes } from '../../../src/base/bounded-bytes';

it.each([1, 7, 100, 4_095, 4_096, 10_000])('joins pieces of %i bytes', (size) => {
  const all = Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 251));
  const bytes = new BoundedBytes(20_000);
  for (let at = 0; at < all.length; at += size) bytes.add(all.subarray(at, at + size));
  expect(bytes.bytes.equals(all)).toBe(true);
  expect(bytes.isFull).toBe(false);
});

it('keeps the first bytes, and discards the rest', () => {
  const bytes = new BoundedBytes(5);
  bytes.add(Buffer.from('abcd'));
  expect(bytes.isFull).toBe(false);
  bytes.add(Buffer.from('efg'));
  expect(bytes.isFull).toBe(true);
  bytes.add(Buffer.from('h'));
  expect(bytes.bytes.toString()).toBe('abcde');
});

it('cuts a first piece that is too long', () => {
  const bytes = new BoundedBytes(2);
  bytes.add(Buffer.from('abc'));
  expect(bytes.bytes.toString()).toBe('ab');
  expect(bytes.isFull).toBe(true);
});

it('is empty at first, and after empty pieces', () => {
  const bytes = new BoundedBytes(2);
  bytes.add(Buffer.alloc(0));
  bytes.add(Buffer.from('a'));
  expect(bytes.bytes.toString()).toBe('a');
});

it('holds one buffer for a body that comes byte by byte', () => {
  const bytes = new BoundedBytes(100_000);
  const buffers = new Set<ArrayBufferLike>();
  for (let count = 0; count < 100_000; count += 1) {
    bytes.add(Buffer.from('x'));
    buffers.add(bytes.bytes.buffer);
  }
  // 4 KB doubled to 100 KB, and the first piece.
  expect(buffers.size).toBeLessThan(10);
});
