// Authorises the page for one URL: sign, configure, and one second attempt where the refusal says how.
import { splitCheckedUrl } from '../client-failures/checked-url';
import { createConfigure } from './configure';
import type { LarkJsapiError } from './lark-jsapi-error';
import type { LarkOptions } from './options';
import { type Page, withoutFragment } from './page';
import type { SignedConfig } from './read-signed-config';
import { postJson, requestSignature } from './request-signature';
import { sleep } from './timing';

/** The report makes the signer check its ticket; after a reply within this time the second signature uses a newer ticket. */
const REPORT_LIMIT_MS = 1_000;

/**
 * A function that authorises the page for `url` and resolves to the app id, or to undefined when `isStale` came true
 * meanwhile (the URL changed, so the signature is useless). It signs twice at most.
 */
export function createAuthorise(
  page: Page,
  options: LarkOptions,
  landingUrl: string,
): (url: string, isStale: () => boolean) => Promise<string | undefined> {
  const configure = createConfigure(page, options);
  /** A URL that the client accepted in place of the chosen one, kept for the page's life. */
  let learnedUrl: string | undefined;

  async function sign(url: string): Promise<SignedConfig> {
    const config = await requestSignature(page, options, url);
    const jsApiList = options.jsApiList ?? config.jsApiList ?? [];
    return Object.assign(config, { appId: config.appId ?? options.appId, jsApiList });
  }

  return async function authorise(url, isStale) {
    const chosenUrl = withoutFragment(options.signUrl ? options.signUrl(url) : url);
    const firstUrl = learnedUrl ?? chosenUrl;
    const first = await sign(firstUrl);
    if (isStale()) return undefined;
    let secondUrl: string | undefined;
    try {
      await configure(first, firstUrl);
      return String(first.appId);
    } catch (error) {
      const { code, detail } = error as LarkJsapiError;
      if (code === 333443 || code === 333444) secondUrl = firstUrl;
      if (code === 333442) {
        await report(page, options, firstUrl, first);
        secondUrl = firstUrl;
      }
      if (code === 333441) {
        learnedUrl = undefined;
        secondUrl = otherUrl(page, detail, firstUrl, [landingUrl, chosenUrl]);
      }
      if (secondUrl === undefined) throw error;
    }
    if (isStale()) return undefined;
    const second = await sign(secondUrl);
    if (isStale()) return undefined;
    await configure(second, secondUrl);
    if (secondUrl !== firstUrl && secondUrl !== chosenUrl) learnedUrl = secondUrl;
    return String(second.appId);
  };
}

/** The URL the client says it checked, when it is of this origin, else the first of `others`; never the one signed. */
function otherUrl(page: Page, detail: string, signedUrl: string, others: string[]): string | undefined {
  const { url: checked } = splitCheckedUrl(detail);
  const { origin } = page.location;
  // The next character closes the host: https://h.cn must not pass for https://h.cn.evil.com.
  const isOwn = checked?.startsWith(origin) && /^[/?]?$/.test(checked.charAt(origin.length));
  return [isOwn ? checked : undefined].concat(others).find((url) => url !== undefined && url !== signedUrl);
}

/** Reports to the signer that the client refused its ticket. Waits briefly for the reply, and never fails. */
async function report(page: Page, options: LarkOptions, url: string, config: SignedConfig): Promise<void> {
  const { endpoint, app, tenantKey } = options;
  if (endpoint === undefined) return;
  const { appId, timestamp, nonceStr, signature } = config;
  const body = { appId, tenantKey, url, timestamp, nonceStr, signature, errorCode: 333442 };
  const query = app ? `?app=${encodeURIComponent(app)}` : '';
  const sent = page.fetch(`${endpoint}/report${query}`, Object.assign(postJson(body), { keepalive: true }));
  await Promise.race([sent.catch(() => undefined), sleep(page, REPORT_LIMIT_MS)]);
}
