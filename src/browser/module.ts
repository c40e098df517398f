// Entry of lark-jsapi.mjs, for `import`: the module itself knows where it was loaded from.
import { createFactory } from './create-factory';
import { isInLark as isPageInLark, type Page } from './page';

const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);

export const create = createFactory(page, import.meta.url);
/** Whether the page is inside the Feishu or Lark client, or next to the simulated one. False on a server. */
export const isInLark = (): boolean => isPageInLark(page);
export type { ClientFailure, JsApiName, JsApiParams, JsApiResult, JsApis } from '../jsapis/js-apis';
export { LarkJsapiError, type Failure, type HelperProblem } from './lark-jsapi-error';
export type { Authorised, Lark, LarkOptions, LarkState } from './options';
