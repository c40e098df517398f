// The oracle's rules for page URLs and origins, as the contract states them.
import type { AppFacts } from './facts';
import { Refused } from './read-parameters';
import { parseUrl } from '../../support/parse-url';

/** The page's origin. Throws `Refused` for what is not the `location.href` of a page on the web. */
export function originOfPage(pageUrl: string): string {
  if (pageUrl.length > 8_192) throw new Refused('URL_TOO_LONG');
  // What stands behind the first `#` is not signed.
  const [page = ''] = pageUrl.split('#');
  // What stands before the first slash of a page's address is ASCII. A host name is 253 characters long at most, a port has five digits.
  const [authority = ''] = page.replace(/^https?:\/\//, '').split(/[/?]/);
  if (authority.length > MAX_HOST + ':65535'.length) throw new Refused('URL_INVALID');
  for (const character of authority) if (character > '~') throw new Refused('URL_INVALID');
  const url = parseUrl(page);
  if (!url) throw new Refused('URL_INVALID');
  const { protocol, origin, hostname, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:') throw new Refused('URL_INVALID');
  if (hostname.length > MAX_HOST || username !== '' || password !== '') throw new Refused('URL_INVALID');
  // Parsers of different ages escape a caret in a path, or do not.
  if (url.href.replaceAll('^', '%5E') !== page.replaceAll('^', '%5E')) throw new Refused('URL_INVALID');
  return origin;
}

/** RFC 1035. */
const MAX_HOST = 253;

/** Letters, digits and what stands between them, not too many; or an address of IPv6. */
function isName(hostname: string): boolean {
  const characters = Array.from(hostname.replace(/^\[|\]$/g, ''));
  return (
    characters.length <= MAX_HOST &&
    characters.every((character) => 'abcdefghijklmnopqrstuvwxyz0123456789.-_:'.includes(character))
  );
}

export function isAny({ allowedOrigins }: AppFacts): boolean {
  return allowedOrigins.includes('*');
}

/** Whether `origin` is on the app's list. */
export function lists(app: AppFacts, origin: string): boolean {
  return isAny(app) || app.allowedOrigins.some((entry) => matches(entry, origin));
}

function matches(entry: string, origin: string): boolean {
  if (entry === origin) return true;
  // Longer than the longest host with its scheme and port: no origin.
  if (!entry.includes('*') || origin.length > 'https://'.length + MAX_HOST + ':65535'.length) return false;
  const url = parseUrl(origin);
  if (url?.origin !== origin || !isName(url.hostname)) return false;
  const { protocol, hostname, port } = url;
  const [scheme = '', rest = ''] = entry.split('://');
  if (`${scheme}:` !== protocol) return false;
  // `http://localhost:*`: any port, and none.
  if (rest.endsWith(':*')) return hostname === rest.slice(0, -2);
  // `https://*.example.com`: one or more labels before it, and no other port.
  return port === '' && hostname.endsWith(rest.slice(1)) && hostname.length > rest.slice(1).length;
}

/** When an `Origin` is there it is listed **and** the page's own. Throws `Refused`. */
export function checkOrigins(app: AppFacts, pageOrigin: string, callerOrigin: string | undefined): void {
  if (!lists(app, pageOrigin)) throw new Refused('URL_NOT_ALLOWED');
  if (callerOrigin !== undefined && callerOrigin !== pageOrigin) throw new Refused('ORIGIN_NOT_ALLOWED');
}
