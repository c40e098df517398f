// H5_SDK_URL, and h5SdkUrls of the library: where the platform's H5 SDK comes from, in the order in which it is tried.
import { isLoopback } from './parse-platform-base-url';
import { parseList } from './parse-values';

/** The newest that was seen in use, then the documented one. Assumption: private deployments carry the same client. */
const FEISHU_BUILDS = [
  'https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.48.js',
  'https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.44.js',
];

/** Documented for Lark as the newest, September 2025. After it the builds for Feishu, in case its host is not reached. */
const LARK_BUILDS = [
  'https://lf-package-sg.larksuitecdn.com/obj/lark-static-sgsaas/lark/op/h5-js-sdk-1.5.44.js',
  ...FEISHU_BUILDS,
];

/** Hosts of older builds, switched off in January 2024, and all below them. */
const SWITCHED_OFF = /(?:^|\.)(?:bytecdn\.cn|pstatp\.com)$/;

/** The scripts for `domain`, the text of LARK_DOMAIN or of the library's `domain`, when none are configured. */
export function defaultSdkUrls(domain: string | undefined): string[] {
  return [...(domain?.toLowerCase() === 'lark' ? LARK_BUILDS : FEISHU_BUILDS)];
}

/** Reads a comma-separated list of script addresses. Throws as `checkSdkUrls`. */
export function parseSdkUrls(text: string, allowHttp: boolean): string[] {
  return checkSdkUrls(parseList(text), allowHttp);
}

/**
 * The script addresses in `entries`, each once. Throws an `Error` that names every wrong entry: no https address, or plain http
 * to another machine unless `allowHttp`.
 */
export function checkSdkUrls(entries: readonly string[], allowHttp: boolean): string[] {
  const faults = entries.flatMap((entry) => findFault(entry, allowHttp) ?? []);
  if (entries.length === 0) faults.push(`no address is listed: write ${String(FEISHU_BUILDS[0])}`);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return [...new Set(entries)];
}

/** Sentences for the start log on addresses of `setting` that give no script any more. */
export function findSwitchedOff(urls: readonly string[], setting: string): string[] {
  return urls
    .filter((url) => SWITCHED_OFF.test(new URL(url).hostname))
    .map(
      (url) =>
        `${setting} names ${new URL(url).host}, which was switched off in January 2024: write ${String(FEISHU_BUILDS[0])}, or for Lark ${String(LARK_BUILDS[0])}.`,
    );
}

function findFault(entry: string, allowHttp: boolean): string | undefined {
  if (!/^https?:\/\//i.test(entry) || !URL.canParse(entry))
    return `"${entry}" is not the address of a script: write ${String(FEISHU_BUILDS[0])}`;
  const { protocol, hostname, host, username, password } = new URL(entry);
  // The address is sent to every page, so it is public.
  if (username || password) return `the address at ${host} holds a user name or password: remove it`;
  if (protocol === 'http:' && !allowHttp && !isLoopback(hostname))
    return `"${entry}" is plain http, which pages on https do not load: write https://${host}…`;
  return undefined;
}
