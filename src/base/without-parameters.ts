// Text of a client for the log: bounded, and without what may be the query of a page URL, which carries authorization codes.

/** The first sign of parameters: `?`, `#`, `;`, `&`, `=`, as they are or percent-encoded, any number of times. */
const PARAMETERS = /(?:[?#;&=]|%(?:25)*(?:3f|23|3b|26|3d)).*$/is;

/**
 * `text` up to its first sign of parameters, and at most `maxLength` UTF-16 units of it; a `…` says that one of them cut it.
 *
 * @example withoutParameters('/a%3Fcode=x', 512) // '/a…'
 */
export function withoutParameters(text: string, maxLength: number): string {
  const kept = text.slice(0, maxLength).replace(PARAMETERS, '…');
  return text.length > maxLength && !kept.endsWith('…') ? `${kept}…` : kept;
}
