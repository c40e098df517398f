// Whether a page of another origin sent a request. Browsers send some cross-origin requests without a preflight, so requests that change something check this.
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the headers of a request are those of a page whose origin differs from the `Host` of the request. Browsers send `Origin`, and at https
 * addresses and localhost `Sec-Fetch-Site` too; programs send neither.
 */
export function isOfOtherOrigin({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site === 'cross-site' || site === 'same-site') return true;
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host?.toLowerCase();
}
