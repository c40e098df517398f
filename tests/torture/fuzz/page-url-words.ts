// Page URLs to start from, and the words of their grammar: what parsers of URLs disagree about.
import { HUSH } from '../differential/compare';
import type { SeededRandom } from '../seeded-random';

/** What the fuzzed apps sign for: each form of entry, and each kind of host. */
export const ALLOWED = [
  'https://h5.example.com',
  'https://*.apps.example.com',
  'http://localhost:*',
  'https://xn--bcher-kva.example',
  'http://127.0.0.1:8080',
  'http://[::1]:3000',
  'https://h5.example.com:8443',
];

const ORIGINS = [
  ...[
    'https://h5.example.com',
    'https://a.apps.example.com',
    'http://localhost:3000',
    'http://localhost',
    'https://xn--bcher-kva.example',
  ],
  ...[
    'http://127.0.0.1:8080',
    'http://[::1]:3000',
    'https://h5.example.com:8443',
    'https://evil.cn',
    'https://h5.example.com.evil.cn',
  ],
];

/** Different characters, as many as a page URL may have: what a parser does with such a host grows with the square of its length. */
const differentCharacters = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => String.fromCodePoint(from + at)).join('');

const LONG_HOSTS = [
  // From the Chinese and Korean characters, from the second plane in two halves each, and as escapes of UTF-8.
  differentCharacters(0x4e00, 8_100),
  differentCharacters(0xac00, 8_100),
  differentCharacters(0x20000, 4_050),
  encodeURIComponent(differentCharacters(0x4e00, 900)),
  'a'.repeat(8_100),
  'xn--a.'.repeat(1_350),
  `[${'0:'.repeat(4_000)}1]`,
];
const LONG_STARTS = [
  'https://',
  'http://',
  'https:',
  'ftp://',
  'https://h5.example.com@',
  'https://h5.example.com.',
];

const TAILS = [
  '',
  '/',
  '/a/b',
  '?',
  `/?${HUSH}`,
  `/a?x=1&${HUSH}#/r`,
  `#/r?${HUSH}`,
  '/%E4%B8%AD',
  '/@h5.example.com',
  '//evil.cn/',
  '/\\evil.cn',
];

export const URL_WORDS = [
  ...ORIGINS,
  ...[
    'http:',
    'https:',
    'HTTPS://',
    'https:/',
    '://',
    '//',
    '///',
    '/\\',
    '\\\\',
    'javascript:',
    'data:',
    'blob:',
    'file:',
    'ws:',
    'ftp:',
    'about:blank',
    'null',
  ],
  ...[
    '@',
    'user@',
    'user:pass@',
    ':@',
    '@h5.example.com',
    '@evil.cn',
    '.evil.cn',
    'evil.cn',
    'h5.example.com',
    '.apps.example.com',
    'apps.example.com',
    'xn--',
    'bücher.example',
    'bu\u0308cher',
  ],
  ...[':443', ':80', ':', ':0', ':08443', ':65536', ':8443', ':8080', ':-1', ':8080:80', ':٣', ':８０'],
  ...[
    '%',
    '%2e',
    '%2F',
    '%5C',
    '%40',
    '%3A',
    '%23',
    '%00',
    '%09',
    '%0a',
    '%25',
    '%ff',
    '%C0%AF',
    '%E3%80%82',
    '%EF%BC%8E',
    '%u002e',
    '%EF%BB%BF',
    '%ED%A0%80',
  ],
  ...[
    '0x7f.1',
    '0177.0.0.1',
    '2130706433',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '[0:0::1]',
    '[::1%25lo]',
    '[v1.a]',
    '1.2.3',
    '1e3',
    '0',
    '...',
    '.',
  ],
  ...['&', '&url=', '&amp;', '?url=', '#', '#@', '+', ' ', ';'],
];

/** A page URL: of a known origin, changed more often than not, or of a host beyond all measure. */
export function somePageUrl(dice: SeededRandom): string {
  if (dice.chance(0.01)) return dice.pick(LONG_STARTS) + dice.pick(LONG_HOSTS) + dice.pick(TAILS);
  return dice.pick(ORIGINS) + dice.pick(TAILS);
}
