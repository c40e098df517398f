// The rule that only pages of listed origins are signed for.
import { ServiceError } from '../errors';
import type { AllowedOrigins, PageUrl } from './types';

/** Throws ServiceError `URL_NOT_ALLOWED` unless the page's origin is on the list. */
export function requireAllowedPage(page: PageUrl, allowed: AllowedOrigins): void {
  if (allowed.allows(page.origin)) return;
  throw new ServiceError(
    'URL_NOT_ALLOWED',
    `Pages of ${page.origin} are not signed for. Add this origin to ALLOWED_ORIGINS, or to allowedOrigins of the app in an apps file, or open the page at one that is listed.`,
  );
}
