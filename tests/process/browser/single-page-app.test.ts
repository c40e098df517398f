// A single-page app with a history router, whichever URL the client checks after a navigation.
import type { Page } from 'playwright-core';
import {
  checked,
  useBrowserWorlds,
  type BrowserWorld,
  type PageWindow,
} from '../../support/browser/browser-world';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

const go = (page: Page, path: string): Promise<void> => page.evaluate((to) => window.app.go(to), path);
const scan = (page: Page): Promise<{ from: string; result: string }> =>
  page.evaluate(() => window.app.scan());
const failures = (page: Page): Promise<object[]> => page.evaluate(() => window.app.failures);

describeWith('chromium', 'an app with a history router', () => {
  const startWorld = useBrowserWorlds();
  let world: BrowserWorld;
  afterEach(() => {
    expect(world.complaints).toEqual([]);
  });

  const start = async (standIn: string): Promise<BrowserWorld> =>
    (world = await startWorld({ standIn, scripts: ['lark-jsapi', 'history-app'] }));

  test.each(['current', 'landing'])(
    'is authorised on every page, back and forward, at two signatures a page at most (verify=%s)',
    async (mode) => {
      const { asked, pages } = await start(`verify=${mode}`);
      const page = await world.newPage();
      const steps: [string, () => Promise<unknown>][] = [
        ['/app', () => page.goto(`${pages.origin}/app?from=workbench`)],
        ['/app/orders', () => go(page, '/app/orders?id=1&view=飞')],
        ['/cart', () => go(page, '/cart#/top')],
        ['/app/orders', () => page.evaluate(() => window.history.back())],
        ['/app', () => page.evaluate(() => window.history.back())],
        ['/app/orders', () => page.evaluate(() => window.history.forward())],
        ['/app/orders/7', () => go(page, '/app/orders/7')],
      ];
      for (const [path, step] of steps) {
        const before = asked.length;
        await step();
        await page.waitForFunction((to) => window.location.href.includes(to), pages.origin + path);
        await world.authorised(page);
        expect((await scan(page)).from).toBe(path);
        expect(asked.length - before).toBeGreaterThan(0);
        expect(asked.length - before).toBeLessThanOrEqual(2);
      }
      expect(await failures(page)).toEqual([]);
      // The second mode is not free: the client refused once, and the helper found the URL it checks.
      const refused = (await checked(page)).filter(({ errCode }) => errCode === 333441);
      expect(refused).toHaveLength(mode === 'landing' ? 1 : 0);
    },
  );

  test('that creates and asks twice at every mount has one signature made', async () => {
    const { asked } = await start('');
    const page = await world.open('/app?a=1');
    await scan(page);
    expect(asked).toEqual([page.url()]);
    await go(page, '/app?a=1#/hash-route');
    await scan(page);
    expect(asked).toHaveLength(1);
  });

  test('that navigates twice while a signature is on its way ends authorised where it is', async () => {
    const { asked, context, serviceUrl } = await start('latency=100');
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await context.route(`${serviceUrl}/config**`, async (route) => {
      await released;
      await route.continue();
    });
    const page = await world.newPage();
    const asking = page.waitForRequest(`${serviceUrl}/config**`);
    await page.goto(`${world.pages.origin}/one`);
    await asking;
    await go(page, '/two');
    await go(page, '/three');
    release();
    expect((await scan(page)).from).toBe('/three');
    expect(await failures(page)).toEqual([]);
    // What was signed for /one came too late to be useful; the page left /two too soon to need one.
    expect(asked.map((url) => new URL(url).pathname)).toEqual(['/one', '/three']);
    expect(await checked(page)).toEqual([{ url: `${world.pages.origin}/three`, errCode: 0 }]);
  });

  test('that navigates twice while the client checks ends authorised where it is', async () => {
    const { platformUrl, context } = await start('');
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await context.route(`${platformUrl}/sandbox/verify`, async (route) => {
      await released;
      await route.continue();
    });
    const page = await world.newPage();
    const checking = page.waitForRequest(`${platformUrl}/sandbox/verify`);
    await page.goto(`${world.pages.origin}/one`);
    await checking;
    await go(page, '/two');
    await go(page, '/three');
    release();
    expect((await scan(page)).from).toBe('/three');
    expect(await failures(page)).toEqual([]);
    expect((await checked(page)).map(({ url, errCode }) => [new URL(url).pathname, errCode])).toEqual([
      ['/one', 0],
      ['/three', 0],
    ]);
  });

  test('that is left and come back to is authorised again', async () => {
    await start('');
    const page = await world.open('/app?a=1');
    await scan(page);
    await page.goto(`${world.pages.origin}/elsewhere`);
    await scan(page);
    await page.goBack();
    expect((await scan(page)).from).toBe('/app');
    await page.goForward();
    expect((await scan(page)).from).toBe('/elsewhere');
    expect(await failures(page)).toEqual([]);
  });
});
