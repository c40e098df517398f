// Requests from a seed: good ones, ones with each of the faults the contract names, and unforeseen combinations.
import type { SeededRandom } from '../seeded-random';
import type { Facts } from './facts';
import { HUSH } from './compare';
import { CLIENTS } from './rate-counts';
import type { BrokenMessage, WireRequest } from './wire-request';
import { parseUrl } from '../../support/parse-url';

const PATHS = [
  '/',
  '/orders',
  '/a/b.html',
  '/%E4%B8%AD%E6%96%87',
  '/a%2Fb',
  '/100%',
  '',
  '/飞书',
  '/a/../b',
  '/a/%2E%2e',
  '/{a}^|`',
  '/"<a>',
  '/a\\b',
  '/x;y=1',
  "/a'b(c)",
];
const QUERIES = [
  '',
  '?',
  '?x=1',
  `?${HUSH}`,
  `?a=1&${HUSH}&b=2`,
  '?q=a+b&r=%2B',
  '?q=%zz&x',
  '?u=https%3A%2F%2Fevil.example.com%2F',
  '?{a}|^`\\/../.',
  "?it's",
  '?"<飞>',
];
const FRAGMENTS = ['', '', '', '#', '#/r?x=1', '#a&url=b'];
const FOREIGN = [
  'https://evil.example.com',
  'http://h5.example.com',
  'https://h5.example.com:8443',
  'https://h5.example.com.evil.cn',
  'http://127.0.0.1:1',
];
/** What no browser writes in `location.href`. */
const ODD_URLS = [
  'https://H5.example.com/',
  'https://h5.example.com:443/',
  'https://user@h5.example.com/',
  'https:h5.example.com/',
  'h5.example.com/',
  'https://h5.example.com\\@evil.cn/',
  'https://h5.example.com@evil.cn/',
  'https://h5.example.com/ x',
  'https://h5.example.com/\n',
  'javascript:alert(1)',
  'ftp://h5.example.com/',
  '//h5.example.com/',
  'https://h5.example.com.',
  'https://h5。example.com/',
  'https://bücher.example/',
  'https://[::1',
  'https://h5.example.com/\u2028',
  'http://0x7f.1/',
  'http://127.0.0.1:08080/',
  'blob:https://h5.example.com/x',
  'https://h5.example.com\t/',
  'https://h5.example.com',
  'https://h5.example.com?x=1',
  'https://h5.example.com/#飞 "',
  'https://h5.example.com/./#',
  'https://a"b.example.com/',
  "http://!$&'()*+,-.;=_`{}~/",
  'https%3A%2F%2Fh5.example.com%2F',
  'null',
  '0',
  'https://',
  // Hosts of 253 characters and of one more.
  `https://${'a'.repeat(253)}/`,
  `https://${'a'.repeat(253)}:8443/`,
  `https://${'a'.repeat(254)}/`,
  `https://${'a.'.repeat(127)}/`,
  `https://${'a'.repeat(300)}@h5.example.com/`,
  `http://[${'0:'.repeat(200)}1]/`,
  `https://${'中'.repeat(300)}/`,
];

/** One page URL of the kinds above; most are of an origin that some app allows. */
function pageUrl(dice: SeededRandom, facts: Facts): string {
  if (dice.chance(0.12)) return dice.pick(ODD_URLS);
  const origin = dice.chance(0.12) ? dice.pick(FOREIGN) : allowedOrigin(dice, facts);
  const url = origin + dice.pick(PATHS) + dice.pick(QUERIES) + dice.pick(FRAGMENTS);
  // 8,192 characters is the longest that is signed.
  return dice.chance(0.01) ? url.padEnd(8_190 + dice.below(5), 'x') : url;
}

function allowedOrigin(dice: SeededRandom, { apps }: Facts): string {
  const entry = dice.pick(dice.pick(apps).allowedOrigins);
  return entry === '*'
    ? 'https://anyone.example.org'
    : entry.replace('//*.', '//a.b.').replace(/:\*$/, () => dice.pick(['', ':3000', ':8080']));
}

/** The parameters of a request, some of them twice, wrong or empty. */
function parameters(dice: SeededRandom, facts: Facts, url: string): [string, string][] {
  const app = dice.pick(facts.apps);
  const pairs: [string, string][] = [];
  if (!dice.chance(0.03)) pairs.push(['url', url]);
  if (dice.chance(facts.apps.length > 1 ? 0.9 : 0.2))
    pairs.push([
      'app',
      dice.pick([
        app.appId,
        app.alias ?? app.appId,
        app.alias ?? '',
        dice.chance(0.2) ? 'nobody' : app.appId,
      ]),
    ]);
  if (dice.chance(0.25))
    pairs.push(['shape', dice.pick(['config', 'sample', 'tutorial', 'envelope', 'x', 'toString'])]);
  if (dice.chance(0.08)) pairs.push(['kind', dice.pick(['component', 'component', 'page', '__proto__'])]);
  if (dice.chance(app.tenants ? 0.9 : 0.05))
    pairs.push([
      'tenant_key',
      dice.pick([...(app.tenants ?? []), ...(app.tenants ?? []), 'stranger', 'not a key', '']),
    ]);
  if (dice.chance(0.1))
    pairs.push([dice.pick(['_', 'from', 'uRL', '', 'constructor']), dice.pick(['', '1', 'a/b?c'])]);
  if (dice.chance(0.03)) pairs.push(dice.pick(pairs.length > 0 ? pairs : [['url', url]]));
  if (dice.chance(0.2)) pairs.reverse();
  return pairs;
}

/** A query or a form, encoded as front ends encode and mis-encode it. */
function encodePairs(dice: SeededRandom, pairs: readonly [string, string][]): string {
  const how = dice.below(20);
  const encode = (text: string): string => {
    if (how < 14) return encodeURIComponent(text);
    // As it is, as far as that makes a request.
    if (how === 14) return encodeURI(text).replaceAll('%25', '%').replaceAll('#', '%23');
    if (how === 15) return encodeURI(text);
    if (how === 16) return encodeURIComponent(encodeURIComponent(text));
    if (how === 17) return new URLSearchParams([['', text]]).toString().slice(1);
    // Every byte escaped, in lower case.
    if (how === 18)
      return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    return (
      encodeURIComponent(text) + dice.pick(['%', '%F', '%ff', '%C0%80', '%ED%A0%80', '+', '%00', '%EF%BB%BF'])
    );
  };
  const name = (text: string): string =>
    dice.chance(0.02) ? text.replace('u', '%75') : encodeURIComponent(text);
  const text = pairs
    .map(([key, value]) => (value === '' && dice.chance(0.5) ? name(key) : `${name(key)}=${encode(value)}`))
    .join('&');
  return dice.chance(0.02) ? text + dice.pick(['&', '&&', '=', '&=']) : text;
}

function target(dice: SeededRandom, facts: Facts, query: string): string {
  const { basePath, compatRoutes } = facts;
  const own = dice.chance(0.8)
    ? '/config'
    : dice.pick([
        '/get_config_parameters',
        ...Object.keys(compatRoutes),
        '/healthz',
        '/readyz',
        '/report',
        '/h5-sdk.js',
        '/openapi.json',
        '/errors',
        '/admin/apps',
        '/metrics',
        '/nowhere',
        '/',
        '/config/x',
        '/Config',
        '/conf%69g',
        '//config',
        '/config%2F',
        '/.%2e/config',
        '/explains',
      ]);
  const path =
    (dice.chance(0.03) ? '' : basePath) + own + (own === '/config' && dice.chance(0.03) ? '/' : '');
  const more =
    own === '/h5-sdk.js' && dice.chance(0.7) ? `try=${dice.pick(['0', '1', '9', '-1', 'x'])}` : query;
  const whole = more === '' && dice.chance(0.5) ? path : `${path}?${more}`;
  // The absolute form, which every server has to take.
  return dice.chance(0.02) ? `http://signer.example.com${whole}` : whole;
}

const CONTENT_TYPES = [
  'text/plain',
  'application/json; charset=gbk',
  'application/jsonx',
  '',
  'multipart/form-data; boundary=x',
  'application/json, text/html',
];
const JSON_TYPES = [
  'application/json',
  'application/json',
  'Application/JSON; Charset=UTF-8',
  'application/json;charset="utf-8"',
];
const ODD_BODIES = [
  '{',
  '[]',
  'null',
  '"x"',
  '{"url":1}',
  '{"url":null}',
  '{"url":["x"]}',
  '{"__proto__":{"url":"x"}}',
  '{"constructor":1}',
  '{"url":"https://h5.example.com/","url":""}',
  '{"url":"https://h5.example.com/","\\u0075rl":"https://evil.example.com/"}',
  '{"a":{"url":1,"url":2},"url":"https://h5.example.com/"}',
  '{"app":"x","a\\u0070p":"x"}',
  '\u0000',
  ' ',
  '{"url":"\\ud800"}',
  '[{"url":"https://h5.example.com/"}]',
  '['.repeat(3_000),
];

function postBody(dice: SeededRandom, pairs: [string, string][]): { type: string | undefined; body: Buffer } {
  const isForm = dice.chance(0.3);
  const type = dice.chance(0.08)
    ? dice.pick(CONTENT_TYPES)
    : isForm
      ? 'application/x-www-form-urlencoded'
      : dice.pick(JSON_TYPES);
  if (dice.chance(0.02)) return { type: undefined, body: Buffer.from('x=1') };
  if (dice.chance(0.06)) return { type, body: Buffer.from(dice.pick(ODD_BODIES)) };
  if (dice.chance(0.03)) return { type, body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) };
  // One byte more than is read, or just as many; spaces are what JSON forgives.
  const padded = (text: string) => (dice.chance(0.02) ? text.padEnd(81_920 + dice.below(2), ' ') : text);
  if (isForm) return { type, body: Buffer.from(encodePairs(dice, pairs), 'latin1') };
  // Not by way of an object: what is given twice stays so.
  const members = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const text = `{${members.join(',')}}`;
  return { type, body: Buffer.from(padded(dice.chance(0.02) ? `\uFEFF${text}` : text)) };
}

/** A request, and whether it is the last of its connection. */
export function randomRequest(
  dice: SeededRandom,
  facts: Facts,
  { isLast }: { isLast: boolean },
): WireRequest {
  const url = pageUrl(dice, facts);
  const pairs = parameters(dice, facts, url);
  const method = dice.chance(0.62)
    ? 'GET'
    : dice.chance(0.6)
      ? 'POST'
      : dice.pick([
          'OPTIONS',
          'OPTIONS',
          'HEAD',
          'HEAD',
          'PUT',
          'DELETE',
          'PATCH',
          'TRACE',
          'PROPFIND',
          'M-SEARCH',
        ]);
  const isPost = method === 'POST';
  const { type, body } =
    isPost && dice.chance(0.95) ? postBody(dice, pairs) : { type: undefined, body: Buffer.alloc(0) };
  const inQuery = isPost
    ? pairs.filter(
        ([name]) => (body.length === 0 || name !== 'url') && dice.chance(body.length === 0 ? 1 : 0.15),
      )
    : pairs;
  const version = isLast && dice.chance(0.05) ? '1.0' : '1.1';
  const headers: [string, string][] = [['Host', 'signer.example.com']];
  const give = (share: number, name: string, value: () => string): void => {
    if (dice.chance(share)) headers.push([dice.chance(0.1) ? name.toLowerCase() : name, value()]);
  };
  give(0.5, 'Origin', () => originHeader(dice, facts, url));
  give(0.01, 'Origin', () => allowedOrigin(dice, facts));
  give(0.3, 'X-Request-Id', () =>
    dice.pick(['0b3f6c1e-6f0b', 'x'.repeat(64), 'x'.repeat(65), 'two words', '<script>', 'é', 'a_b-C']),
  );
  give(0.3, 'X-Forwarded-For', () => (dice.chance(0.3) ? 'evil, ' : '') + dice.pick(Object.keys(CLIENTS)));
  give(method === 'OPTIONS' ? 0.7 : 0.02, 'Access-Control-Request-Headers', () =>
    dice.pick(['content-type', 'x-company, x-y', 'é"<>']),
  );
  give(0.1, 'Cookie', () => `session=${'x'.repeat(dice.below(500))}`);
  give(0.1, 'Accept-Encoding', () => 'gzip, br');
  give(0.05, 'Authorization', () =>
    dice.pick([`Bearer ${facts.adminToken ?? 'x'}`, 'Bearer nobody', 'Basic eDp5', '']),
  );
  give(0.2, 'Accept-Language', () => dice.pick(['zh-CN,zh;q=0.9,en;q=0.8', 'en', 'en-GB,zh;q=0.5']));
  give(0.03, 'If-None-Match', () => '*');
  give(0.02, 'Range', () => 'bytes=0-1');
  give(0.01, 'Upgrade', () => 'websocket');
  give(0.01, 'Expect', () => dice.pick(['100-continue', 'the-impossible']));
  give(0.01, 'X-HTTP-Method-Override', () => 'DELETE');
  if (type !== undefined && type !== '') headers.push(['Content-Type', type]);
  give(isPost ? 0.03 : 0.01, 'Content-Encoding', () =>
    dice.pick(['gzip', 'identity', 'Identity', 'br, gzip']),
  );
  if (isLast && version === '1.1') give(0.3, 'Connection', () => 'close');
  const chunkBytes = isPost && version === '1.1' && dice.chance(0.2) ? 1 + dice.below(2_000) : undefined;
  if (chunkBytes !== undefined) headers.push(['Transfer-Encoding', 'chunked']);
  else if (isPost) headers.push(['Content-Length', String(body.length)]);
  return {
    method,
    target: target(dice, facts, encodePairs(dice, inQuery)),
    headers,
    body,
    version,
    chunkBytes,
  };
}

function originHeader(dice: SeededRandom, facts: Facts, url: string): string {
  const own = parseUrl(url)?.origin ?? allowedOrigin(dice, facts);
  return dice.chance(0.6)
    ? own
    : dice.pick([
        allowedOrigin(dice, facts),
        allowedOrigin(dice, facts),
        ...FOREIGN,
        'null',
        '',
        'https://H5.example.com',
        'https://h5.example.com/',
        `https://${'a'.repeat(300)}.example.com`,
      ]);
}

/** Messages for the signing endpoint at `path` that are no requests. */
const broken = (path: string): readonly (readonly [string, BrokenMessage['code']])[] => [
  ['hello\r\n\r\n', 'BODY_INVALID'],
  [`get ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, 'BODY_INVALID'],
  [`GET ${path}?url=\x01 HTTP/1.1\r\nHost: x\r\n\r\n`, 'URL_INVALID'],
  [`GET ${path}?url=a b HTTP/1.1\r\nHost: x\r\n\r\n`, 'BODY_INVALID'],
  [`GET ${path} HTTP/9.9\r\nHost: x\r\n\r\n`, 'BODY_INVALID'],
  [`GET ${path} HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n`, 'BODY_INVALID'],
  [`GET ${path} HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n`, 'BODY_INVALID'],
  // Over 48 KB.
  [`GET ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(49_152)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  [`GET ${path}?url=${'x'.repeat(49_152)} HTTP/1.1\r\nHost: x\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  // 1,000 headers and more, an Origin behind them or not.
  [`GET ${path} HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(999)}\r\n`, 'HEADERS_TOO_LARGE'],
  [`GET ${path} HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(2_000)}Origin: null\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  [
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'BODY_INVALID',
  ],
  [`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\nx`, 'BODY_INVALID'],
  [`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, 'BODY_INVALID'],
  [`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, 'BODY_INVALID'],
  // HTTP/1.1 without a Host, which a server has to refuse (RFC 9112, 3.2).
  [`GET ${path} HTTP/1.1\r\n\r\n`, 'BODY_INVALID'],
];

/** A message that is no request. */
export function randomBroken(dice: SeededRandom, { basePath }: Facts): BrokenMessage {
  const [text, code] = dice.pick(broken(`${basePath}/config`));
  return { bytes: Buffer.from(text, 'latin1'), code };
}
