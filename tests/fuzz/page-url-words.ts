// Page URLs to start from, and the words of their grammar: what parsers of URLs disagree about.
import { HUSH } from '../differential/compare';
import type { Dice } from '../differential/random-requests';

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

/** A page URL: of a known origin, changed more often than not. */
export function somePageUrl(dice: Dice): string {
  return dice.pick(ORIGINS) + dice.pick(TAILS);
}
