// A page under development on a port of its own, beside the demo: authorised with nothing but the lines that the demo prints.
import type { Browser } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import { runDemo, type Demo } from '../../../src/cli/demo';
import { checked, type PageWindow } from '../../support/browser/browser-world';
import { bundleHelper } from '../../support/browser/bundle-helper';
import { launchChromium, newClient } from '../../support/browser/chromium';
import { startPageServer, type PageServer } from '../../support/browser/page-server';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

describeWith('chromium', 'a page on another port of this machine', () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  beforeAll(async () => {
    const printed: string[] = [];
    browser = await launchChromium();
    demo = await runDemo({
      port: 0,
      settings: { LOG_LEVEL: 'silent', SHUTDOWN_GRACE_MS: '0' },
      clock: systemClock,
      print: (line) => void printed.push(line),
    });
    pages = await startPageServer();
    pages.allowed = [demo.baseUrl, demo.platform.url];
    pages.scripts = [...printed.join('\n').matchAll(/<script src="([^"]+)">/g)].map(
      ([, address]) => address!,
    );
  });
  afterAll(async () => {
    await browser.close();
    await pages.close();
    await demo.close();
  });

  it.each(['127.0.0.1', 'localhost'])('is authorised at %s', async (name) => {
    expect(pages.scripts).toHaveLength(2);
    const context = await newClient(browser);
    // As the service serves it once it is built.
    await context.route(`${demo.baseUrl}/lark-jsapi.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: bundleHelper() }),
    );
    const page = await context.newPage();
    const url = `${pages.origin.replace('127.0.0.1', name)}/orders?id=42`;
    await page.goto(url);
    const called = await page.evaluate(async () => {
      try {
        return await window.LarkJsapi.create({ jsApiList: ['scanCode'] }).call('scanCode');
      } catch (error) {
        return { message: String(error) };
      }
    });
    expect(called).toMatchObject({ result: 'https://example.com/scanned' });
    expect(await checked(page)).toEqual([{ url, errCode: 0 }]);
    await context.close();
  });
});
