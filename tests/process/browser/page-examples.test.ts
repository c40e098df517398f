// The examples of pages as a reader has them: built, and used in Chromium next to the demo, whose simulated client checks their signatures.
// With PICTURES=1 the pictures of docs/front-end.md are taken anew.
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { Demo } from '../../../src/cli/demo';
import { createDemoApp } from '../../../src/sandbox/demo-apps';
import { checked } from '../../support/browser/browser-world';
import { newClient, useChromium } from '../../support/browser/chromium';
import { EXAMPLE_LIMIT_MS, useExamples } from '../../support/example-project';
import { describeWith } from '../../support/needs-program';
import { startDemo } from '../../support/open-page';

const IMAGES = join(__dirname, '../../../docs/images');
/** The width of a common phone; pictures are as long as the page. */
const PHONE = { width: 390, height: 320 };

describeWith('chromium', 'the example of a page', () => {
  const chromium = useChromium();
  const examples = useExamples();
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo.close());

  /** Opens `url`, presses the button, and waits for what it then shows. */
  async function scan(context: BrowserContext, url: string, shown: RegExp): Promise<Page> {
    const page = await context.newPage();
    await page.setViewportSize(PHONE);
    await page.goto(url);
    await page.getByRole('button', { name: 'Scan' }).click();
    await page.locator('output, [role=alert]').filter({ hasText: shown }).waitFor();
    return page;
  }

  test.each([
    { kind: 'html', pictured: '' },
    { kind: 'react', pictured: 'result' },
    { kind: 'vue', pictured: 'refusal' },
  ])(
    'in $kind is authorised and shows what was scanned, and why a signature is refused',
    async ({ kind, pictured }) => {
      const picture = async (page: Page, what: string): Promise<void> => {
        if (process.env['PICTURES'] && what === pictured)
          await page.screenshot({ path: join(IMAGES, `page-${kind}.png`), fullPage: true });
      };
      const name = `page-${kind}`;
      examples.run(name, 'build', { VITE_SIGNER: demo.baseUrl });
      const url = `${await examples.serve(name, 'preview')}/?from=workbench`;
      const context = await newClient(chromium.browser);
      const page = await scan(context, url, /^https:\/\/example\.com\/scanned$/);
      expect(await checked(page)).toEqual([{ url, errCode: 0 }]);
      await picture(page, 'result');

      const { sandbox } = demo.platform;
      sandbox.addApp({ ...createDemoApp(), trustedDomains: ['h5.example.com'] });
      try {
        const refused = await scan(context, url, /333448.*H5 trusted domain/);
        expect(await checked(refused)).toEqual([{ url, errCode: 333448 }]);
        expect(await refused.getByRole('button').isEnabled()).toBe(true);
        await picture(refused, 'refusal');
      } finally {
        sandbox.addApp(createDemoApp());
      }
    },
    EXAMPLE_LIMIT_MS,
  );

  test(
    'is authorised and scans in a plain browser at localhost:5173, on the development server',
    async () => {
      const origin = await examples.serve('page-html', 'dev', { VITE_SIGNER: demo.baseUrl });
      // Vite's own port, and the next where another server has it.
      expect(origin).toMatch(/^http:\/\/localhost:517\d$/);
      const page = await scan(await chromium.browser.newContext(), `${origin}/?a=1&b=2`, /\/scanned$/);
      expect(await checked(page)).toEqual([{ url: `${origin}/?a=1&b=2`, errCode: 0 }]);
    },
    EXAMPLE_LIMIT_MS,
  );
});
