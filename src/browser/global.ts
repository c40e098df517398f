// Entry of lark-jsapi.js, the classic script: sets the global LarkJsapi itself, so its bundle needs no global name.
import { createFactory } from './create-factory';
import { LarkJsapiError } from './lark-jsapi-error';
import { isInLark as isPageInLark, type Page } from './page';

const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);

/**
 * Only while a classic script runs does the document say which one it is. An `<img name="currentScript">` in what users wrote takes
 * that place on the document; behind it the prototype still has the script. The document comes first, because loaders of micro
 * front ends put the tag that they replace there.
 */
const scripts: unknown[] = page
  ? [document.currentScript, Reflect.get(Document.prototype, 'currentScript', document)]
  : [];
const script = scripts.find((element) => element instanceof HTMLScriptElement);

export const create = createFactory(page, script?.src);
/** Whether the page is inside the Feishu or Lark client, or next to the simulated one. */
export const isInLark = (): boolean => isPageInLark(page);
export { LarkJsapiError };

if (page) Object.assign(page, { LarkJsapi: { create, isInLark, LarkJsapiError } });
