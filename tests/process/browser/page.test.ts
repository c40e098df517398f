// The page in a browser: what it shows of the service, what it signs, and how it fares in a client and out of it.
import { systemClock } from '../../../src/base/clock';
import { loadConfig } from '../../../src/config/config';
import type { Demo } from '../../../src/cli/demo';
import { DEMO_APP_ID } from '../../../src/sandbox/demo-apps';
import { createService, type Service } from '../../../src/service';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { openPage, startDemo } from '../../support/open-page';

const ADMIN_TOKEN = 'an-admin-token-of-the-tests';

describeWith('chromium', 'the page', () => {
  const chromium = useChromium();
  let demo: Demo;
  /** With a prefix, a closed operator's view, and an H5 SDK that cannot be had. */
  let closedDemo: Demo;

  beforeAll(async () => {
    [demo, closedDemo] = await Promise.all([
      startDemo(),
      startDemo(
        { BASE_PATH: '/jsapi', ADMIN_TOKEN, H5_SDK_URL: 'http://127.0.0.1:1/h5-sdk.js' },
        { openOperator: false },
      ),
    ]);
  });

  afterAll(async () => {
    await Promise.all([demo.close(), closedDemo.close()]);
  });

  test('says that the service can sign, and shows the life of its ticket', async () => {
    const { page, see, complaints } = await openPage(chromium.browser, demo);
    await see('#verdict', 'Ready to sign');
    await see('.chip', 'Fresh');
    // The window opens 5 s late, and up to a minute by jitter.
    expect(await see('.times', /left/)).toMatch(
      /^1 hr 59 min left renews in 1 hr (28|29|30|31) min$|^2 hr 0 min/,
    );
    const meter = page.getByRole('meter', { name: 'Life of the ticket of cli_demo0000000001' });
    expect(Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(7_000);
    // Counted from when the request was sent: a busy machine takes a second off.
    expect(await meter.getAttribute('aria-valuemax')).toMatch(/^7(200|199)$/);
    // The bar shrinks towards the mark.
    const [left, mark] = await Promise.all(
      ['.left', '.mark'].map((part) => meter.locator(part).boundingBox()),
    );
    expect(mark!.x).toBeGreaterThan(left!.x);
    expect(mark!.x).toBeLessThan(left!.x + left!.width / 2);
    // The legend shows either as it is in the bar.
    const colour = (selector: string, pseudo = ''): Promise<string> =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}'), '${pseudo}').backgroundColor`);
    expect(await colour('.key-mark', '::before')).toBe(await colour('.life .mark'));
    expect(await colour('.key-left', '::before')).toBe(await colour('.life .left'));
    expect(await see('.facts', 'Fingerprint')).toMatch(/^Fingerprint[0-9a-f]{8}$/);
    await see('#client-verdict', 'Authorised by the simulated client');
    expect(complaints).toEqual([]);
  });

  test('says so when the service stops answering, and when it is back', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    await page.clock.install();
    await page.reload();
    await see('#verdict', 'Ready to sign');
    await page.context().setOffline(true);
    await page.clock.runFor(6_000);
    await see('#verdict', 'No answer');
    await page.context().setOffline(false);
    await page.clock.runFor(6_000);
    await see('#verdict', 'Ready to sign');
  });

  test('signs the URL that was typed, and shows the string with the ticket masked', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    const pageUrl = 'https://h5.example.com/%E8%AE%A2?x=1&y=%2B+%zz#/list';
    await page.getByRole('textbox', { name: 'Page URL' }).fill(pageUrl);
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await see('#sign-summary', 'Signed for cli_demo0000000001');
    const [reply = '', signedString] = await page.locator('#sign-details pre').allTextContents();
    const { appId, timestamp, nonceStr, signature, url } = JSON.parse(reply);
    expect(url).toBe(pageUrl.replace('#/list', ''));
    expect(signedString).toBe(`jsapi_ticket=••••&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`);
    const call = { appId, timestamp, nonceStr, signature, url };
    expect(demo.platform.sandbox.verify(call)).toEqual({ errCode: 0, errMsg: 'ok' });
  });

  test('copies what it shows, also where there is no clipboard API', async () => {
    const { page, see } = await openPage(chromium.browser, demo, { permissions: ['clipboard-read'] });
    const readClipboard = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByRole('button', { name: 'Copy: The string that was signed' }).click();
    await see('.copy', 'Copied');
    expect(await readClipboard()).toBe(await page.locator('#sign-details pre').last().textContent());
    await page.evaluate('navigator.clipboard.writeText = undefined');
    await page.getByRole('button', { name: 'Copy: Reply' }).click();
    await see('#sign-details .block-head:first-child', 'Copied');
    expect(await readClipboard()).toBe(await page.locator('#sign-details pre').first().textContent());
  });

  test('shows a refusal with its code, what to do, and where that is explained', async () => {
    const { page, see } = await openPage(chromium.browser, closedDemo);
    await page.getByRole('textbox', { name: 'Page URL' }).fill('https://elsewhere.example.net/?code=1');
    await page.getByRole('textbox', { name: 'Page URL' }).press('Enter');
    await see('#sign-summary', 'URL_NOT_ALLOWED');
    await see('#sign-summary', 'https://elsewhere.example.net is not an allowed origin');
    await page.getByRole('link', { name: 'About URL_NOT_ALLOWED' }).click();
    await page.waitForURL(/\/jsapi\/errors\?lang=en#URL_NOT_ALLOWED$/);
    expect(await page.locator(':target').textContent()).toBe('URL_NOT_ALLOWED 中文');
  });

  test('is authorised by the simulated client, and calls its JSAPIs', async () => {
    const { page, see, complaints } = await openPage(chromium.browser, demo);
    await see('#client-verdict', 'Authorised by the simulated client');
    await page.getByRole('button', { name: 'Call getLocation' }).click();
    await see('output', '"latitude": 39.9087');
    expect(complaints).toEqual([]);
  });

  test('shows why the client refuses, and tries again', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    await see('#client-verdict', 'Authorised');
    await page.route('**/sandbox/verify', (route) =>
      route.fulfill({ json: { errCode: 333448, errMsg: 'not a trusted domain' } }),
    );
    await page.reload();
    await see('#client-verdict', 'Not authorised');
    await see('#client-note', /333448[^]*as an H5 trusted domain/);
    await page.unroute('**/sandbox/verify');
    await page.getByRole('button', { name: 'Try again' }).click();
    await see('#client-verdict', 'Authorised by the simulated client');
  });

  test('outside of the client it says so, and offers the way in', async () => {
    const { page, see } = await openPage(chromium.browser, closedDemo);
    await see('#client-verdict', 'This is not the Feishu or Lark client');
    const here = encodeURIComponent(`${closedDemo.baseUrl}/`);
    expect(await page.locator('#app-links a').allTextContents()).toEqual([
      `https://applink.feishu.cn/client/web_url/open?mode=window&url=${here}`,
      `https://applink.larksuite.com/client/web_url/open?mode=window&url=${here}`,
    ]);
    expect(await page.locator('#apis').isVisible()).toBe(false);
  });

  test('shows the tickets for the admin token, which no storage of the browser holds', async () => {
    const { page, see } = await openPage(chromium.browser, closedDemo);
    const field = page.getByLabel('Admin token');
    await field.fill('not-the-token-of-the-tests');
    await field.press('Enter');
    await see('#admin-note', 'does not accept');
    await field.fill(ADMIN_TOKEN);
    await field.press('Enter');
    await see('.chip', 'Fresh');
    const everyStorage = `(async () => JSON.stringify([
      localStorage, sessionStorage, document.cookie, location.href, history.state, name, document.documentElement.outerHTML,
      await indexedDB.databases(), await globalThis.caches?.keys(),
    ]))()`;
    expect(await page.evaluate(everyStorage)).not.toContain(ADMIN_TOKEN);
    await page.getByRole('button', { name: 'Forget the admin token' }).click();
    await field.waitFor();
    expect(await page.locator('#tickets').isVisible()).toBe(false);
    // A reload forgets it too; a password manager may fill it in again.
    await field.fill(ADMIN_TOKEN);
    await field.press('Enter');
    await see('.chip', 'Fresh');
    await page.reload();
    await field.waitFor();
    expect(await field.inputValue()).toBe('');
    expect(await field.getAttribute('autocomplete')).toBe('current-password');
  });

  describe('of a service whose app secret is wrong', () => {
    let service: Service;
    let baseUrl: string;

    beforeAll(async () => {
      const config = loadConfig(
        {
          ...{ LARK_DOMAIN: demo.platform.url, LARK_APP_ID: DEMO_APP_ID, LARK_APP_SECRET: 'of-another-app' },
          ...{ ALLOWED_ORIGINS: 'http://127.0.0.1:*', PUBLIC_PAGE: 'on', ADMIN_TOKEN },
          ...{ HOST: '127.0.0.1', PORT: '0' },
        },
        () => '',
      );
      service = createService(config, { clock: systemClock, logDestination: { write: () => undefined } });
      baseUrl = `http://127.0.0.1:${(await service.start()).port}`;
    });

    afterAll(() => service.close());

    test.each([
      { locale: 'en-US', verdict: /^Not ready: the platform answers code 10014$/, failure: 'Last failure' },
      { locale: 'zh-CN', verdict: /^尚未就绪：平台返回错误码 10014$/, failure: '最近一次失败' },
    ])("says in $locale that it is not ready, the platform's code and what to check", async (expected) => {
      const { page, see } = await openPage(chromium.browser, { baseUrl }, { locale: expected.locale });
      await see('#verdict', /^Not ready$|^尚未就绪$/);
      // Who is no operator reads how to become one.
      await see('#verdict-note', /admin token shows the platform's code|输入管理令牌可查看平台的错误码/);
      await page.locator('#admin-token').fill(ADMIN_TOKEN);
      await page.locator('#admin-token').press('Enter');
      await see('#verdict', expected.verdict);
      expect(await page.locator('#verdict').getAttribute('data-tone')).toBe('bad');
      await see('#verdict-note', expected.failure);
      await see('.facts', /10014.*Check that LARK_APP_ID and LARK_APP_SECRET belong together/);
    });
  });

  test('speaks the language of the browser, and the other one on demand', async () => {
    const { page, see } = await openPage(chromium.browser, demo, { locale: 'zh-CN' });
    await see('#verdict', '可以签名');
    await page.getByRole('button', { name: '签名', exact: true }).click();
    await see('#sign-summary', '已签名');
    expect(await page.locator('#errors-link').getAttribute('href')).toBe('errors?lang=zh');
    await page.getByRole('button', { name: 'English' }).click();
    await see('#sign-summary', 'Signed for');
    await page.reload();
    await see('#verdict', 'Ready to sign');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    // The browser still asks for Chinese.
    await page.getByRole('link', { name: 'Error codes' }).click();
    expect(await page.title()).toBe('Errors');
    await page.getByRole('link', { name: '← JSAPI signer' }).click();
    await see('#verdict', 'Ready to sign');
  });

  test('in Chinese leads to the Chinese page of an error, in a browser that asks for English', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('#page-url').fill('nonsense');
    await page.locator('#sign button[type=submit]').click();
    await see('#sign-summary a', '查看 URL_INVALID 的说明');
    await page.locator('#sign-summary a').click();
    await page.waitForURL(/\/errors\?lang=zh#URL_INVALID$/);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator(':target').textContent()).toBe('URL_INVALID English');
  });

  test('has every text in both languages, with the same blanks to fill', async () => {
    const { page } = await openPage(chromium.browser, demo);
    const { texts, used } = await page.evaluate<{
      texts: Record<string, Record<string, string>>;
      used: string[];
    }>(
      `import('./assets/page/texts.js').then(({ TEXTS }) => ({
        texts: TEXTS,
        used: [...document.querySelectorAll('[data-text]')].map((element) => element.dataset.text),
      }))`,
    );
    const blanks = (language: string): [string, string[]][] =>
      Object.entries(texts[language] ?? {}).map(([name, text]) => [
        name,
        (text.match(/\{\w+\}/g) ?? []).sort(),
      ]);
    expect(blanks('zh')).toEqual(blanks('en'));
    expect(Object.keys(texts['en'] ?? {})).toEqual(expect.arrayContaining(used));
    expect(used.length).toBeGreaterThan(0);
  });
});
