// One h5sdk.config as a promise: resolves when the client has authorised the page.
import { readClientFailure } from '../client-failures/read-client-failure';
import { explainUrl } from './explain-url';
import { LarkJsapiError } from './lark-jsapi-error';
import type { LarkOptions } from './options';
import { type H5Sdk, type Page, sdkOf } from './page';
import type { SignedConfig } from './read-signed-config';
import { withDeadline } from './timing';

/** The client asks its server; when it never calls back, a longer wait was never seen to help. */
const CONFIG_LIMIT_MS = 10_000;
/** h5sdk.error does not say which config it means: onSuccess and onFail, which do, get this long to speak first. */
const SDK_ERROR_GRACE_MS = 1_000;

const WHAT = 'The client did not authorise the page';

/** A function that hands the signature of a URL to the client. It rejects with a LarkJsapiError that carries the platform's code. */
export function createConfigure(
  page: Page,
  options: LarkOptions,
): (config: SignedConfig, url: string) => Promise<void> {
  let watched: H5Sdk | undefined;
  let onSdkError: (failure: unknown) => void;

  return async function configure(config, url) {
    const { appId, timestamp, nonceStr, signature, jsApiList } = config;
    const h5sdk = sdkOf(page);
    if (!h5sdk) throw new LarkJsapiError(WHAT, { problem: 'SDK_UNAVAILABLE' });
    const answered = new Promise<void>((resolve, reject) => {
      const onFail = (failure: unknown): void => {
        const read = readClientFailure(failure);
        const link = explainUrl(page, options.endpoint, url, config, read);
        reject(new LarkJsapiError(WHAT, Object.assign(read, { explainUrl: link })));
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
