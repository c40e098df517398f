// Authorises the page for one URL: sign, configure, and one second attempt where the refusal says how.
import { findCheckedUrl } from '../client-failures/checked-url';
import { CLIENT_CODES } from '../client-failures/client-codes';
import { createConfigure } from './configure';
import { LarkJsapiError } from './lark-jsapi-error';
import { REPORT_LIMIT_MS } from './limits';
import type { LarkOptions } from './options';
import { isOwnUrl, type Page, withoutFragment } from './page';
import type { SignedConfig } from './read-signed-config';
import { postJson, requestSignature, WHAT } from './request-signature';
import { sleep } from './timing';

/**
 * A function that authorises the page for `url` and resolves to what the client accepted, or to undefined when `isStale` came true
 * meanwhile (the URL changed, so the signature is useless). It signs twice at most.
 */
export function createAuthorise(
  page: Page,
  options: LarkOptions,
  landingUrl: string,
): (url: string, isStale: () => boolean) => Promise<SignedConfig | undefined> {
  const configure = createConfigure(page, options);
  /** A URL that the client accepted in place of the chosen one, kept for the page's life. */
  let learnedUrl = '';

  async function sign(url: string): Promise<SignedConfig> {
    const config = await requestSignature(page, options, url);
    const { jsApiList: ofReply = [] } = config;
    const { jsApiList = ofReply } = options;
    const { appId = options.appId } = config;
    if (!appId) throw new LarkJsapiError(WHAT, { problem: 'APP_ID_MISSING', cause: config });
    return Object.assign(config, { appId, jsApiList });
  }

  return async function authorise(url, isStale) {
    const chosenUrl = withoutFragment(options.signUrl ? options.signUrl(url) : url);
    const firstUrl = learnedUrl || chosenUrl;
    const first = await sign(firstUrl);
    if (isStale()) return undefined;
    let secondUrl: string | undefined;
    try {
      await configure(first, firstUrl);
      return first;
    } catch (error) {
      const { code, detail } = error as LarkJsapiError;
      const { attempt } = CLIENT_CODES[Number(code)] ?? {};
      if (attempt === 'report') await report(page, options, firstUrl, first);
      if (attempt === 'report' || attempt === 'sign') secondUrl = firstUrl;
      if (attempt === 'url') {
        learnedUrl = '';
        secondUrl = otherUrl(page, detail, firstUrl, [landingUrl, chosenUrl]);
      }
      if (secondUrl === undefined) throw error;
    }
    if (isStale()) return undefined;
    const second = await sign(secondUrl);
    if (isStale()) return undefined;
    await configure(second, secondUrl);
    if (secondUrl !== firstUrl && secondUrl !== chosenUrl) learnedUrl = secondUrl;
    return second;
  };
}

/** The URL the client says it checked, when it is of this origin, else the first of `others`; never the one signed. */
function otherUrl(page: Page, detail: string, signedUrl: string, others: string[]): string | undefined {
  const [, checked] = findCheckedUrl(detail);
  const own = isOwnUrl(page, checked) ? [checked] : [];
  return own.concat(others).find((url) => url !== signedUrl);
}

/** Reports to the signer that the client refused its ticket. Waits briefly for the reply, and never fails. */
export async function report(
  page: Page,
  options: Pick<LarkOptions, 'endpoint' | 'app' | 'tenantKey'>,
  url: string,
  config: SignedConfig,
): Promise<void> {
  const { endpoint, app, tenantKey } = options;
  if (endpoint === undefined) return;
  const body = Object.assign({ tenantKey, url, errorCode: 333442 }, config, { jsApiList: undefined });
  const query = app ? `?app=${encodeURIComponent(app)}` : '';
  const sent = page.fetch(`${endpoint}/report${query}`, Object.assign(postJson(body), { keepalive: true }));
  await Promise.race([sent.catch(() => undefined), sleep(page, REPORT_LIMIT_MS)]);
}
