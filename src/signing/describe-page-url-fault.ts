// Finds the likely mistake in a text that no browser writes in `location.href`, and what a browser writes instead. Runs only on a refusal.
import { MAX_HOST_LENGTH, parseUrl, splitOrigin } from './origin';

/** Control characters, white space and halves of surrogate pairs, wherever they are. */
const NEVER_IN_HREF = /[\p{Cc}\p{Cs}\s]/u;

/** What the URL standard escapes in a path of http and https; a backslash becomes a slash. */
const NOT_IN_PATH = /[^!$-;=@-[\]-_a-z|~]/u;
/** What it escapes in a query. */
const NOT_IN_QUERY = /[^!$-&(-;=?-~]/u;

const DOT_SEGMENT = /\/((?:\.|%2e){1,2})(?=\/|$)/i;

const DECODED = 'The page URL was decoded once too often, or not encoded for its way here.';

/**
 * One or two sentences on a text that is not an href of http or https: what is wrong, and where it can be said in short, what a
 * browser writes. Of the text it quotes the origin and single characters, never the path, the query or a user name.
 */
export function describePageUrlFault(received: string): string {
  const href = received.split('#', 1)[0] ?? '';
  const offending = NEVER_IN_HREF.exec(href);
  if (offending) return describeCharacter(href, offending.index);

  const [, scheme, slashes, authority = ''] = /^(https?):([/\\]*)([^/?\\]*)/i.exec(href) ?? [];
  if (scheme === undefined) return describeScheme(href);
  const originLength = `${scheme}:${slashes}${authority}`.length;
  return (
    describeOrigin(scheme, slashes ?? '', authority) ??
    describePath(href, originLength) ??
    "The page URL is not in the form of a browser's location.href."
  );
}

function describeScheme(href: string): string {
  if (/^https?%(25)*3a/i.test(href))
    return 'The page URL is still percent-encoded after decoding: it was encoded more than once.';
  // In "localhost:3000/a" a parser finds the scheme "localhost:".
  if (!/^[a-z][a-z\d+.-]*:(?!\d)/i.test(href))
    return 'The page URL lacks its scheme: it must begin with https:// or http://.';
  return "The page URL's scheme is neither https nor http: only a page served over the web can be signed for.";
}

/** Undefined when the origin is as a browser writes it. */
function describeOrigin(scheme: string, slashes: string, authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // The message names the browser's form where a parser may compute it.
  if (/[^!-~]/.test(host))
    return "The page URL's host holds characters beyond ASCII: a browser writes an internationalised host in its xn-- form.";
  if (host.replace(/:\d*$/, '').length > MAX_HOST_LENGTH)
    return `The page URL's host is longer than ${MAX_HOST_LENGTH} characters, the most that a host name has.`;
  const url = parseUrl(`${scheme}://${host}`);
  if (url === undefined) return 'The page URL has no valid host or port.';
  const { origin, port } = url;
  // A host with other characters is not repeated: what is in it may be meant for a query.
  const mustBegin = splitOrigin(origin)
    ? `It must begin with exactly ${origin}/, as location.href of that page does.`
    : 'It must begin as location.href of that page does.';
  if (slashes !== '//')
    return `The page URL has no "//" between its scheme and its host, or more slashes than that. ${mustBegin}`;
  if (authority !== host) return `The page URL holds a user name or password before "@". ${mustBegin}`;
  const written = `${scheme}://${host}`;
  if (written === origin) return undefined;
  if (!port && /:0*(80|443)$/.test(host))
    return `The page URL writes out its scheme's default port. ${mustBegin}`;
  if (written.toLowerCase() === origin)
    return `The page URL has capital letters in its scheme or host. ${mustBegin}`;
  return `The page URL's host or port is not in the form a browser gives it. ${mustBegin}`;
}

/** Undefined when what follows the origin is as a browser writes it. */
function describePath(href: string, originLength: number): string | undefined {
  const [path = ''] = href.slice(originLength).split('?', 1);
  if (path === '')
    return `The page URL has no slash behind its origin. A browser writes one: ${originOf(href, originLength)}/.`;
  const inPath = NOT_IN_PATH.exec(path);
  if (inPath) return describeCharacter(href, originLength + inPath.index);
  const dots = DOT_SEGMENT.exec(path);
  if (dots) {
    const { index, 1: segment = '' } = dots;
    const written = `"${segment}" at position ${originLength + index + 2}`;
    return /^(?:\.|%2e)$/i.test(segment)
      ? `The page URL's path holds the segment ${written}, which a browser leaves out.`
      : `The page URL's path holds the segment ${written}, for which a browser leaves out the segment before it.`;
  }
  const queryAt = originLength + path.length + 1;
  const inQuery = NOT_IN_QUERY.exec(href.slice(queryAt));
  return inQuery ? describeCharacter(href, queryAt + inQuery.index) : undefined;
}

/** The origin for a sentence; an example for one that is no plain name. */
function originOf(href: string, originLength: number): string {
  const origin = href.slice(0, originLength);
  return splitOrigin(origin) ? origin : 'https://h5.example.com';
}

/** What is said of the character at `index`. */
function describeCharacter(href: string, index: number): string {
  const codePoint = href.codePointAt(index) ?? 0;
  const character = String.fromCodePoint(codePoint);
  const where = `at position ${index + 1}, ${browserWrites(href, index, character)}.`;
  if (character === ' ') return `The page URL holds a space ${where} ${DECODED}`;
  if (/[!-~]/.test(character)) return `The page URL holds ${character} ${where} ${DECODED}`;
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  if (/\s/.test(character)) return `The page URL holds white space (${number}) ${where}`;
  if (/\p{Cs}/u.test(character)) return `The page URL holds half a surrogate pair (${number}) ${where}`;
  if (/\p{Cc}/u.test(character)) return `The page URL holds a control character (${number}) ${where}`;
  return `The page URL holds a character beyond ASCII (${number}) ${where} ${DECODED}`;
}

/** What a browser makes of a character, in a path or a query. */
function browserWrites(href: string, index: number, character: string): string {
  // C0 controls and spaces around a URL, and tabs and line ends in it.
  if (/[\t\n\r]/.test(character) || isAround(href, index)) return 'which a browser leaves out';
  if (character === '\\') return 'where a browser writes /';
  const escaped = Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  return `where a browser writes ${escaped.join('').toUpperCase()}`;
}

function isAround(href: string, index: number): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject
  const onlySpace = /^[\u0000- ]*$/;
  return onlySpace.test(href.slice(0, index + 1)) || onlySpace.test(href.slice(index));
}
