// The list of page origins that may be signed for, compiled once: exact ones, `https://*.example.com`, `http://localhost:*`.
import { VARIABLES } from '../base/setting-names';
import { MAX_HOST_LENGTH, splitOrigin } from './origin';
import type { AllowedOrigins } from './types';

/** An entry with a wildcard. No regular expression is ever made from configuration. */
interface Pattern {
  scheme: string;
  /** A whole host, or with `subdomains` what follows one or more labels: `.example.com`. */
  host: string;
  subdomains: boolean;
  /** `:8443`, empty for the scheme's default, or undefined for any port. */
  port: string | undefined;
}

const FORMS = 'write https://h5.example.com, https://*.example.com or http://localhost:*';

/**
 * Compiles a list of allowed page origins. `https://*.example.com` covers one or more labels and not `example.com` itself,
 * `:*` any port and none; both may be combined. A lone `*` allows every origin. Letter case, punycode and a default port are
 * normalised, one trailing slash is ignored. Throws an `Error` that names every wrong entry and the right form. `setting` is
 * where refusals say that an origin is added, by default the variable of the service.
 *
 * @example compileAllowedOrigins(['https://*.example.com']).allows('https://a.b.example.com') // true
 */
export function compileAllowedOrigins(
  list: readonly string[],
  setting = VARIABLES.allowedOrigins,
): AllowedOrigins {
  if (list.length === 0) throw new Error(`no origin is listed: ${FORMS}`);
  if (list.includes('*')) {
    if (list.length > 1) throw new Error('"*" allows every origin: remove it, or remove the other entries');
    return { any: true, allows: () => true, names: () => false, setting };
  }
  const exact = new Set<string>();
  const patterns: Pattern[] = [];
  const faults: string[] = [];
  for (const entry of list) {
    try {
      const compiled = compileEntry(entry);
      if (typeof compiled === 'string') exact.add(compiled);
      else patterns.push(compiled);
    } catch (error) {
      faults.push(`"${entry}" ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('; '));

  return {
    any: false,
    allows(origin) {
      return exact.has(origin) || (patterns.length > 0 && matchesPattern(origin, patterns));
    },
    names: (text) => exact.has(text),
    setting,
  };
}

function matchesPattern(origin: string, patterns: readonly Pattern[]): boolean {
  const parts = splitOrigin(origin);
  if (!parts) return false;
  const { scheme, host, port } = parts;
  return patterns.some(
    (pattern) =>
      pattern.scheme === scheme &&
      (pattern.port === undefined || pattern.port === port) &&
      // Longer than the suffix, so that at least one character of a label precedes its dot.
      (pattern.subdomains
        ? host.length > pattern.host.length && host.endsWith(pattern.host)
        : host === pattern.host),
  );
}

/** An exact origin as a string, anything with a wildcard as a pattern; throws what is wrong, to follow the quoted entry. */
function compileEntry(entry: string): string | Pattern {
  const [, scheme, afterScheme] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(entry) ?? [];
  if (scheme === undefined || afterScheme === undefined) throw new Error(describeNoScheme(entry));
  if (!/^https?$/i.test(scheme))
    throw new Error(`has the scheme ${scheme}: only https and http pages can be signed for`);

  const authority = afterScheme.replace(/\/$/, '');
  if (/[\s,;"']/.test(authority))
    throw new Error('holds a space, quote or separator: put one comma between origins');
  if (authority.includes('@')) throw new Error(`holds a user name: an origin has none, ${FORMS}`);
  const [beforePath = ''] = authority.split(/[/?#\\]/, 1);
  if (beforePath !== authority) {
    throw new Error(
      `has text after its host: an origin has no path, query or fragment, write ${scheme}://${beforePath}`,
    );
  }

  const anyPort = authority.endsWith(':*');
  const subdomains = authority.startsWith('*.');
  const rest = authority.slice(subdomains ? 2 : 0, anyPort ? -2 : undefined);
  if (rest.replace(/:\d*$/, '') === '*') {
    throw new Error('names no domain: write https://*.example.com, or a lone * to allow every origin');
  }
  if (anyPort && /:\d*$/.test(rest))
    throw new Error('names a port and, with ":*", every port: keep one of the two');
  if (rest.includes('*')) {
    throw new Error(
      'has a "*" in the wrong place: it matches whole labels at the beginning (https://*.example.com) or the port (http://localhost:*)',
    );
  }

  // A parser's time for a longer one grows with the square of its length.
  if (rest.replace(/:\d*$/, '').length > MAX_HOST_LENGTH)
    throw new Error(`has a host of more than ${MAX_HOST_LENGTH} characters, which no host name has`);
  const url = parse(`${scheme}://${rest}`);
  if (subdomains) refuseWideSubdomains(url.hostname);
  if (!subdomains && !anyPort) return url.origin;
  return {
    scheme: url.protocol.slice(0, -1),
    host: subdomains ? `.${url.hostname}` : url.hostname,
    subdomains,
    port: anyPort ? undefined : url.port && `:${url.port}`,
  };
}

function parse(origin: string): URL {
  try {
    return new URL(origin);
  } catch {
    throw new Error(`is not a valid origin: ${FORMS}`);
  }
}

function describeNoScheme(entry: string): string {
  if (entry.includes('://')) return `is not an origin: ${FORMS}`;
  const host = entry.replace(/^(https?(?=[:/]))?:?\/*/i, '');
  return host ? `lacks its scheme: write https://${host}` : `names no host: ${FORMS}`;
}

function refuseWideSubdomains(hostname: string): void {
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) {
    throw new Error('puts "*." before an address, which has no subdomains: write the address alone');
  }
  // `localhost` and all below it is this machine; any other single label is open to everyone who registers a name under it.
  if (/^[^.]+\.?$/.test(hostname) && hostname !== 'localhost') {
    throw new Error(
      `would cover every site under .${hostname}, including those of strangers: name your own domain, as https://*.example.com`,
    );
  }
}
