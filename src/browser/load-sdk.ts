// Loads the H5 SDK when the page has not loaded it.
import { findApi } from './call-api';
import { LarkJsapiError, silence } from './lark-jsapi-error';
import { SCRIPT_LIMIT_MS } from './limits';
import { isInLark, type Page, type ScriptElement, sdkOf } from './page';
import { withDeadline } from './timing';

/**
 * Resolves once `h5sdk` is there. Tries `urls` in turn, each with a deadline; a script tag of the page's own that is
 * still loading is waited for first, because a second copy would replace the first together with its handlers.
 * Rejects with NOT_IN_LARK at once outside the client, otherwise with SDK_UNAVAILABLE.
 */
export async function loadSdk(page: Page, urls: readonly string[]): Promise<void> {
  if (sdkOf(page)) return;
  // Those of a simulator, or of a future user agent. Not `tt` itself, which may be an element of that id; every client has this function.
  if (!isInLark(page) && !findApi(page, 'requestAuthCode')) {
    throw new LarkJsapiError('JSAPIs are not available', silence(page, 'NOT_IN_LARK'));
  }
  const { document } = page;
  const own = document.readyState === 'complete' ? null : document.querySelector('script[src*="h5-js-sdk"]');
  if (own) await loaded(page, own).catch(() => undefined);
  for (const url of urls) {
    if (sdkOf(page)) return;
    await loadScript(page, url);
  }
  if (!sdkOf(page)) {
    throw new LarkJsapiError('The H5 SDK cannot be loaded', {
      problem: 'SDK_UNAVAILABLE',
      detail: urls.join(' '),
    });
  }
}

/** Resolves once the script at `url` ran, or did not load within 8 s: see whether what it brings is there. */
export function loadScript(page: Page, url: string): Promise<void> {
  const script = page.document.createElement('script');
  script.src = url;
  script.async = true;
  const loading = loaded(page, script);
  page.document.head.appendChild(script);
  return loading.catch(() => {
    script.remove();
  });
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
