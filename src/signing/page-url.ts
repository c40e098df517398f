// What a page URL may be: exactly what a browser writes in `location.href`. Parsed to validate, never to rebuild.
import { ServiceError } from '../base/errors';
import { describePageUrlFault } from './describe-page-url-fault';
import { isOrigin } from './origin';
import type { AllowedOrigins, PageUrl } from './types';

/** In UTF-16 units, once decoded: what gateways and browsers still carry; above it, something else was sent. */
const MAX_LENGTH = 8_192;

const WHAT_TO_SEND = "Send encodeURIComponent(location.href.split('#')[0]).";

/**
 * What an href has between its origin and its fragment: a path, whose first `/` is never left out, and perhaps a query, in the
 * characters that the URL standard's percent-encode sets for http and https leave as they are; no segment is a dot segment. The
 * standard has escaped `^` in a path since 2024 only, and browsers differ: both forms pass.
 */
const PATH_AND_QUERY =
  /(?:\/(?!(?:\.|%2[eE]){1,2}(?:[/?#]|$))[!$-.0-;=@-[\]-_a-z|~]*)+(?:\?[!$-&(-;=?-~]*)?(?:#|$)/y;

/**
 * Checks a received page URL, decoded from the request once, and returns what is to be signed: `received` up to its first `#`.
 * It must be what a browser writes in `location.href`, byte for byte, except that nothing is asked of its fragment.
 * What begins with an origin that `allowed` names needs no parser, 4 µs of a signature's time: nothing behind an origin can
 * make a URL invalid, or be part of the origin. No parser reads more than the origin, and only one of a browser's form.
 * Throws `ServiceError` `URL_MISSING`, `URL_TOO_LONG` or `URL_INVALID`; the detail never quotes more than the origin and a character.
 *
 * @example parsePageUrl('https://h.cn/a?x=1#/r') // { toSign: 'https://h.cn/a?x=1', origin: 'https://h.cn' }
 */
export function parsePageUrl(received: string, allowed?: Pick<AllowedOrigins, 'names'>): PageUrl {
  if (!received) throw new ServiceError('URL_MISSING', `The page URL is empty. ${WHAT_TO_SEND}`);
  if (received.length > MAX_LENGTH) throw tooLong(received.length);

  const origin = writtenOrigin(received);
  const namedBy = allowed?.names(origin) ? allowed : undefined;
  PATH_AND_QUERY.lastIndex = origin.length;
  if (!PATH_AND_QUERY.test(received) || (!namedBy && !isOrigin(origin)))
    throw new ServiceError('URL_INVALID', `${describePageUrlFault(received)} ${WHAT_TO_SEND}`);
  const fragmentAt = received.indexOf('#', origin.length);
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

function tooLong(length: number): ServiceError {
  return new ServiceError(
    'URL_TOO_LONG',
    `The page URL has ${length} characters; at most ${MAX_LENGTH} are signed. ` +
      'Move what the page carries in its query to its fragment, which is not signed, or to storage.',
  );
}
