// What an H5 trusted domain of the simulated platform may be.

/** Behind an origin without a port: every port. The real console has nothing like it; development servers choose theirs. */
export const ANY_PORT = ':*';

/** Throws RangeError for what is neither a host nor an origin, `http://localhost:*` included. */
export function requireTrustedDomain(domain: string): void {
  const origin = domain.includes('://') ? withoutAnyPort(domain) : `https://${domain}`;
  if (URL.canParse(origin) && new URL(origin).pathname === '/' && !origin.endsWith('/')) return;
  throw new RangeError(
    `a trusted domain is a host or an origin without a path (http://localhost:* for any port), not "${domain}"`,
  );
}

/** What follows a port stays, and makes the origin invalid. */
function withoutAnyPort(origin: string): string {
  return origin.replace(/(?<!:\d+):\*$/, '');
}
