// The machine's Chromium, headless, as the client's web view shows itself.
import { execFileSync } from 'node:child_process';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

/** Nothing that reaches for the network or the machine of its own accord. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const USER_AGENT = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Lark/7.0';

/** Starts Chromium with a profile of its own. `through` is a program that starts it in its place. */
export function launchChromium(through?: string): Promise<Browser> {
  const executablePath = through ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: QUIET });
}

/**
 * One Chromium for the tests of a `describe`, from its first `beforeAll` on; call it before other hooks. After each test what it left
 * open is closed.
 */
export function useChromium(): { readonly browser: Browser } {
  let browser: Browser | undefined;
  const own = {
    get browser() {
      if (!browser) throw new Error('Chromium is started by a hook: use it in hooks and tests');
      return browser;
    },
  };
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    const contexts = own.browser.contexts();
    // A request of a page may be under way still, the longer the busier the machine is.
    const pages = contexts.flatMap((context) => context.pages());
    await Promise.all(pages.map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
    await Promise.all(contexts.map((context) => context.close()));
  });
  afterAll(() => browser?.close());
  return own;
}

/** How long a page waits for something: below a test's own limit, so that a failure says what was waited for. A busy machine stalls Chromium for more than 10 s. */
export const PAGE_WAIT_LIMIT_MS = 30_000;

/** A fresh profile whose user agent is the client's. */
export async function newClient(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ userAgent: USER_AGENT });
  context.setDefaultTimeout(PAGE_WAIT_LIMIT_MS);
  return context;
}
