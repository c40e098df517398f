// Who may read a reply in a browser (CORS), and which page a signature may go to.
import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../base/errors';
import { requireAllowedPage } from '../signing/require-allowed-page';
import { shownOrigin } from '../signing/shown-origin';
import type { AllowedOrigins, PageUrl } from '../signing/types';
import { headerList, type HeaderList } from './header-list';

type Headers = Readonly<Record<string, string>>;

/** The origins whose pages may read a reply. */
export type Readers = Pick<AllowedOrigins, 'any' | 'allows'>;

/** The headers that a page of another origin may read. */
const EXPOSED = { 'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id, RateLimit, RateLimit-Policy' };

/** Replies on these paths differ by the caller's origin, whether one was sent or not. */
const VARY = { Vary: 'Origin' };

/** For refusals: they only say what to do, and the developer must be able to read them. */
export const READABLE_BY_ALL: Headers = { ...VARY, ...EXPOSED, 'Access-Control-Allow-Origin': '*' };

/** For a listed origin, whose own name goes with them. */
const LISTED: Headers = { ...VARY, ...EXPOSED, 'Access-Control-Allow-Credentials': 'true' };

const VARY_LIST = headerList(VARY);
const READABLE_BY_ALL_LIST = headerList(READABLE_BY_ALL);
const LISTED_LIST = headerList(LISTED);

/**
 * Ten minutes: a page asks a few times at most, and a change of the allowed origins takes effect soon. A preflight reveals
 * nothing that would need a shorter time, and browsers cap longer ones anyway.
 */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Holds the rule that binds browsers: an `Origin`, when there is one, is listed **and** is the page's own.
 * Throws `URL_NOT_ALLOWED` or `ORIGIN_NOT_ALLOWED`.
 */
export function checkOrigins(page: PageUrl, origin: string | undefined, allowed: AllowedOrigins): void {
  requireAllowedPage(page, allowed);
  if (origin === undefined || origin === page.origin) return;
  if (origin === 'null') {
    throw new ServiceError(
      'ORIGIN_NOT_ALLOWED',
      'The calling page has an opaque origin ("null"): it is sandboxed or was opened from a file. Serve it over https.',
    );
  }
  const known = allowed.allows(origin);
  throw new ServiceError(
    'ORIGIN_NOT_ALLOWED',
    known
      ? `The calling page's origin differs from the page URL's, ${shownOrigin(page)}. A page asks for its own URL: send location.href.`
      : `The calling page's origin is not listed. Add it to ${allowed.setting}, and send the calling page's own URL.`,
  );
}

/**
 * Refuses what a page of another origin can send but not read: images, scripts, frames, `fetch` in the mode `no-cors`, and
 * navigations that the browser makes ahead. A hostile page could otherwise use up the limits of its visitors' network, out
 * of sight. Browsers state this in `Sec-Fetch-*` at https addresses and localhost; programs and old browsers send none of
 * these headers. Throws `ORIGIN_NOT_ALLOWED`.
 */
export function refuseUnreadable(headers: IncomingHttpHeaders): void {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  // Speculation rules of any page: Chromium says `none` of their site. A page that is rendered ahead asks in the mode `cors`.
  if (mode !== 'cors' && isMadeAhead(headers)) {
    throw new ServiceError(
      'ORIGIN_NOT_ALLOWED',
      'The browser made this request ahead, and no page reads the reply. Use fetch() in its default mode.',
    );
  }
  if (site !== 'cross-site' && site !== 'same-site') return;
  const { 'sec-fetch-dest': destination = 'empty' } = headers;
  // A link to the endpoint is opened in sight of its user.
  if (mode !== 'no-cors' && (destination === 'empty' || destination === 'document')) return;
  throw new ServiceError(
    'ORIGIN_NOT_ALLOWED',
    'The calling page could not read the reply: it sent this request as an image, script or frame, or with mode "no-cors". Use fetch() in its default mode.',
  );
}

/** `Sec-Purpose` is the standard; the others are of older Chromium and Safari, and of older Firefox. */
function isMadeAhead(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'];
  return purpose !== undefined && /\bpre(?:fetch|render)/i.test(String(purpose));
}

/** Headers of a signature, after `checkOrigins` passed: readable by the page it was made for, and no other. */
export function signatureCors(origin: string | undefined, allowed: AllowedOrigins): HeaderList {
  if (origin === undefined) return VARY_LIST;
  if (allowed.any) return READABLE_BY_ALL_LIST;
  return [...LISTED_LIST, 'Access-Control-Allow-Origin', origin];
}

/** Headers of a refusal; `allowed` is undefined while no app is known. */
export function refusalCors(origin: string | undefined, allowed: Readers | undefined): Headers {
  return origin !== undefined && allowed?.allows(origin) ? originHeaders(origin, allowed) : READABLE_BY_ALL;
}

/**
 * Headers of a preflight's answer. It always allows the request: whether there is a signature is for the request itself,
 * and an origin that is not listed has to be able to read its refusal. `requestedHeaders` are echoed. There is no
 * `Access-Control-Allow-Private-Network`: browsers gave that header up for a permission prompt.
 */
export function preflightCors(
  origin: string | undefined,
  requestedHeaders: string | undefined,
  allowed: Readers | undefined,
): Headers {
  return {
    ...refusalCors(origin, allowed),
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_SECONDS),
    ...(requestedHeaders && { 'Access-Control-Allow-Headers': requestedHeaders }),
  };
}

/** Under a lone `*` no origin is trusted in particular, so credentials are not offered. No cookie is ever read. */
function originHeaders(origin: string, allowed: Readers): Headers {
  if (allowed.any) return READABLE_BY_ALL;
  return { ...LISTED, 'Access-Control-Allow-Origin': origin };
}
