// Splits a raw request target into path and query, without decoding either.

/** Both parts as they were received; `query` lacks its `?` and is empty without a query. */
export interface RequestTarget {
  path: string;
  query: string;
}

/**
 * Splits at the first `?`. The absolute form, which every server must accept (RFC 9112, 3.2.2), loses its origin.
 *
 * @example splitTarget('/config?url=x') // { path: '/config', query: 'url=x' }
 */
export function splitTarget(target: string): RequestTarget {
  const relative = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
  const queryAt = relative.indexOf('?');
  if (queryAt < 0) return { path: relative || '/', query: '' };
  return { path: relative.slice(0, queryAt) || '/', query: relative.slice(queryAt + 1) };
}
