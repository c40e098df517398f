// Where the page is open: in the client, beside the simulated platform's stand-in for it, or in an ordinary browser.

/** Behind it the service redirects to the n-th SDK it is configured with. */
const sdkPath = (index) => `h5-sdk.js?try=${index}`;
/** More addresses than a service is configured with. */
const MAX_SDKS = 5;
/** Where the simulated platform serves its stand-in. */
const STAND_IN_PATH = '/sandbox/h5-sdk.js';

/** `lark`, `simulated` or `outside`. Loads the stand-in, where there is one: with it any browser is a client. */
export async function findClient() {
  const client = await locateClient();
  return client !== 'simulated' || (await loadSdk()) ? client : 'outside';
}

/** `lark`, `simulated` or `outside`; loads nothing. */
export async function locateClient() {
  if (/Lark|Feishu/i.test(navigator.userAgent)) return 'lark';
  return (await isStandIn()) ? 'simulated' : 'outside';
}

/** Loads the first SDK that can be had, unless the page has one. Resolves with whether there is one, before a task of the SDK's runs. */
export async function loadSdk() {
  for (let index = 0; !window.h5sdk && index < MAX_SDKS; index += 1) await loadScript(sdkPath(index));
  return Boolean(window.h5sdk);
}

/** The redirect itself is hidden from pages; the address it ended at is not. */
async function isStandIn() {
  const controller = new AbortController();
  try {
    const { url } = await fetch(sdkPath(0), { signal: controller.signal });
    return new URL(url).pathname === STAND_IN_PATH;
  } catch {
    return false;
  } finally {
    // Where it ended is all that was asked: the script itself is not read.
    controller.abort();
  }
}

function loadScript(path) {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = path;
    script.addEventListener('load', resolve);
    script.addEventListener('error', resolve);
    document.head.append(script);
  });
}
