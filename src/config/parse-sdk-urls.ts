// H5_SDK_URL, and h5SdkUrls of the library: where the platform's H5 SDK comes from, in the order in which it is tried.
import { isLoopback } from './parse-platform-base-url';
import { parseList } from './parse-values';

/** Documented for Feishu; private deployments are assumed to carry the same client. */
const FEISHU_BUILDS = ['https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.44.js'];

/**
 * No document names a build for Lark. Assumption: the host that serves outside of China too, which pages for Lark are seen
 * to use, and after it the build for Feishu. Operators who know better set H5_SDK_URL.
 */
const LARK_BUILDS = ['https://lf1-cdn-tos.bytegoofy.com/goofy/lark/op/h5-js-sdk-1.5.45.js', ...FEISHU_BUILDS];

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
