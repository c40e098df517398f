// The page of the errors as people see it, in both languages: where a failure's type leads, and the way to the other language.
import { source as axe, type AxeResults } from 'axe-core';
import type { Demo } from '../../../src/cli/demo';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { startDemo } from '../../support/open-page';

describeWith('chromium', 'the page of the errors', () => {
  const chromium = useChromium();
  let demo: Demo;

  beforeAll(async () => {
    demo = await startDemo({ BASE_PATH: '/jsapi' });
  });

  afterAll(() => demo.close());

  test.each([
    { locale: 'en-US', language: 'en', other: '简体中文', otherLanguage: 'zh-CN', title: 'Errors' },
    { locale: 'zh-CN', language: 'zh-CN', other: 'English', otherLanguage: 'en', title: '错误码' },
  ])('in $locale shows the code, fits a phone, and leads to the other language', async (expected) => {
    // A common phone.
    const viewport = { width: 390, height: 844 };
    const page = await chromium.browser.newPage({ locale: expected.locale, viewport });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const language = (): Promise<string> => page.evaluate('document.documentElement.lang');

    await page.goto(`${demo.baseUrl}/errors#TICKET_UNAVAILABLE`);
    expect(await language()).toBe(expected.language);
    expect(await page.title()).toBe(expected.title);
    expect(await page.locator(':target').textContent()).toMatch(/^TICKET_UNAVAILABLE (中文|English)$/);
    expect(await page.locator(':target').boundingBox()).toMatchObject({ y: expect.closeTo(0, 0) });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);

    // To the same code, and there and back at the top.
    await page.locator(':target a').click();
    await page.waitForURL(/\/jsapi\/errors\?lang=(en|zh)#TICKET_UNAVAILABLE$/);
    expect(await language()).toBe(expected.otherLanguage);
    await page.locator('h1 + p a').click();
    await page.waitForURL(/\/jsapi\/errors\?lang=(en|zh)$/);
    expect(await language()).toBe(expected.language);
    await page.getByText(expected.other, { exact: true }).first().click();
    await page.waitForURL(/\/jsapi\/errors\?lang=(en|zh)$/);
    expect(await language()).toBe(expected.otherLanguage);
    expect(complaints).toEqual([]);

    // Last: it complains of the page's own policy.
    await page.evaluate(axe);
    const { passes, violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(passes.length).toBeGreaterThan(10);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });
});
