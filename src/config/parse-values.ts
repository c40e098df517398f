// The variables that need no separate file: each function returns the value, or throws an `Error` that says what to write instead.
import { isIP } from 'node:net';
import { compileAllowedOrigins } from '../signing/allowed-origins';
import type { AllowedOrigins } from '../signing/types';

/** pino's levels, the most talkative first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** An app id, `cli_…`. Not quoted when wrong: the likeliest mistake is the secret in its place. */
export function parseAppId(text: string): string {
  if (/^cli_[\w-]+$/.test(text)) return text;
  throw new Error('not an app id: write the one from the developer console, which begins with cli_');
}

/** The entries of a comma-separated list; empty ones, as after a last comma, are dropped. */
export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** ALLOWED_ORIGINS, compiled, and its entries as they were written. */
export function parseAllowedOrigins(text: string): { compiled: AllowedOrigins; entries: string[] } {
  const entries = parseList(text);
  return { compiled: compileAllowedOrigins(entries), entries };
}

/** JS_API_LIST. Which form of a name is right is left to the caller: `scanCode`, `tt.scanCode` and `biz.util.scan` all pass. */
export function parseJsApiList(text: string): string[] {
  const names = parseList(text);
  const wrong = names.filter((name) => !/^[a-z][\w.]*$/i.test(name));
  if (wrong.length > 0 || names.length === 0) {
    const fault = wrong.length > 0 ? `not names of JSAPIs: ${wrong.join(', ')}` : 'no name is listed';
    throw new Error(
      `${fault}; write names with commas between them, without quotes or brackets: scanCode,getLocation`,
    );
  }
  return [...new Set(names)];
}

/** HOST: an address or a host name to listen on; the brackets of an IPv6 address are dropped. */
export function parseHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 || /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(host)) return host;
  throw new Error(
    `"${text}" is not an address or host name: write 127.0.0.1, ::1 or a name, without scheme or port`,
  );
}

/** ADMIN_HOSTNAMES: host names as `isOwnHost` compares them, in lower case and without a final dot. */
export function parseHostNames(text: string): string[] {
  return parseList(text).map((name) => parseHost(name).toLowerCase().replace(/\.$/, ''));
}

/** BASE_PATH: empty, or with a leading and without a trailing slash. */
export function parseBasePath(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  // Characters that mean themselves in a URL path and in Express's patterns alike.
  if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(path)) return `/${path}`;
  throw new Error(`"${text}" is not a plain path: write it as /jsapi, of letters, digits and . _ ~ -`);
}

/** LOG_LEVEL, in any letter case. */
export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text.toLowerCase());
  if (level) return level;
  throw new Error(`"${text}" is not a level: write one of ${LOG_LEVELS.join(', ')}`);
}

/** A company proxy's URL. Not quoted when wrong: it may hold a password. */
export function parseProxyUrl(text: string): string {
  if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) {
    const { username, password } = new URL(text);
    // Not quoted: it holds a password.
    if (!isEscaped(username) || !isEscaped(password))
      throw new Error('invalid percent escape in the user name or password: write % itself as %25');
    return text;
  }
  throw new Error('not the URL of an HTTP proxy: write http://proxy.example.com:3128');
}

/** Whether every % in `text` begins the escape of a UTF-8 text. */
function isEscaped(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
