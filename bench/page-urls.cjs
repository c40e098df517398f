// The pages of the load: URLs as `location.href` writes them, from a seed.
'use strict';
const { createSeededRandom } = require('./seeded-random.cjs');

/** The pages' origins: every contestant that checks origins allows these. */
const PAGE_ORIGINS = [
  'https://h5.example.com',
  'https://shop.example.com',
  'https://h5.example.com:8443',
  'https://approval.apps.example.com',
];

/** The least that holds the longest origin and a path, and what the client's own launch parameters can grow a URL to. */
const MIN_BYTES = 40;
const MAX_BYTES = 2_000;

/** What page URLs are made of, what a server could trip over included. */
const PATHS = ['/orders', '/detail', '/2024-11', '/%E5%AE%A1%E6%89%B9'];
const PARAMETERS = [
  '&id=42',
  '&from=workbench',
  '&q=%E9%A3%9E%E4%B9%A6',
  '&x=a+b',
  '&y=a%20b',
  '&redirect=https%3A%2F%2Fexample.com%2F%3Fa%3D1',
  '&bdp_launch_query=%7B%22a%22%3A1%7D',
];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * `count` pages, `{ url, origin }`: 40 to 2,000 bytes, their length spread evenly on a logarithmic scale, since most page URLs
 * are short. `origin` is the `Origin` header to send: the page's own on every other page, undefined on the rest.
 */
function createPages(count, seed) {
  const random = createSeededRandom(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  return Array.from({ length: count }, (_, index) => {
    const origin = pick(PAGE_ORIGINS);
    const length = Math.round(MIN_BYTES * (MAX_BYTES / MIN_BYTES) ** random());
    return { url: createUrl(origin, length, pick), origin: index % 2 === 0 ? origin : undefined };
  });
}

/** Exactly `length` bytes: whole pieces as far as they fit, then letters. */
function createUrl(origin, length, pick) {
  const beginning = [pick(PATHS), pick(PATHS), '?v=1'];
  let url = `${origin}/app`;
  for (;;) {
    const piece = beginning.shift() ?? pick(PARAMETERS);
    if (url.length + piece.length > length) break;
    url += piece;
  }
  while (url.length < length) url += pick(LETTERS);
  return url;
}

module.exports = { createPages, PAGE_ORIGINS };
