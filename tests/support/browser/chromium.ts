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

/** How long a page waits for something: below a test's own limit, so that a failure says what was waited for. A busy machine stalls Chromium for more than 10 s. */
export const PAGE_WAIT_LIMIT_MS = 30_000;

/** A fresh profile whose user agent is the client's. */
export async function newClient(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ userAgent: USER_AGENT });
  context.setDefaultTimeout(PAGE_WAIT_LIMIT_MS);
  return context;
}
