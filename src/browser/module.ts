// Entry of lark-jsapi-signer/browser, and without web components of lark-jsapi.mjs: the module itself knows where it was loaded from.
import { authoriseComponents as authorise, type ComponentOptions } from './authorise-components';
import { createFactory } from './create-factory';
import { LarkJsapiError } from './lark-jsapi-error';
import type { Authorised } from './options';
import { isInLark as isPageInLark, type Page } from './page';

const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);

export const create = createFactory(page, import.meta.url);
/** Whether the page is inside the Feishu or Lark client, or next to the simulated one. False on a server. */
export const isInLark = (): boolean => isPageInLark(page);

/**
 * Authorises the page for web components, also outside the client: signs its URL without the query and hands the signature to
 * `webComponent.config`. With `endpoint` the signer signs as the app, for documents; with `request` the app's own back end signs for its
 * user. Resolves when the platform's script has accepted; rejects with a LarkJsapiError.
 *
 * @experimental Nothing of web components was tried against the real platform: the options may change with what that shows.
 * @example await authoriseComponents({ request: (url) => askOwnBackEnd(url), jsApiList: ['user_profile'] });
 */
export async function authoriseComponents(options: ComponentOptions): Promise<Authorised> {
  if (!page) throw new LarkJsapiError('There is no page on a server', { problem: 'SDK_UNAVAILABLE' });
  return authorise(page, options);
}

export type { ComponentOptions } from './authorise-components';
export type { ClientFailure, JsApiName, JsApiParams, JsApiResult, JsApis } from '../jsapis/js-apis';
export type { Failure, HelperProblem } from './lark-jsapi-error';
export { LarkJsapiError };
export type { Authorised, Lark, LarkOptions, LarkState } from './options';
