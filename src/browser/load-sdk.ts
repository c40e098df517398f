// Loads the H5 SDK when the page has not loaded it.
import { findApi } from './call-api';
import { LarkJsapiError } from './lark-jsapi-error';
import { type Page, type ScriptElement, sdkOf } from './page';
import { withDeadline } from './timing';

/** A script of some 100 KB on a slow phone connection; after this time the next address is tried. */
const SCRIPT_LIMIT_MS = 8_000;

/**
 * Resolves once `h5sdk` is there. Tries `urls` in turn, each with a deadline; a script tag of the page's own that is
 * still loading is waited for first, because a second copy would replace the first together with its handlers.
 * Rejects with NOT_IN_LARK at once outside the client, otherwise with SDK_UNAVAILABLE.
 */
export async function loadSdk(page: Page, urls: readonly string[]): Promise<void> {
  // The objects are there outside the client too: of a simulator, or of a future user agent. Not `tt` itself, which may be an
  // element of that id; every client has this function.
  const isInLark =
    sdkOf(page) ?? findApi(page, 'requestAuthCode') ?? /Lark|Feishu/i.test(page.navigator.userAgent);
  if (!isInLark) throw new LarkJsapiError('JSAPIs are not available', { problem: 'NOT_IN_LARK' });
  if (sdkOf(page)) return;
  const { document } = page;
  const own = document.readyState === 'complete' ? null : document.querySelector('script[src*="h5-js-sdk"]');
  if (own) await loaded(page, own).catch(() => undefined);
  for (const url of urls) {
    if (sdkOf(page)) return;
    const script = document.createElement('script');
    script.src = url;
    script.async = true;
    const loading = loaded(page, script);
    document.head.appendChild(script);
    await loading.catch(() => {
      script.remove();
    });
  }
  if (!sdkOf(page)) {
    throw new LarkJsapiError('The H5 SDK cannot be loaded', {
      problem: 'SDK_UNAVAILABLE',
      detail: urls.join(' '),
    });
  }
}

function loaded(page: Page, script: ScriptElement): Promise<void> {
  const settled = new Promise<void>((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => {
      reject(new Error('error'));
    });
  });
  return withDeadline(page, settled, SCRIPT_LIMIT_MS, () => new Error('timeout'));
}
