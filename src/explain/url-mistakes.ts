// The known mistakes between a page's URL and its signature, applied to one URL.
import { domainToUnicode } from 'node:url';
import { parseUrl } from '../signing/origin';
import type { FindingCode } from './findings';

/** A URL as one mistake leaves it. */
export interface UrlMistake {
  readonly code: FindingCode;
  readonly url: string;
}

/** Documented parameters that the client adds at launch. */
const LAUNCH_PARAMETER = /^(?:from|required_launch_ability|bdp_launch_query|lk_[\w-]*)(?:=|$)/;
/** Parameters that are left out one by one: a page with more of them has one that is left out at its beginning or end. */
const MAX_SINGLE_PARAMETERS = 12;

/** The parts of an absolute URL, which together are the URL again, byte for byte. */
const PARTS = /^(https?:)\/\/([^/?#:]*|\[[^\]]*\])(:\d+)?([^?#]*)(\?.*)?$/is;

/**
 * The URLs that the known mistakes make of `url`, which has no fragment, in the order in which they are likely. `fragments`
 * are those that the page had. Some are equal to `url` or to each other: the caller drops them.
 */
export function* urlMistakes(url: string, fragments: Iterable<string> = []): Generator<UrlMistake> {
  for (const fragment of fragments) yield { code: 'URL_FRAGMENT', url: url + fragment };
  // For an unknown fragment: an empty one, and that of a hash router's first page.
  yield* named('URL_FRAGMENT', [`${url}#`, `${url}#/`]);
  yield* queryMistakes(url);
  yield* encodingMistakes(url);
  yield* addressMistakes(url);
  yield* rebuildingMistakes(url);
  yield* named('URL_WHITE_SPACE', [`${url}\n`, `${url} `, `${url}\r\n`, ` ${url}`]);
}

function* named(code: FindingCode, urls: Iterable<string>): Generator<UrlMistake> {
  for (const url of urls) yield { code, url };
}

function* queryMistakes(url: string): Generator<UrlMistake> {
  const cut: UrlMistake = { code: 'URL_CUT_AT_AMPERSAND', url: url.split('&', 1)[0] ?? '' };
  const [path, query] = splitQuery(url);
  if (query === undefined) {
    yield cut;
    return;
  }
  const parameters = query.split('&');
  const join = (kept: readonly string[]): string => (kept.length === 0 ? path : `${path}?${kept.join('&')}`);
  yield { code: 'URL_LAUNCH_PARAMETERS', url: join(parameters.filter((one) => !LAUNCH_PARAMETER.test(one))) };
  yield cut;
  yield* named('URL_QUERY_MISSING', [path, `${path}?`]);
  const few = parameters.slice(0, MAX_SINGLE_PARAMETERS);
  for (const [index] of few.entries())
    yield { code: 'URL_QUERY_MISSING', url: join(parameters.toSpliced(index, 1)) };
  for (const [index] of few.entries())
    yield { code: 'URL_QUERY_MISSING', url: join(parameters.slice(0, index + 1)) };
}

/** The query parsed and written again. */
function* rebuildingMistakes(url: string): Generator<UrlMistake> {
  const [path, query] = splitQuery(url);
  if (query === undefined) return;
  const parameters = query.split('&');
  const join = (kept: readonly string[]): string => `${path}?${kept.join('&')}`;
  yield* named('URL_REBUILT', [
    join([...parameters].sort()),
    `${path}?${new URLSearchParams(query).toString()}`,
    join(parameters.filter((parameter) => parameter !== '')),
    join(parameters.map((parameter) => (parameter.includes('=') ? parameter : `${parameter}=`))),
    join(parameters.map((parameter) => parameter.replace(/=$/, ''))),
  ]);
}

function* encodingMistakes(url: string): Generator<UrlMistake> {
  const [path, query = ''] = splitQuery(url);
  const mark = url.slice(path.length, url.length - query.length);
  yield* named('URL_HTML_ESCAPED', [
    ...['&amp;', '&#38;', '&#x26;', '\\u0026'].map((escape) => url.replaceAll('&', escape)),
    url.replaceAll('&amp;', '&'),
  ]);
  // Before the decoding of everything: where both give the same, this is the narrower statement.
  yield* named('URL_UNICODE', [decodeBeyondAscii(url), encodeBeyondAscii(url), withUnicodeHost(url)]);
  for (const form of ['NFC', 'NFD'] as const) {
    const decoded = decodeBeyondAscii(url);
    const raw = decoded.normalize(form);
    if (raw !== decoded) yield* named('URL_NORMALISED', isAscii(url) ? [encodeBeyondAscii(raw), raw] : [raw]);
  }
  yield* named('URL_PLUS_AND_SPACE', [
    url.replaceAll('+', ' '),
    url.replaceAll('+', '%20'),
    url.replaceAll('+', '%2B'),
    url.replaceAll('%20', '+'),
    url.replace(/%2B/gi, '+'),
    url.replace(/%2B/gi, ' '),
  ]);
  yield* named('URL_DECODED', [
    decode(url),
    decode(url, decodeURI),
    decode(path) + mark + query,
    path + mark + decode(query),
    decode(decode(url)),
  ]);
  const whole = encode(url);
  yield* named('URL_ENCODED', [
    whole,
    encode(url, encodeURI),
    lowerEscapes(whole),
    // As forms and Java's URLEncoder write it.
    whole.replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    encode(whole),
    path + mark + encode(query),
  ]);
}

function* addressMistakes(url: string): Generator<UrlMistake> {
  const match = PARTS.exec(url);
  if (match === null) return;
  const [, scheme = '', host = '', port = '', path = '', query = ''] = match;
  const rest = path + query;
  const isHttps = scheme.toLowerCase() === 'https:';
  yield { code: 'URL_SCHEME', url: `${isHttps ? 'http:' : 'https:'}//${host}${port}${rest}` };
  yield* named('URL_PORT', [
    `${scheme}//${host}${port || (isHttps ? ':443' : ':80')}${rest}`,
    `${scheme}//${host}${rest}`,
  ]);
  const slashed = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  yield* named('URL_TRAILING_SLASH', [
    `${scheme}//${host}${port}${slashed}${query}`,
    url.endsWith('/') ? url.slice(0, -1) : `${url}/`,
  ]);
  const origin = `${scheme}//${host}${port}`;
  // The first page of a host is its origin with a slash.
  if (rest !== '/') yield* named('URL_ORIGIN_ONLY', [origin, `${origin}/`]);
  yield* named('URL_NOT_ABSOLUTE', [`//${host}${port}${rest}`, `${host}${port}${rest}`, rest, path]);
  yield* named('URL_LETTER_CASE', [
    `${scheme}//${host.toUpperCase()}${port}${rest}`,
    `${scheme.toUpperCase()}//${host.toUpperCase()}${port}${rest}`,
    `${scheme}//${host.replace(/^\p{L}/u, (letter) => letter.toUpperCase())}${port}${rest}`,
    url.toLowerCase(),
    lowerEscapes(url),
    url.replace(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase()),
  ]);
  // A URL that PARTS accepts may still be invalid, such as one with a port of six digits.
  const rebuilt = parseUrl(url)?.href;
  if (rebuilt !== undefined) yield { code: 'URL_REBUILT', url: rebuilt };
}

/** Path and query of `url`; the query is undefined without "?". */
function splitQuery(url: string): [path: string, query: string | undefined] {
  const at = url.indexOf('?');
  return at < 0 ? [url, undefined] : [url.slice(0, at), url.slice(at + 1)];
}

/** `text` itself when it is not valid percent-encoding: it cannot be decoded. */
function decode(text: string, by: (text: string) => string = decodeURIComponent): string {
  try {
    return by(text);
  } catch {
    return text;
  }
}

/** `text` itself when it holds half a character: it cannot be encoded. */
function encode(text: string, by: (text: string) => string = encodeURIComponent): string {
  return decode(text, by);
}

function decodeBeyondAscii(url: string): string {
  return url.replace(/(?:%[89a-f][\da-f])+/gi, (run) => decode(run));
}

function encodeBeyondAscii(url: string): string {
  // oxlint-disable-next-line no-control-regex -- every ASCII character is left as it is
  return url.replace(/[^\x00-\x7f]+/g, (run) => encode(run));
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are ASCII too
  return /^[\x00-\x7f]*$/.test(text);
}

function withUnicodeHost(url: string): string {
  // No host name has more than 253 characters.
  const [, host = ''] = /^https?:\/\/([^/?#:]{0,253})(?=[/?#:]|$)/i.exec(url) ?? [];
  return host.includes('xn--') ? url.replace(host, () => domainToUnicode(host)) : url;
}

function lowerEscapes(url: string): string {
  return url.replace(/%[\da-f]{2}/gi, (escape) => escape.toLowerCase());
}
