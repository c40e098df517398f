// Has a real Chromium read the addresses that were signed for: its URL parser, its links and, for some, its address bar.
import type { Browser } from 'playwright-core';

/**
 * Those `pages` whose origin Chromium sees in another way than `new URL(page).origin` of this process, and how. All are read, and
 * about `visits` are gone to, which takes some 20 ms each. No network is used.
 */
export async function judgeInChromium(
  browser: Browser,
  pages: readonly string[],
  visits = 100,
): Promise<string[]> {
  const context = await browser.newContext();
  try {
    // Every address is answered here: nothing leaves the browser.
    await context.route(/.*/, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    const page = await context.newPage();
    const read = await page.evaluate((urls) => {
      const { document, URL: Parser } = globalThis as unknown as {
        document: { createElement(name: string): { href: string; origin: string } };
        URL: typeof URL;
      };
      return urls.map((url) => {
        const link = document.createElement('a');
        link.href = url;
        return [Parser.canParse(url) ? new Parser(url).origin : 'none', link.origin] as const;
      });
    }, pages);
    const differences = pages.flatMap((url, index) => {
      const ours = new URL(url).origin;
      const [parsed, linked] = read[index] ?? [];
      return parsed === ours && linked === ours
        ? []
        : [`${url}: ${ours} here, ${String(parsed)} and ${String(linked)} there`];
    });
    const every = Math.max(1, Math.floor(pages.length / visits));
    for (const url of pages.filter((_, index) => index % every === 0)) {
      await page.goto(url, { waitUntil: 'commit' });
      const origin = await page.evaluate('location.origin');
      if (origin !== new URL(url).origin) differences.push(`${url}: ${String(origin)} in the address bar`);
    }
    return differences;
  } finally {
    await context.close();
  }
}
