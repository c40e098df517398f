// One JSAPI call as a promise, whichever object it lives on and whichever callbacks it takes.
import { readClientFailure } from '../client-failures/read-client-failure';
import { LarkJsapiError, silence } from './lark-jsapi-error';
import { APPEARS_WITHIN_MS, LOOK_EVERY_MS } from './limits';
import { type ClientApi, memberOf, type Page } from './page';
import { sleep, withDeadline } from './timing';

/**
 * Calls `name` (`scanCode`, `tt.scanCode`: on `tt`, with success and fail; `biz.util.scan`: on `h5sdk`, with onSuccess
 * and onFail) and resolves to its result. Callbacks among `parameters` are replaced.
 */
export async function callApi(
  page: Page,
  name: string,
  parameters: object,
  limitMs: number,
): Promise<unknown> {
  const what = `${name} failed`;
  let api = findApi(page, name);
  for (let waitedMs = 0; !api && waitedMs < APPEARS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(page, LOOK_EVERY_MS);
    api = findApi(page, name);
  }
  const found = api;
  if (!found) throw new LarkJsapiError(what, Object.assign(silence(page, 'API_MISSING'), { api: name }));
  const answered = new Promise((resolve, reject) => {
    const fail = (failure: unknown): void => {
      reject(new LarkJsapiError(what, Object.assign(readClientFailure(failure, false), { api: name })));
    };
    try {
      // `success` and `fail` besides, because some functions of h5sdk take those instead.
      const older = { onSuccess: resolve, onFail: fail };
      found.call(Object.assign({}, parameters, { success: resolve, fail }, found.isOlder && older));
    } catch (thrown) {
      fail(thrown);
    }
  });
  const onLimit = (): Error =>
    new LarkJsapiError(what, Object.assign(silence(page, 'TIMEOUT'), { api: name }));
  return withDeadline(page, answered, limitMs, onLimit);
}

/** `name` without the object that it may begin with. */
export function plainName(name: string): string {
  return name.replace(/^(tt|h5sdk)\./, '');
}

/** The function behind `name`, or undefined: dotted names on h5sdk first, plain ones on tt. */
export function findApi(page: Page, name: string): { call: ClientApi; isOlder: boolean } | undefined {
  const path = plainName(name);
  const folders = path.split('.').slice(0, -1);
  const last = path.replace(/.*\./, '');
  const roots = folders.length ? [page.h5sdk, page.tt] : [page.tt, page.h5sdk];
  for (const root of roots) {
    let owner: unknown = root;
    for (const folder of folders) owner = memberOf(owner, folder);
    const api = memberOf(owner, last);
    if (typeof api === 'function') {
      return {
        call: (parameters) => (api as ClientApi).call(owner, parameters),
        isOlder: root === page.h5sdk,
      };
    }
  }
  return undefined;
}
