// What a browser writes as an origin, and a parser for URLs that clients send: neither costs more than microseconds.

/** The longest host name, in characters (RFC 1035, 2.3.4). */
export const MAX_HOST_LENGTH = 253;

/**
 * An origin of a plain host, in its parts: scheme, host and port with its colon. Names and addresses have these characters only.
 */
const PLAIN_ORIGIN = /^(https?):\/\/([a-z\d._-]{1,253}|\[[\da-f:]{2,39}\])(:(?:0|[1-9]\d{0,4}))?$/;

/** What may be an origin of http or https: a host has no character that the URL standard forbids in one, or lower-cases. */
const ORIGIN = /^https?:\/\/(?:[!"$&-.\d;=_`a-z{}~]{1,253}|\[[\da-f:]{2,39}\])(?::(?:0|[1-9]\d{0,4}))?$/;

/**
 * A text whose authority a parser may read: printable ASCII from the scheme on, and no longer than a host name with a port. What a
 * parser does with a longer host, or one beyond ASCII, takes time that grows with the square of its length: 8,000 characters 0.1 s.
 */
const PARSABLE = /^[a-z][a-z\d+.-]*:[/\\]*(?![/\\])[!-.0-[\]-~]{0,259}(?:[/?#\\]|$)/i;

/** The parts of an origin of a plain host. */
export interface OriginParts {
  readonly scheme: string;
  readonly host: string;
  /** `:8443`; empty for the scheme's default. */
  readonly port: string;
}

/** The parts of `text`, or undefined when it is not an origin, or its host is no plain name. No parser is asked: the host may still be invalid. */
export function splitOrigin(text: string): OriginParts | undefined {
  const [, scheme, host = '', port = ''] = PLAIN_ORIGIN.exec(text) ?? [];
  return scheme === undefined ? undefined : { scheme, host, port };
}

/** Whether `text` is an origin exactly as a browser writes it. */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && parseUrl(text)?.origin === text;
}

/** `new URL(text)`; undefined when `text` is not a URL, or has an authority that no browser writes: see `PARSABLE`. */
export function parseUrl(text: string): URL | undefined {
  if (!PARSABLE.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
