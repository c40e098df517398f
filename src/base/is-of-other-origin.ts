// Whether a page of another origin sent a request. Such a page may send some requests without asking first: what they change counts.
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the headers of a request are those of a page whose origin is not the `Host` it asks. Browsers tell it by `Origin`, and at https
 * addresses and localhost by `Sec-Fetch-Site` too; programs send neither.
 */
export function isOfOtherOrigin({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site === 'cross-site' || site === 'same-site') return true;
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host?.toLowerCase();
}
