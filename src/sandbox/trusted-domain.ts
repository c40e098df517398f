// What an H5 trusted domain of the simulated platform may be.

/** Behind an origin without a port: every port. The real console has nothing like it; development servers choose theirs. */
export const ANY_PORT = ':*';

/**
 * `text` without the slash behind its host or origin, which address bars copy along. Throws RangeError for what is neither host nor origin,
 * `http://localhost:*` included.
 */
export function normaliseTrustedDomain(text: string): string {
  const domain = text.replace(/(?<=[^/:])\/$/, '');
  const origin = domain.includes('://') ? withoutAnyPort(domain) : `https://${domain}`;
  if (URL.canParse(origin) && new URL(origin).pathname === '/' && !origin.endsWith('/')) return domain;
  throw new RangeError(
    `a trusted domain is a host or an origin without a path (http://localhost:* for any port), not "${text}"`,
  );
}

/** What follows a port stays, and makes the origin invalid. */
function withoutAnyPort(origin: string): string {
  return origin.replace(/(?<!:\d+):\*$/, '');
}
