// The accessibility of the page: axe finds nothing, and a keyboard reaches everything, in every dress of the page.
import { source as axe, type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { Demo } from '../../../src/cli/demo';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { openPage, startDemo } from '../../support/open-page';

/** A common phone, and a common laptop. */
const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** Each colour on each device, and each language with each of both. */
const DRESSES = [
  { colorScheme: 'light', device: 'phone', locale: 'en-US' },
  { colorScheme: 'light', device: 'desktop', locale: 'zh-CN' },
  { colorScheme: 'dark', device: 'phone', locale: 'zh-CN' },
  { colorScheme: 'dark', device: 'desktop', locale: 'en-US' },
] as const;

describeWith('chromium', "the page's accessibility", () => {
  const chromium = useChromium();
  let demo: Demo;
  let closedDemo: Demo;

  beforeAll(async () => {
    [demo, closedDemo] = await Promise.all([
      startDemo(),
      startDemo(
        { ADMIN_TOKEN: 'an-admin-token-of-the-tests', H5_SDK_URL: 'http://127.0.0.1:1/h5-sdk.js' },
        { openOperator: false },
      ),
    ]);
  });

  afterAll(async () => {
    await Promise.all([demo.close(), closedDemo.close()]);
  });

  test.each(DRESSES)(
    'axe finds nothing: $colorScheme, $device, $locale',
    async ({ colorScheme, device, locale }) => {
      const dress = { colorScheme, locale, viewport: VIEWPORTS[device] };
      const { page } = await openPage(chromium.browser, demo, dress);
      await page.locator('#apis button').first().click();
      await page.locator('output[data-tone=good]').waitFor();
      await page.locator('#sign button[type=submit]').click();
      await page.locator('#sign-details pre').first().waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await widthBeyond(page)).toBe(0);
      await explainRefusal(page);
      await page.locator('#explain-findings mark').first().waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await widthBeyond(page)).toBe(0);

      await runReport(page);
      expect(await violations(page)).toEqual([]);
      expect(await widthBeyond(page)).toBe(0);

      // What the other service shows: the token's field, the links into the client, a refusal.
      const { page: other } = await openPage(chromium.browser, closedDemo, dress);
      await other.locator('#operator').waitFor();
      await other.locator('#app-links a').first().waitFor();
      await other.locator('#page-url').fill('nonsense');
      await other.locator('#sign button[type=submit]').click();
      await other.locator('#sign-summary a').waitFor();
      expect(await violations(other)).toEqual([]);
      expect(await widthBeyond(other)).toBe(0);
    },
  );

  test.each(['en-US', 'zh-CN'])(
    'a thumb hits everything on a phone: 44 px in both directions, %s',
    async (locale) => {
      const dress = { locale, viewport: VIEWPORTS.phone };
      const { page } = await openPage(chromium.browser, demo, dress);
      await page.locator('#apis button').first().waitFor();
      await page.locator('#sign button[type=submit]').click();
      await page.locator('#sign-details pre').first().waitFor();
      expect(await smallTargets(page)).toEqual([]);
      await explainRefusal(page);
      await page.locator('#explain-findings a').first().waitFor();
      expect(await smallTargets(page)).toEqual([]);

      await runReport(page);
      expect(await smallTargets(page)).toEqual([]);

      const { page: other } = await openPage(chromium.browser, closedDemo, dress);
      await other.locator('#admin-token').waitFor();
      await other.locator('#app-links a').first().waitFor();
      await other.locator('#page-url').fill('nonsense');
      await other.locator('#sign button[type=submit]').click();
      await other.locator('#sign-summary a').waitFor();
      expect(await smallTargets(other)).toEqual([]);
      await explainRefusal(other);
      await other.locator('#explain-token').waitFor();
      expect(await smallTargets(other)).toEqual([]);

      await page.goto(`${demo.baseUrl}/errors`);
      await page.locator('summary').click();
      expect(await smallTargets(page)).toEqual([]);
    },
  );

  test('on a phone the form comes first, and is seen without scrolling', async () => {
    const { page } = await openPage(chromium.browser, demo, { viewport: VIEWPORTS.phone });
    await page.locator('#apis button').first().waitFor();
    const cards = await page.locator('#panel-sign .card').all();
    const boxes = await Promise.all(cards.map((card) => card.boundingBox()));
    expect(await cards[0]!.getAttribute('aria-labelledby')).toBe('sign-heading');
    expect(boxes.map((box) => box!.y)).toEqual(boxes.map((box) => box!.y).sort((a, b) => a - b));
    const button = (await page.locator('#sign button[type=submit]').boundingBox())!;
    expect(button.y + button.height).toBeLessThan(VIEWPORTS.phone.height);
  });

  test('a keyboard reaches every control in the order of the page, and one sees where it is', async () => {
    for (const service of [demo, closedDemo]) {
      const { page } = await openPage(chromium.browser, service);
      await page.locator('#apis button, #app-links a').first().waitFor();
      await page.locator('#tickets li, #admin-token').first().waitFor();
      await page.locator('#sign button[type=submit]').click();
      await page.locator('#sign-details pre').first().waitFor();
      await expectKeyboardReachesAll(page);
      await explainRefusal(page);
      await page.locator('#explain-findings a, #explain-token').filter({ visible: true }).first().waitFor();
      await expectKeyboardReachesAll(page);
      if (service === closedDemo) expect(await violations(page)).toEqual([]);
      else await runReport(page).then(() => expectKeyboardReachesAll(page));
    }
  });

  test('arrows lead from tab to tab, each with its panel', async () => {
    const { page } = await openPage(chromium.browser, demo);
    const selected = page.getByRole('tab', { selected: true });
    const panel = page.getByRole('tabpanel');
    await selected.focus();
    for (const [key, name] of [
      ['ArrowRight', 'Why refused?'],
      ['ArrowRight', 'Client report'],
      ['ArrowRight', 'Sign'],
      ['ArrowLeft', 'Client report'],
      ['Home', 'Sign'],
      ['End', 'Client report'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await selected.textContent()).toContain(name);
      expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe(name);
      expect(await panel.count()).toBe(1);
      expect(await page.getByRole('tabpanel', { name }).count()).toBe(1);
    }
  });
});

/** The tab with every field open, and an answer in it: a difference, or the question for a token. */
async function explainRefusal(page: Page): Promise<void> {
  const appId = 'cli_of_somebody_else';
  await page.locator('#tab-explain').click();
  await page.locator('#explain-details summary').click();
  await page.locator('#explain-pasted').fill(JSON.stringify({ appId, errCode: 333448 }));
  await page.locator('#explain-form button[type=submit]').click();
}

/** The tab with a report in it, and its text open. */
async function runReport(page: Page): Promise<void> {
  await page.locator('#tab-report').click();
  await page.locator('#report-run').click();
  await page.locator('#report-results summary').click({ timeout: 50_000 });
}

async function expectKeyboardReachesAll(page: Page): Promise<void> {
  // One stop for the tabs: the arrows do the rest.
  const controls = await page.evaluate<string[]>(`(() => {
        const all = [...document.querySelectorAll('a, button, input, select, textarea, summary')]
          .filter((one) => one.checkVisibility() && one.tabIndex >= 0);
        all.forEach((one, index) => one.dataset.order = index);
        document.activeElement.blur();
        getSelection().removeAllRanges();
        document.body.tabIndex = -1; document.body.focus();
        return all.map((one) => one.dataset.order);
      })()`);
  expect(controls.length).toBeGreaterThan(5);
  for (const order of controls) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<{ order: string; outline: string }>(`(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return { order: document.activeElement.dataset.order, outline: outlineStyle + ' ' + outlineWidth };
        })()`);
    expect(focused).toEqual({ order, outline: 'solid 2px' });
  }
}

/** Each with its elements, readable in a failure's text. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate<AxeResults>('axe.run()');
  // Without passes it would have looked at nothing.
  expect(results.passes.length).toBeGreaterThan(15);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** What a thumb may miss: less than 44 px in one direction, each with its size. */
async function smallTargets(page: Page): Promise<string[]> {
  const sizes = await page.evaluate<[string, number, number][]>(`
    [...document.querySelectorAll('a, button, input, select, textarea, summary')]
      .filter((one) => one.checkVisibility())
      .map((one) => {
        const { width, height } = one.getBoundingClientRect();
        return [one.outerHTML.slice(0, 80), width, height];
      })`);
  expect(sizes.length).toBeGreaterThan(2);
  return sizes
    .filter(([, width, height]) => Math.min(width, height) < 44)
    .map(([html, width, height]) => `${width} x ${height}: ${html}`);
}

/** Pixels that have to be scrolled to sideways. */
function widthBeyond(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
