// Where the page is open: in the client, beside the simulated platform's stand-in for it, or in an ordinary browser.
/* global AbortController, document, navigator */

/** Behind it the service redirects to the SDK it is configured with. */
const SDK_PATH = 'h5-sdk.js?try=0';
/** Where the simulated platform serves its stand-in. */
const STAND_IN_PATH = '/sandbox/h5-sdk.js';

/** `lark`, `simulated` or `outside`. Loads the stand-in, where there is one: with it any browser is a client. */
export async function findClient() {
  if (/Lark|Feishu/i.test(navigator.userAgent)) return 'lark';
  return (await isStandIn()) && (await loadStandIn()) ? 'simulated' : 'outside';
}

/** The redirect itself is hidden from pages; the address it ended at is not. */
async function isStandIn() {
  const controller = new AbortController();
  try {
    const { url } = await fetch(SDK_PATH, { signal: controller.signal });
    return new URL(url).pathname === STAND_IN_PATH;
  } catch {
    return false;
  } finally {
    // Where it ended is all that was asked: the script itself is not read.
    controller.abort();
  }
}

function loadStandIn() {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = SDK_PATH;
    script.addEventListener('load', () => resolve(true));
    script.addEventListener('error', () => resolve(false));
    document.head.append(script);
  });
}
