// The pages of the benchmark's load.
import { createPages, PAGE_ORIGINS } from '../../../bench/page-urls.cjs';

const pages = createPages(1_000, 1);

test('have 40 to 2,000 bytes, most of them few', () => {
  const lengths = pages.map(({ url }) => Buffer.byteLength(url)).sort((one, other) => one - other);
  expect(lengths[0]).toBeGreaterThanOrEqual(40);
  expect(lengths[0]).toBeLessThan(45);
  expect(lengths.at(-1)).toBeLessThanOrEqual(2_000);
  expect(lengths.at(-1)).toBeGreaterThan(1_900);
  // The middle of a logarithmic scale from 40 to 2,000 is 283.
  expect(lengths[500]).toBeGreaterThan(240);
  expect(lengths[500]).toBeLessThan(330);
});

test('are what a browser writes, nearly all different, on the origins that contestants allow', () => {
  for (const { url } of pages) expect(new URL(url).href).toBe(url);
  // Two of the shortest may be the same, as two people may have one page open.
  expect(new Set(pages.map(({ url }) => url)).size).toBeGreaterThan(990);
  expect(new Set(pages.map(({ url }) => new URL(url).origin))).toEqual(new Set(PAGE_ORIGINS));
});

test('half of them come with their own Origin', () => {
  const withOrigin = pages.filter(({ origin }) => origin !== undefined);
  expect(withOrigin).toHaveLength(500);
  for (const { url, origin } of withOrigin) expect(origin).toBe(new URL(url).origin);
});

test('are the same for the same seed only', () => {
  expect(createPages(1_000, 1)).toEqual(pages);
  expect(createPages(1_000, 2)).not.toEqual(pages);
});
