// Authorises a page for the platform's web components: its URL without the query is signed and handed to `webComponent.config`.
import { CLIENT_CODES } from '../client-failures/client-codes';
import { readClientFailure } from '../client-failures/read-client-failure';
import { report } from './create-authorise';
import { LarkJsapiError } from './lark-jsapi-error';
import { APPEARS_WITHIN_MS, CONFIG_LIMIT_MS, LOOK_EVERY_MS } from './limits';
import { loadScript } from './load-sdk';
import type { Authorised } from './options';
import { memberOf, type Page } from './page';
import { requestSignature, WHAT as NOT_SIGNED } from './request-signature';
import { sleep, withDeadline } from './timing';

/**
 * The options of `authoriseComponents`.
 *
 * @experimental Nothing of web components was tried against the real platform.
 */
export type ComponentOptions = SharedOptions & (AsApp | AsUser);

interface SharedOptions {
  /** The components that the page renders, by the platform's names, as in `DocsComponent` and `user_profile`. */
  jsApiList: readonly string[];
  /** `cli_…`, where the reply does not carry it. */
  appId?: string | undefined;
  /** Address of the script that brings `webComponent`. Not used when the page has it. */
  sdkUrl?: string | undefined;
  /** Language of the components, as in `zh-CN`. */
  locale?: string | undefined;
  theme?: 'dark' | 'light' | undefined;
}

/** Signed by the service with a ticket of the app. The platform takes it for documents only, without editing, 100 times a minute. */
interface AsApp {
  /** Address of the signer. */
  endpoint: string;
  /** Alias or id of the app, where the signer has several. */
  app?: string | undefined;
  request?: undefined;
  openId?: undefined;
}

/** Signed by the app's own back end, which knows the signed-in user. */
interface AsUser {
  /**
   * Asks that back end, which calls `signer.signForUser`, and resolves to any reply shape of the signer. `pageUrl` is without query and
   * fragment. 30 s.
   */
  request: (pageUrl: string) => unknown;
  /** Of the user whose ticket signed. Default: `openId` of what `request` resolves to, bare or under `data`. */
  openId?: string | undefined;
  endpoint?: undefined;
  app?: undefined;
}

/** What is used of `window.webComponent`. */
interface WebComponents {
  config(parameters: object): unknown;
  /** Older builds may not have it. */
  onAuthError?(callback: (failure: unknown) => void): unknown;
}

const WHAT = 'The web components were not authorised';

/**
 * Authorises the page for web components: it signs, calls `webComponent.config`, and resolves when that has accepted, so that
 * `webComponent.render` can follow. Every call signs anew. It signs once more after a refusal that a fresh signature settles.
 * Rejects with a LarkJsapiError.
 */
export async function authoriseComponents(page: Page, options: ComponentOptions): Promise<Authorised> {
  const { endpoint, app, jsApiList, locale, theme } = options;
  const components = await findComponents(page, options.sdkUrl);
  let { openId } = options;
  // `openId` is no part of a signature.
  const request =
    options.request &&
    (async (pageUrl: string): Promise<unknown> => {
      const reply = await options.request(pageUrl);
      const { data, openId: ofReply = memberOf(Object(data), 'openId') } = Object(reply) as Fields;
      openId = options.openId ?? (ofReply as string | undefined);
      return reply;
    });

  for (let attempt = 1; ; attempt++) {
    const url = withoutQuery(page.location.href);
    const signed = await requestSignature(page, { endpoint, app, request, kind: 'component' }, url);
    const { timestamp, nonceStr, signature, appId = options.appId } = signed;
    if (!appId) throw new LarkJsapiError(NOT_SIGNED, { problem: 'APP_ID_MISSING', cause: signed });
    const parameters = { openId, appId, timestamp, nonceStr, signature, url, jsApiList, locale, theme };
    try {
      // Without those that were left out: whether the platform's script tolerates undefined is unconfirmed.
      await configure(page, components, withoutUndefined(parameters));
      return { appId: appId as string, url };
    } catch (error) {
      const next = CLIENT_CODES[Number((error as LarkJsapiError).code)]?.attempt;
      if (attempt > 1 || (next !== 'sign' && next !== 'report')) throw error;
      if (next === 'report') await report(page, { endpoint, app }, url, signed);
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Documented for web components: their URL carries no query either. */
function withoutQuery(url: string): string {
  return url.replace(/[?#][^]*/, '');
}

function withoutUndefined(parameters: Fields): Fields {
  return JSON.parse(JSON.stringify(parameters)) as Fields;
}

/** `webComponent`, once it is the platform's: loaded from `sdkUrl` when the page has none. */
async function findComponents(page: Page, sdkUrl: string | undefined): Promise<WebComponents> {
  const find = (): WebComponents | undefined => {
    const found = memberOf(page, 'webComponent');
    // Not an element with that id.
    return typeof memberOf(found, 'config') === 'function' ? (found as WebComponents) : undefined;
  };
  if (!find() && sdkUrl !== undefined) await loadScript(page, sdkUrl);
  // The script may put it in place a moment after it ran, and a tag of the page's own may still be loading.
  for (let waitedMs = 0; !find() && waitedMs < APPEARS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(page, LOOK_EVERY_MS);
  }
  const found = find();
  if (found) return found;
  const detail = sdkUrl ?? 'window.webComponent is missing: load its script first.';
  throw new LarkJsapiError('Web components are not available', { problem: 'SDK_UNAVAILABLE', detail });
}

/** One `webComponent.config`. Refusals come as a rejection, or through `onAuthError`, whichever is first. */
function configure(page: Page, components: WebComponents, parameters: object): Promise<unknown> {
  const answered = new Promise((resolve, reject) => {
    const fail = (failure: unknown): void => {
      reject(new LarkJsapiError(WHAT, readClientFailure(failure)));
    };
    if (components.onAuthError) components.onAuthError(fail);
    Promise.resolve(parameters)
      .then((given) => components.config(given))
      .then(resolve, fail);
  });
  return withDeadline(
    page,
    answered,
    CONFIG_LIMIT_MS,
    () => new LarkJsapiError(WHAT, { problem: 'TIMEOUT' }),
  );
}
