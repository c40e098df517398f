// The demo and a browser that opens its page, for tests of what people see.
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { systemClock } from '../../src/base/clock';
import { runDemo, type Demo } from '../../src/cli/demo';
import type { ServiceOverrides } from '../../src/service';
import { PAGE_WAIT_LIMIT_MS } from './browser/chromium';

/** The helper as the build makes it, so that the tests need no build before them. */
const HELPER = buildSync({
  entryPoints: [join(__dirname, '..', '..', 'src', 'browser', 'global.ts')],
  tsconfig: join(__dirname, '..', '..', 'src', 'browser', 'tsconfig.json'),
  bundle: true,
  format: 'iife',
  target: 'es2017',
  write: false,
}).outputFiles[0]!.text;

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
  await context.route('**/lark-jsapi.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: HELPER }),
  );
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
