// One h5sdk.config as a promise: resolves when the client has authorised the page.
import { LarkJsapiError } from './lark-jsapi-error';
import type { H5Sdk, Page } from './page';
import { readClientFailure } from './read-client-failure';
import type { SignedConfig } from './read-signed-config';
import { withDeadline } from './timing';

/** The client asks its server; when it never calls back, waiting longer has not been seen to help. */
const CONFIG_LIMIT_MS = 10_000;
/** h5sdk.error does not say which config it means: onSuccess and onFail, which do, get this long to speak first. */
const SDK_ERROR_GRACE_MS = 1_000;

const WHAT = 'The client did not authorise the page';

/** A function that hands a signature to the client. It rejects with a LarkJsapiError that carries the platform's code. */
export function createConfigure(page: Page): (config: SignedConfig) => Promise<void> {
  let watched: H5Sdk | undefined;
  let onSdkError: (failure: unknown) => void;

  return async function configure({ appId, timestamp, nonceStr, signature, jsApiList }) {
    const { h5sdk } = page;
    if (!h5sdk) throw new LarkJsapiError(WHAT, { problem: 'SDK_UNAVAILABLE' });
    const answered = new Promise<void>((resolve, reject) => {
      const onFail = (failure: unknown): void => {
        reject(new LarkJsapiError(WHAT, readClientFailure(failure)));
      };
      onSdkError = (failure) => {
        page.setTimeout(() => {
          onFail(failure);
        }, SDK_ERROR_GRACE_MS);
      };
      if (watched !== h5sdk) {
        h5sdk.error((failure) => {
          onSdkError(failure);
        });
        watched = h5sdk;
      }
      // Exactly these: whether the client tolerates further keys is unconfirmed.
      const onSuccess = (): void => {
        resolve();
      };
      const returned = h5sdk.config({ appId, timestamp, nonceStr, signature, jsApiList, onSuccess, onFail });
      Promise.resolve(returned).catch(onFail); // a version that returns a promise may reject it
    });
    return withDeadline(
      page,
      answered,
      CONFIG_LIMIT_MS,
      () => new LarkJsapiError(WHAT, { problem: 'TIMEOUT' }),
    );
  };
}
