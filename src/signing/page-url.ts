// What a page URL may be: exactly what a browser writes in `location.href`. Parsed to validate, never to rebuild.
import { ServiceError } from '../base/errors';
import { isOrigin, MAX_HOST_LENGTH, parseUrl, splitOrigin } from './origin';
import type { AllowedOrigins, PageUrl } from './types';

/** In UTF-16 units, once decoded: what gateways and browsers still carry; above it, something else was sent. */
const MAX_LENGTH = 8_192;

/** Control characters, white space and halves of surrogate pairs: `new URL` strips or replaces them, a browser escapes them. */
const NEVER_IN_HREF = /[\p{Cc}\p{Cs}\s]/u;

/** Nearly every page URL: no control character, space or surrogate in it. A fifth of the cost of the search above. */
const PLAIN_ASCII = /^[!-~]*$/;

const WHAT_TO_SEND = "Send encodeURIComponent(location.href.split('#')[0]).";

const SCHEME_MISSING = 'The page URL lacks its scheme: it must begin with https:// or http://.';

/**
 * Checks a received page URL, decoded from the request once, and gives what is to be signed: `received` up to its first `#`.
 * It must begin with its own origin exactly, followed by `/`, `?`, `#` or nothing; the rest is the page's affair.
 * What begins with an origin that `allowed` names needs no parser, 4 µs of a signature's time: nothing behind an origin can
 * make a URL invalid, or be part of the origin. No parser reads more than the origin, and only one of a browser's form.
 * Throws `ServiceError` `URL_MISSING`, `URL_TOO_LONG` or `URL_INVALID`; the detail never quotes more than the origin.
 *
 * @example parsePageUrl('https://h.cn/a?x=1#/r') // { toSign: 'https://h.cn/a?x=1', origin: 'https://h.cn' }
 */
export function parsePageUrl(received: string, allowed?: Pick<AllowedOrigins, 'names'>): PageUrl {
  if (!received) throw new ServiceError('URL_MISSING', `The page URL is empty. ${WHAT_TO_SEND}`);
  if (received.length > MAX_LENGTH) throw tooLong(received.length);
  const offending = PLAIN_ASCII.test(received) ? null : NEVER_IN_HREF.exec(received);
  if (offending) throw invalid(describeCharacter(offending[0], offending.index));

  const origin = writtenOrigin(received);
  const namedBy = allowed?.names(origin) ? allowed : undefined;
  if (!namedBy && !isOrigin(origin)) throw invalid(describeOrigin(received));
  const fragmentAt = received.indexOf('#');
  return { toSign: fragmentAt < 0 ? received : received.slice(0, fragmentAt), origin, namedBy };
}

/** The scheme, and what stands behind its `//` up to the first `/`, `?` or `#`. */
function writtenOrigin(received: string): string {
  let end = received.indexOf('//') + 2;
  while (!endsOrigin(received[end])) end += 1;
  return received.slice(0, end);
}

function endsOrigin(character: string | undefined): boolean {
  return character === '/' || character === '?' || character === '#' || character === undefined;
}

function invalid(fault: string): ServiceError {
  return new ServiceError('URL_INVALID', `${fault} ${WHAT_TO_SEND}`);
}

function tooLong(length: number): ServiceError {
  return new ServiceError(
    'URL_TOO_LONG',
    `The page URL has ${length} characters; at most ${MAX_LENGTH} are signed. ` +
      'Move what the page carries in its query to its fragment, which is not signed, or to storage.',
  );
}

// What follows runs only on a refusal: it finds the likely mistake behind it.

function describeCharacter(character: string, index: number): string {
  const codePoint = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const where = `at position ${index + 1}`;
  if (character === ' ') {
    return `The page URL holds a space ${where}, where a browser writes %20: it was decoded once too often, or not encoded for its way here.`;
  }
  if (/\s/.test(character)) return `The page URL holds white space (${codePoint}) ${where}.`;
  if (/\p{Cs}/u.test(character)) return `The page URL holds half a surrogate pair (${codePoint}) ${where}.`;
  return `The page URL holds a control character (${codePoint}) ${where}.`;
}

function describeOrigin(received: string): string {
  const [, scheme, slashes, authority = ''] = /^(https?):([/\\]*)([^/?#\\]*)/i.exec(received) ?? [];
  if (scheme === undefined) return describeScheme(received);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // The message names the browser's form where a parser may compute it.
  if (/[^!-~]/.test(host))
    return "The page URL's host holds characters beyond ASCII: a browser writes an internationalised host in its xn-- form.";
  if (host.replace(/:\d*$/, '').length > MAX_HOST_LENGTH)
    return `The page URL's host is longer than ${MAX_HOST_LENGTH} characters, the most that a host name has.`;
  const url = parseUrl(`${scheme}://${host}`);
  if (url === undefined) return 'The page URL has no valid host or port.';
  const { origin, port } = url;
  if (!splitOrigin(origin)) return "The page URL's host holds a character that no host name has.";
  const mustBegin = `It must begin with exactly ${origin}, as location.href of that page does.`;
  if (slashes !== '//')
    return `The page URL has no "//" between its scheme and its host, or more slashes than that. ${mustBegin}`;
  if (authority !== host) return `The page URL holds a user name or password before "@". ${mustBegin}`;
  if (!port && /:0*(80|443)$/.test(host))
    return `The page URL writes out its scheme's default port. ${mustBegin}`;
  const written = `${scheme}://${host}`;
  if (written === origin)
    return `The page URL's origin is followed by neither "/", "?" nor "#". ${mustBegin}`;
  if (written.toLowerCase() === origin)
    return `The page URL has capital letters in its scheme or host. ${mustBegin}`;
  return `The page URL's host or port is not in the form a browser gives it. ${mustBegin}`;
}

function describeScheme(received: string): string {
  if (/^https?%(25)*3a/i.test(received)) {
    return 'The page URL is still percent-encoded after decoding: it was encoded more than once.';
  }
  // In "localhost:3000/a" a parser finds the scheme "localhost:".
  if (!/^[a-z][a-z\d+.-]*:(?!\d)/i.test(received)) return SCHEME_MISSING;
  return "The page URL's scheme is neither https nor http: only a page served over the web can be signed for.";
}
