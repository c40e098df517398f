// The forms in which clients hand a failure over, in a browser: the second attempt works in each, and what is not the client is told apart from it.
import type { Page } from 'playwright-core';
import { readPublicFile } from '../../../src/base/package-files';
import {
  checked,
  useBrowserWorlds,
  type BrowserWorld,
  type PageWindow,
} from '../../support/browser/browser-world';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow & { readonly navigator: { readonly userAgent: string } };

/** The form of current clients, that of earlier ones, and text without any code. */
const FORMS = ['errString', 'errCode', 'words'];

describeWith('chromium', 'a page in a client', () => {
  const chromium = useChromium();
  const startWorld = useBrowserWorlds(chromium);
  let world: BrowserWorld;

  const start = async (standIn: string): Promise<BrowserWorld> =>
    (world = await startWorld({ standIn, scripts: ['sdk', 'lark-jsapi'] }));
  const codesOf = async (page: Page): Promise<number[]> =>
    (await checked(page)).map(({ errCode }) => errCode);

  describe.each(FORMS)('that says what is wrong as %s', (form) => {
    test('signs the URL the client names after 333441', async () => {
      const { asked, pages } = await start(`failure=${form}&verify=landing`);
      const page = await world.open('/in?code=abc&state=1');
      await page.evaluate(() => window.history.pushState(null, '', '/home'));
      expect(await world.ready(page)).toMatchObject({ url: `${pages.origin}/home` });
      expect(await codesOf(page)).toEqual([333441, 0]);
      expect(asked).toEqual([`${pages.origin}/home`, `${pages.origin}/in?code=abc&state=1`]);
    });

    test('reports a dead ticket after 333442, and is signed with a live one', async () => {
      const { appId, sandbox, serviceUrl } = await start(`failure=${form}`);
      const page = await world.open('/a?x=1&y=2');
      sandbox.revokeTickets(appId);
      const reported = page.waitForRequest(`${serviceUrl}/report`);
      expect(await world.ready(page)).toMatchObject({ appId });
      expect((await reported).postDataJSON()).toMatchObject({ appId, errorCode: 333442 });
      expect(await codesOf(page)).toEqual([333442, 0]);
    });

    test('asks for a fresh signature after 333443, which a cache had led to', async () => {
      const { context, serviceUrl } = await start(`failure=${form}`);
      let kept: Buffer | undefined;
      let isStale = false;
      await context.route(`${serviceUrl}/config**`, async (route) => {
        if (isStale) {
          isStale = false;
          await route.fulfill({ body: kept!, headers: { 'Access-Control-Allow-Origin': '*' } });
          return;
        }
        const reply = await route.fetch();
        kept = await reply.body();
        await route.fulfill({ response: reply, body: kept });
      });
      const page = await world.open('/a');
      await world.ready(page);
      isStale = true;
      await page.reload();
      await world.ready(page);
      expect(await codesOf(page)).toEqual([333443, 0]);
    });

    test('asks for a fresh signature after 333444', async () => {
      const { asked } = await start(`failure=${form}&refuse=333444`);
      const page = await world.open('/a');
      await world.ready(page);
      expect(await codesOf(page)).toEqual([333444, 0]);
      expect(asked).toHaveLength(2);
    });
  });

  test('is authorised after a network failure', async () => {
    const { appId } = await start('refuse=10001');
    const page = await world.open('/a');
    expect(await world.ready(page)).toMatchObject({ appId });
    expect(await codesOf(page)).toEqual([10001, 0]);
  });

  test.each(['105', '333445'])('calls a JSAPI again after %s, authorised once more', async (code) => {
    await start(`fail=${code}`);
    const page = await world.open('/a');
    expect(await world.call(page, 'scanCode')).toEqual(
      expect.objectContaining({ result: expect.any(String) as unknown }),
    );
    expect(await codesOf(page)).toEqual([0, 0]);
  });

  test('that lacks requestAccess is advised to call requestAuthCode', async () => {
    await start('fail=103');
    const page = await world.open('/a');
    const failure = await world.call(page, 'requestAccess', { appID: world.appId });
    expect(failure).toMatchObject({
      code: 103,
      advice: expect.stringContaining('requestAuthCode') as unknown,
    });
  });

  test('waits for h5sdk.ready, before which the client ignores what it is asked', async () => {
    const { appId } = await start('beforeReady=ignore&latency=400');
    const page = await world.open('/a');
    expect(await world.ready(page)).toMatchObject({ appId });
    expect(await codesOf(page)).toEqual([0]);
  });

  test('is authorised when h5sdk.ready fires only afterwards', async () => {
    const { appId } = await start('ready=withhold');
    const page = await world.open('/a');
    expect(await world.ready(page)).toMatchObject({ appId });
  });

  test('knows the URL it was loaded with, even when the helper comes after a navigation', async () => {
    const { asked, pages } = await start('verify=landing&refuse=333441');
    const { scripts } = pages;
    pages.scripts = scripts.slice(0, 1);
    const page = await world.open('/cb?code=abc&state=1#/r');
    await page.evaluate(() => window.history.pushState(null, '', '/home'));
    await page.addScriptTag({ url: String(scripts[1]) });
    await world.ready(page);
    // The words of this refusal name no URL.
    expect(asked).toEqual([`${pages.origin}/home`, `${pages.origin}/cb?code=abc&state=1`]);
  });

  test('is told apart from a plain browser that has the SDK, whose user agent is named within a second', async () => {
    const context = await chromium.browser.newContext();
    await context.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>A page</title>' }),
    );
    const page = await context.newPage();
    await page.goto('https://h5.example.com/a');
    // As the SDK is where nothing answers it.
    await page.addScriptTag({ content: 'h5sdk = { config() {}, error() {}, ready() {} }; tt = {};' });
    await page.addScriptTag({ content: String(await readPublicFile('lark-jsapi.js')) });
    const failure = await page.evaluate(async () => {
      const request = (): object => ({ appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's' });
      const startedMs = Date.now();
      try {
        return await window.LarkJsapi.create({ request }).ready();
      } catch (error) {
        const { problem, detail } = error as { problem: string; detail: string };
        return { problem, detail, tookMs: Date.now() - startedMs };
      }
    });
    const userAgent = await page.evaluate(() => window.navigator.userAgent);
    expect(failure).toMatchObject({ problem: 'NOT_IN_LARK', detail: `user agent ${userAgent}` });
    // Below the 10 s of a client, whatever the machine has to do.
    expect((failure as unknown as { tookMs: number }).tookMs).toBeLessThan(9_000);
  });
});
