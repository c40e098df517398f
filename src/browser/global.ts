// Entry of lark-jsapi.js, the classic script: sets the global LarkJsapi itself, so its bundle needs no global name.
import { createFactory } from './create-factory';
import { LarkJsapiError } from './lark-jsapi-error';
import type { Page } from './page';

const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);
// Only while a classic script runs does the document say which one it is.
const script = page && (document.currentScript as HTMLScriptElement | null);

export const create = createFactory(page, script?.src);
export { LarkJsapiError };

if (page) Object.assign(page, { LarkJsapi: { create, LarkJsapiError } });
