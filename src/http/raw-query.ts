// Parses a raw query, or a form body, once: the page URL comes from its raw bytes, and a URL that was not encoded is noticed.
import { ServiceError } from '../base/errors';

/** Parameters that mean something here; given twice they are ambiguous. */
export const PARAMETER_NAMES = ['url', 'app', 'tenant_key', 'kind', 'shape'] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** What a request asks for, decoded. A parameter that is absent or empty is not there. */
export type Parameters = Partial<Record<ParameterName, string>>;

const WHAT_TO_SEND = "Send url=encodeURIComponent(location.href.split('#')[0]).";

/**
 * The longest raw value that can decode to 8,192 characters, the limit of a page URL: a character of three UTF-8 bytes takes
 * nine when percent-encoded (a surrogate pair takes twelve, six for each half). Nothing longer is decoded.
 */
const MAX_RAW_URL_LENGTH = 8_192 * 9;

/**
 * Parameters in a query or a form. Five mean something, gateways and frameworks add a few; with more it is a page URL that was not
 * encoded, or nothing that a page sends: 47 KB of `&` took 10 ms.
 */
const MAX_PARAMETERS = 100;

/**
 * An escape in a URL that was sent as it is. `encodeURI` makes `%25` of a page URL's own escapes. What it makes of a bare `[` or `|`
 * looks like an escape of the page and is refused as well: nothing tells the two apart.
 */
const OWN_ESCAPE = /%(?!25)[\da-f]{2}/i;

/**
 * Parses `raw`, without its `?`. In a query a raw `+` is a plus, as `encodeURIComponent` has it; in a form it is a space.
 * Parameters that mean nothing here are ignored, except behind a `url` that was not encoded: they are the rest of it.
 * Throws `URL_REPEATED`, `URL_NOT_ENCODED`, `URL_INVALID`, `URL_TOO_LONG` or `PARAMETER_REPEATED`; no detail quotes the query.
 *
 * @example parseRawQuery('url=https%3A%2F%2Fh.cn%2Fa&app=main') // { url: 'https://h.cn/a', app: 'main' }
 */
export function parseRawQuery(raw: string, { form = false } = {}): Parameters {
  const rawValues: Parameters = {};
  let repeated: ParameterName | undefined;
  let urlEnd = -1;
  let equals = -1;
  for (let start = 0, count = 1; start <= raw.length; count++) {
    if (count > MAX_PARAMETERS) throw tooManyParameters();
    const end = indexOrEnd(raw, '&', start);
    // Looked for once: from every piece to the end of a query that has none would grow with the square of its length.
    if (equals < start) equals = indexOrEnd(raw, '=', start);
    const nameEnd = Math.min(equals, end);
    const name = decodeName(raw.slice(start, nameEnd));
    if (isParameterName(name)) {
      if (rawValues[name] === undefined) rawValues[name] = raw.slice(nameEnd + 1, end);
      else if (repeated !== 'url') repeated = name;
      if (name === 'url') urlEnd = end;
    }
    start = end + 1;
  }

  if (repeated === 'url') throw repeatedParameter('url');
  // Even an empty parameter behind the URL is a `&` that belonged to it.
  if (urlEnd >= 0 && urlEnd < raw.length && /[/?]/.test(rawValues.url ?? '')) {
    throw new ServiceError(
      'URL_NOT_ENCODED',
      'The page URL was sent without encoding and has been cut at its first "&"; a signature over the rest would be refused. ' +
        `${WHAT_TO_SEND} encodeURI is not enough, it leaves "&" as it is.`,
    );
  }
  if (rawValues.url?.includes('://') && OWN_ESCAPE.test(rawValues.url)) {
    throw new ServiceError(
      'URL_NOT_ENCODED',
      'The page URL was sent without encoding, so that its own escapes, such as %2F, were decoded on the way; a signature over the ' +
        `result would be refused. ${WHAT_TO_SEND}`,
    );
  }
  if (repeated) throw repeatedParameter(repeated);

  const values: Parameters = {};
  for (const name of PARAMETER_NAMES) {
    const rawValue = rawValues[name];
    if (rawValue) values[name] = decodeValue(name, form ? rawValue.replaceAll('+', ' ') : rawValue);
  }
  return values;
}

function tooManyParameters(): ServiceError {
  return new ServiceError(
    'URL_NOT_ENCODED',
    `There are more than ${MAX_PARAMETERS} parameters, which a page URL has that was sent without encoding. ${WHAT_TO_SEND}`,
  );
}

/** The refusal of a parameter that was given twice, in one place or in two. */
export function repeatedParameter(name: ParameterName): ServiceError {
  if (name !== 'url') {
    return new ServiceError(
      'PARAMETER_REPEATED',
      `The parameter "${name}" was given more than once. Send it once.`,
    );
  }
  return new ServiceError(
    'URL_REPEATED',
    'The parameter "url" was given more than once, so it is not certain which page is to be signed for. Send it once. ' +
      `When the page URL itself holds "&url=", it was not encoded: ${WHAT_TO_SEND}`,
  );
}

/** The position of `mark` from `start` on; the end of `raw` without one. */
function indexOrEnd(raw: string, mark: string, start: number): number {
  const index = raw.indexOf(mark, start);
  return index < 0 ? raw.length : index;
}

function isParameterName(name: string): name is ParameterName {
  return (PARAMETER_NAMES as readonly string[]).includes(name);
}

/** The longest name of ours with every character escaped. */
const MAX_RAW_NAME_LENGTH = 3 * Math.max(...PARAMETER_NAMES.map((name) => name.length));

/** Our names are ASCII: a name with another escape, or a broken one, is not ours. A decoder that throws costs 4 µs. */
function decodeName(raw: string): string {
  if (raw.length > MAX_RAW_NAME_LENGTH || !raw.includes('%')) return raw;
  return raw.replace(/%([0-7][\da-f])/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function decodeValue(name: ParameterName, raw: string): string {
  if (raw.length > MAX_RAW_URL_LENGTH) {
    throw new ServiceError(
      'URL_TOO_LONG',
      `The parameter "${name}" is longer than any page URL that is signed for.`,
    );
  }
  // A space can only come from a form's `+` here: in a query it would have ended the request line.
  if (!/[^\x20-\x7e]/.test(raw)) {
    try {
      return decodeURIComponent(raw);
    } catch {
      // Refused below, as bytes outside ASCII are: both are not percent-encoded UTF-8.
    }
  }
  // What does not decode is no app, tenant or shape either, and is refused as such where it is looked up.
  if (name !== 'url') return raw;
  throw new ServiceError(
    'URL_INVALID',
    `The parameter "url" is not valid percent-encoding of UTF-8. ${WHAT_TO_SEND}`,
  );
}
