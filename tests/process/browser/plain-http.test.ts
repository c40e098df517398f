// Pages on plain http at an address that is not loopback, as in a company's test network: browsers treat them otherwise.
import type { Browser } from 'playwright-core';
import { BrowserWorld, checked, type PageWindow } from '../../support/browser/browser-world';
import { launchChromium } from '../../support/browser/chromium';
import {
  createNetworkNamespace,
  findWhyNoNamespace,
  type NetworkNamespace,
} from '../../support/browser/network-namespace';
import { describeUnless, describeWith } from '../../support/needs-program';

declare const window: PageWindow;

describeWith('chromium', 'on plain http at an address of the network', () => {
  describeUnless(findWhyNoNamespace(), 'and not of the machine itself', () => {
    let namespace: NetworkNamespace;
    let browser: Browser;
    let world: BrowserWorld;
    beforeAll(async () => {
      namespace = createNetworkNamespace();
      browser = await launchChromium(namespace.starterOf('chromium'));
      world = await BrowserWorld.start({
        browser,
        host: namespace.address,
        env: { PUBLIC_PAGE: 'on' },
      });
    });
    afterAll(async () => {
      await world.close();
      await browser.close();
      namespace.remove();
    });
    test('a page is authorised', async () => {
      const page = await world.open('/orders?a=1&b=2#/top');
      expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
      await world.ready(page);
      expect(await checked(page)).toMatchObject([{ errCode: 0 }]);
      expect((await world.call(page, 'scanCode')).result).toEqual(expect.any(String));
      expect(world.complaints).toEqual([]);
    });

    test("the service's own page runs its scripts", async () => {
      const page = await world.newPage();
      await page.goto(`${world.serviceUrl}/`);
      await page.locator('#verdict', { hasText: 'Ready to sign' }).waitFor();
      // It is refused by the operator's view and for its own origin, which are closed here; that is no complaint of the browser's.
      const unloaded = world.complaints.filter((text) => /^violates|ERR_|Uncaught/.test(text));
      expect(unloaded).toEqual([]);
    });
  });
});
