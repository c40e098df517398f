// The rule that only pages of listed origins are signed for.
import { ServiceError } from '../base/errors';
import { shownOrigin } from './shown-origin';
import type { AllowedOrigins, PageUrl } from './types';

/** Throws ServiceError `URL_NOT_ALLOWED` unless the page's origin is on the list. */
export function requireAllowedPage(page: PageUrl, allowed: AllowedOrigins): void {
  // Looked up once: the page may have been found on this list when its URL was parsed.
  if (page.namedBy === allowed || allowed.allows(page.origin)) return;
  throw new ServiceError(
    'URL_NOT_ALLOWED',
    `${shownOrigin(page)} is not an allowed origin. Add it to ${allowed.setting}, or open the page from an allowed origin.`,
  );
}
