// A page under development on a port of its own, beside the demo: authorised with nothing but the lines that the demo prints.
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { systemClock } from '../../../src/base/clock';
import { runDemo, type Demo } from '../../../src/cli/demo';
import { checked, type PageWindow } from '../../support/browser/browser-world';
import { newClient, useChromium } from '../../support/browser/chromium';
import { startPageServer, type PageServer } from '../../support/browser/page-server';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

/** What a page of a bundler has: the helper and the fake client from the package, the first of them called with `endpoint`. */
const BUNDLE = buildSync({
  stdin: {
    contents: "export * from './browser/module'; export * from './testing/install-fake-client';",
    resolveDir: join(__dirname, '../../../src'),
  },
  ...{ bundle: true, write: false, format: 'iife', globalName: 'bundled', target: 'es2017' },
  define: { 'import.meta.url': 'undefined' },
}).outputFiles[0]!.text;
declare const bundled: {
  create(options: object): ReturnType<PageWindow['LarkJsapi']['create']>;
  installFakeClient(options: object): () => void;
};

describeWith('chromium', 'a page on another port of this machine', () => {
  const chromium = useChromium();
  let demo: Demo;
  let pages: PageServer;
  let printed: string[];
  beforeAll(async () => {
    printed = [];
    demo = await runDemo({
      port: 0,
      settings: { LOG_LEVEL: 'silent', SHUTDOWN_GRACE_MS: '0' },
      clock: systemClock,
      print: (line) => void printed.push(line),
    });
    pages = await startPageServer();
    pages.allowed = [demo.baseUrl, demo.platform.url];
  });
  beforeEach(() => {
    pages.scripts = [...printed.join('\n').matchAll(/<script src="([^"]+)">/g)].map(
      ([, address]) => address!,
    );
  });
  afterAll(async () => {
    await pages.close();
    await demo.close();
  });

  it.each(['127.0.0.1', 'localhost'])('is authorised at %s', async (name) => {
    expect(pages.scripts).toHaveLength(2);
    const context = await newClient(chromium.browser);
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
  });

  it('is authorised with the first line alone, and the helper in its own bundle', async () => {
    pages.scripts.splice(1);
    const context = await newClient(chromium.browser);
    const page = await context.newPage();
    const url = `${pages.origin.replace('127.0.0.1', 'localhost')}/orders?id=43`;
    await page.goto(url);
    await page.evaluate(BUNDLE);
    const scanned = await page.evaluate(
      (endpoint) => bundled.create({ endpoint }).call('scanCode'),
      demo.baseUrl,
    );
    expect(scanned).toMatchObject({ result: 'https://example.com/scanned' });
    expect(await checked(page)).toEqual([{ url, errCode: 0 }]);
  });

  it('is authorised in a browser without any line, by the fake client, which has its signature checked', async () => {
    pages.scripts = [];
    const context = await chromium.browser.newContext();
    const page = await context.newPage();
    const url = `${pages.origin.replace('127.0.0.1', 'localhost')}/orders?id=44`;
    await page.goto(url);
    await page.evaluate(BUNDLE);
    const outcome = await page.evaluate(
      async ([endpoint, verify]) => {
        const undo = bundled.installFakeClient({ verify, answers: { scanCode: { result: 'A-1' } } });
        const lark = bundled.create({ endpoint });
        const scanned = await lark.call('scanCode');
        const configs = window.__larkStandIn?.configs;
        undo();
        const after = await lark
          .call('scanCode')
          .catch((error: unknown) => ({ problem: (error as { problem: string }).problem }));
        return { scanned, configs, after };
      },
      [demo.baseUrl, demo.platform.url],
    );
    expect(outcome).toMatchObject({
      scanned: { result: 'A-1' },
      configs: [{ url, errCode: 0 }],
      after: { problem: 'NOT_IN_LARK' },
    });
  });
});
