// One h5sdk.config as a promise: resolves when the client has authorised the page.
import { readClientFailure } from '../client-failures/read-client-failure';
import { explainUrl } from './explain-url';
import { LarkJsapiError, silence } from './lark-jsapi-error';
import { CONFIG_LIMIT_MS, OUTSIDE_LIMIT_MS, READY_LIMIT_MS, SDK_ERROR_GRACE_MS } from './limits';
import type { LarkOptions } from './options';
import { type H5Sdk, isInLark, type Page, sdkOf } from './page';
import type { SignedConfig } from './read-signed-config';
import { withDeadline } from './timing';

const WHAT = 'The client did not authorise the page';

/** A function that hands the signature of a URL to the client. It rejects with a LarkJsapiError that carries the platform's code. */
export function createConfigure(
  page: Page,
  options: LarkOptions,
): (config: SignedConfig, url: string) => Promise<void> {
  let watched: H5Sdk | undefined;
  let onSdkError: (failure: unknown) => void;

  return async function configure(config, url) {
    const h5sdk = sdkOf(page);
    if (!h5sdk) throw new LarkJsapiError(WHAT, { problem: 'SDK_UNAVAILABLE' });
    const isInside = isInLark(page);
    if (watched !== h5sdk) {
      h5sdk.error((failure) => {
        onSdkError(failure);
      });
      watched = h5sdk;
      if (isInside) await initialised(page, h5sdk);
    }
    const answered = new Promise<void>((resolve, reject) => {
      const onFail = (failure: unknown): void => {
        const read = readClientFailure(failure);
        const link = explainUrl(page, options.endpoint, url, config, read);
        reject(
          new LarkJsapiError(
            WHAT,
            Object.assign(read, !isInside && !read.code && silence(page, 'TIMEOUT'), { explainUrl: link }),
          ),
        );
      };
      onSdkError = (failure) => {
        page.setTimeout(() => {
          onFail(failure);
        }, SDK_ERROR_GRACE_MS);
      };
      // Exactly these: whether the client tolerates further keys is unconfirmed.
      const onSuccess = (): void => {
        resolve();
      };
      const returned = h5sdk.config(Object.assign({ onSuccess, onFail }, config));
      Promise.resolve(returned).catch(onFail); // a version that returns a promise may reject it
    });
    return withDeadline(
      page,
      answered,
      isInside ? CONFIG_LIMIT_MS : OUTSIDE_LIMIT_MS,
      () => new LarkJsapiError(WHAT, silence(page, 'TIMEOUT')),
    );
  };
}

/** Resolves when `h5sdk.ready` fires, and in any case within three seconds. */
function initialised(page: Page, h5sdk: H5Sdk): Promise<unknown> {
  const fired = new Promise<void>((resolve) => {
    h5sdk.ready(resolve);
  });
  // Without such a function too.
  return withDeadline(page, fired, READY_LIMIT_MS, () => new Error()).catch(() => undefined);
}
