// LARK_DOMAIN: which platform to call, by name or by base URL.
import { VARIABLES } from '../base/setting-names';

/** The platforms known by name. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['feishu', 'https://open.feishu.cn'],
  ['lark', 'https://open.larksuite.com'],
]);

const FORMS = 'write feishu, lark, or a base URL as https://open.example.com';

/** Whether traffic to `hostname` stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);
}

/**
 * The base URL behind `text`, without a trailing slash; it may hold a path. Throws an `Error` that says what to write instead,
 * also for plain http to another machine unless `allowHttp`, which `settings` names. The value itself is not quoted: it may hold a password.
 *
 * @example parsePlatformBaseUrl('lark', false) // 'https://open.larksuite.com'
 */
export function parsePlatformBaseUrl(text: string, allowHttp: boolean, settings = VARIABLES): string {
  const known = KNOWN.get(text.toLowerCase());
  if (known) return known;
  if (!/^https?:\/\//i.test(text)) {
    const bareHost = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/[\w./-]*)?$/.test(text);
    throw new Error(
      bareHost ? `lacks https://: write https://${text}` : `neither a known name nor a base URL: ${FORMS}`,
    );
  }
  if (!URL.canParse(text)) throw new Error(`not a valid URL: ${FORMS}`);

  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  if (url.username || url.password)
    throw new Error('holds a user name or password, which the platform does not use: remove it');
  if (/[?#]/.test(text)) throw new Error(`holds a query or fragment: write ${url.origin}${path}`);
  if (/\/open-apis(\/|$)/.test(path)) {
    throw new Error(
      `holds /open-apis, which is added to every call: write ${url.origin}${path.replace(/\/open-apis(\/.*)?$/, '')}`,
    );
  }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    throw new Error(
      `plain http would send the app secret in clear: write https://${url.host}${path}, or set ${settings.allowHttp} inside a network you trust`,
    );
  }
  return url.origin + path;
}
