// What a browser writes as an origin, and which URLs a parser may read.
import { isOrigin, parseUrl, splitOrigin } from '../../../src/signing/origin';

/** 8,000 different characters: a parser takes 0.1 s for them as a host. */
const LONG_HOST = Array.from({ length: 8_000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');

/** Calls `run` with a `URL` that counts what it is asked to parse. */
function countParses(run: () => void): number {
  const Original = globalThis.URL;
  let count = 0;
  globalThis.URL = class extends Original {
    constructor(text: string) {
      count += 1;
      super(text);
    }
  };
  try {
    run();
  } finally {
    globalThis.URL = Original;
  }
  return count;
}

it.each([
  'https://h.cn',
  'http://localhost:3000',
  'http://127.0.0.1:0',
  'http://[::1]:8080',
  'https://xn--fsqu00a.cn',
  'https://a_b-c.h.cn.',
  `https://${'a'.repeat(253)}:65535`,
])('%.40s is an origin of a plain host', (text) => {
  expect(isOrigin(text)).toBe(true);
  const { scheme, host, port } = splitOrigin(text)!;
  expect(`${scheme}://${host}${port}`).toBe(text);
});

it.each(['https://*.h.cn', 'https://a"b.cn', "https://(a+b)'.cn:8443"])(
  '%s is an origin, of no plain host',
  (text) => {
    expect(isOrigin(text)).toBe(true);
    expect(new URL(text).origin).toBe(text);
    expect(splitOrigin(text)).toBeUndefined();
  },
);

it.each([
  '',
  'null',
  'https://',
  'https://h.cn/',
  'HTTPS://h.cn',
  'https://H.cn',
  'https://h.cn:443',
  'https://h.cn:08443',
  'https://h.cn:65536',
  'https://u@h.cn',
  'https:/h.cn',
  'https:\\\\h.cn',
  'https://h.cn\n',
  'https://a%.h.cn',
  'https://a^.h.cn',
  'https://a|b.cn',
  'https://例子.cn',
  'http://127.1',
  'http://[0:0::1]',
  'http://[::',
  'ftp://h.cn',
  `https://${'a'.repeat(254)}`,
])('%j is not an origin', (text) => {
  expect(isOrigin(text)).toBe(false);
});

it('takes a host of xn-- that decodes to nothing as the URL parser of this Node does: 20 refuses it, 24 no longer', () => {
  expect(isOrigin('https://xn--a.cn')).toBe(URL.canParse('https://xn--a.cn'));
});

it.each([
  ['HTTPS://U@H.cn:443/a b', 'https://U@h.cn/a%20b'],
  ['https:\\\\h.cn\\中', 'https://h.cn/%E4%B8%AD'],
  ['https:h.cn', 'https://h.cn/'],
  [`https://${'a'.repeat(253)}:65535?x`, `https://${'a'.repeat(253)}:65535/?x`],
])('%.40s is parsed', (text, href) => {
  expect(parseUrl(text)?.href).toBe(href);
});

it.each(['https://[::1', 'h.cn/a', 'https://h.cn:99999/'])('%s is not a URL', (text) => {
  expect(parseUrl(text)).toBeUndefined();
});

it.each([
  `https://${LONG_HOST}/`,
  `https:${LONG_HOST}`,
  `https:/${LONG_HOST}`,
  `https:///${LONG_HOST}/`,
  `https:\\\\${LONG_HOST}/`,
  `https:/\t/${LONG_HOST}/`,
  ` https://${LONG_HOST}/`,
  `https://h.cn@${LONG_HOST}/`,
  `https://h.\n${LONG_HOST}/`,
  `ftp://${LONG_HOST}/`,
  `https://${encodeURIComponent(LONG_HOST)}/`,
  `https://${'a'.repeat(8_000)}/`,
])('%.30s… reaches no parser', (text) => {
  expect(
    countParses(() => {
      expect(parseUrl(text)).toBeUndefined();
      expect(isOrigin(text)).toBe(false);
    }),
  ).toBe(0);
});
