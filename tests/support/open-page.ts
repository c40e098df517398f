// The demo and a browser that opens its page, for tests of what people see.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { systemClock } from '../../src/base/clock';
import { runDemo, type Demo } from '../../src/cli/demo';
import type { ServiceOverrides } from '../../src/service';
import { PAGE_WAIT_LIMIT_MS } from './browser/chromium';

/** A demo on a free port. */
export function startDemo(
  settings: Record<string, string> = {},
  overrides: ServiceOverrides = {},
): Promise<Demo> {
  return runDemo({
    port: 0,
    // Refusals are what some tests are about.
    settings: { LOG_LEVEL: 'error', ...settings },
    clock: systemClock,
    print: () => undefined,
    overrides,
  });
}

export interface OpenPage {
  readonly page: Page;
  /** What went wrong in the page: errors of scripts, refused resources, violations of the Content-Security-Policy. */
  readonly complaints: string[];
  /** Waits; the text of the first visible element that matches, once it contains `text`. */
  see: (selector: string, text: string | RegExp) => Promise<string>;
}

/** Opens the page of a service, such as a demo, in a context of its own. */
export async function openPage(
  browser: Browser,
  { baseUrl }: { baseUrl: string },
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  context.setDefaultTimeout(PAGE_WAIT_LIMIT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${baseUrl}/`);
  return {
    page,
    complaints,
    async see(selector, text) {
      const found = page.locator(selector).filter({ hasText: text, visible: true }).first();
      await found.waitFor();
      return (await found.textContent()) ?? '';
    },
  };
}
