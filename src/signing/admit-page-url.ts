// Which page may be signed for: a page URL by the rules, of an origin on the list.
import { ServiceError } from '../errors';
import { parsePageUrl } from './page-url';
import type { AllowedOrigins, PageUrl } from './types';

/** `parsePageUrl(received)`, if its origin is allowed. Throws ServiceError `URL_MISSING`, `URL_TOO_LONG`, `URL_INVALID` or `URL_NOT_ALLOWED`. */
export function admitPageUrl(received: string, allowed: AllowedOrigins): PageUrl {
  const page = parsePageUrl(received);
  if (allowed.allows(page.origin)) return page;
  throw new ServiceError(
    'URL_NOT_ALLOWED',
    `Pages of ${page.origin} are not signed for. Add this origin to ALLOWED_ORIGINS, or open the page at one that is listed.`,
  );
}
