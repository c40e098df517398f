// The origin of a page for refusals and the log.
import { splitOrigin } from './origin';
import type { PageUrl } from './types';

/** The page's origin; of a host that is no plain name only the scheme, since the rest may be a query that lost its `/?`. */
export function shownOrigin({ origin, namedBy }: PageUrl): string {
  return namedBy || splitOrigin(origin) ? origin : origin.replace(/(?<=\/\/).*/, '…');
}
