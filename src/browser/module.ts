// Entry of lark-jsapi.mjs, for `import`: the module itself knows where it was loaded from.
import { createFactory } from './create-factory';
import type { Page } from './page';

const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);

export const create = createFactory(page, import.meta.url);
export { LarkJsapiError, type Failure, type HelperProblem } from './lark-jsapi-error';
export type { Authorised, Lark, LarkOptions, LarkState } from './options';
