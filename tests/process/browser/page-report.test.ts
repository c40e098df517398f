// The page's report of the client: in the simulated one every row agrees, and where a mode makes it another client, the rows say so.
import type { BrowserContextOptions } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import type { Demo } from '../../../src/cli/demo';
import { loadConfig } from '../../../src/config/config';
import { CLIENT_ROWS } from '../../../src/field-report/rows';
import { createDemoApp, DEMO_APP_ID } from '../../../src/sandbox/demo-apps';
import { createService, type Service } from '../../../src/service';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { openPage, startDemo, type OpenPage } from '../../support/open-page';

/** A run waits for callbacks that do not come, half a second each; Chromium on a busy machine takes its time besides. */
jest.setTimeout(60_000);

/** A client as it names itself, and more that a private deployment may add. */
const CLIENT =
  'Mozilla/5.0 (Linux; Android 14; MARKED-device) Chrome/130.0 Mobile Lark/7.20.3 LarkLocale/zh_CN ChannelName/Feishu MARKED/1.2';

describeWith('chromium', "the page's client report", () => {
  const chromium = useChromium();
  let demo: Demo;
  const services: Service[] = [];

  beforeAll(async () => {
    demo = await startDemo();
  });

  afterAll(async () => {
    await Promise.all([demo.close(), ...services.map((service) => service.close())]);
  });

  /** A service beside the demo's platform whose stand-in has the modes of `query`. */
  async function startService(query: string, settings: Record<string, string> = {}): Promise<string> {
    const { appId, appSecret } = createDemoApp();
    const config = loadConfig(
      {
        ...{ LARK_DOMAIN: demo.platform.url, LARK_APP_ID: appId, LARK_APP_SECRET: appSecret },
        ...{ ALLOWED_ORIGINS: 'http://127.0.0.1:*', PUBLIC_PAGE: 'on', HOST: '127.0.0.1', PORT: '0' },
        ...{ H5_SDK_URL: `${demo.platform.url}/sandbox/h5-sdk.js?${query}`, ...settings },
      },
      () => '',
    );
    const service = createService(config, { clock: systemClock, logDestination: { write: () => undefined } });
    services.push(service);
    return `http://127.0.0.1:${(await service.start()).port}${config.basePath}`;
  }

  interface Report extends OpenPage {
    readonly text: string;
  }

  async function run(
    baseUrl: string,
    {
      path = '/',
      options = {},
      onReply = () => undefined,
    }: { path?: string; options?: BrowserContextOptions; onReply?: (body: string) => void } = {},
  ): Promise<Report> {
    const opened = await openPage(chromium.browser, { baseUrl }, options);
    const { page } = opened;
    await page.route('**/config?*', async (route) => {
      const response = await route.fetch();
      onReply(await response.text());
      await route.fulfill({ response });
    });
    await page.goto(baseUrl + path);
    await page.locator('#tab-report').click();
    await page.locator('#report-run').click();
    await page.locator('#report-results table').waitFor({ timeout: 50_000 });
    return { ...opened, text: (await page.locator('#report-results pre').textContent()) ?? '' };
  }

  /** The rows that do not agree: `DIFFERS readyAlone: does not fire`. */
  const others = (text: string): string[] =>
    Array.from(
      text.matchAll(/^(DIFFERS|unseen ) ?(\w+): .*\n +client: (.*)$/gm),
      ([, verdict, id, answer]) => `${verdict!.trim()} ${id!}: ${answer!}`,
    );

  test('agrees in every row, in English and Chinese, and the page is authorised afterwards', async () => {
    const { page, text, see, complaints } = await run(demo.baseUrl);
    expect(text).toMatch(/^Client report of lark-jsapi-signer, \d{4}-\d\d-\d\d\nClient: simulated, \w+\n/);
    expect(text).toContain(`\n${CLIENT_ROWS.length} agree, 0 differ, 0 unseen\n`);
    await see('#report-summary', 'Everything is as we assume');
    expect(await page.locator('.report-rows tbody tr').count()).toBe(CLIENT_ROWS.length);
    expect(await page.locator('.report-rows .chip[data-tone=good]').count()).toBe(CLIENT_ROWS.length);
    expect(await page.locator('.report-rows tbody').textContent()).toContain('plain call refused 333445');
    await page.getByRole('button', { name: '中文' }).click();
    await see('#report-summary', '全部与我们的假设一致');
    const rows = page.locator('.report-rows tbody');
    expect(await rows.textContent()).toContain('普通名称调用：被拒绝 333445');
    // Names of fields, codes and JSAPIs apart, nothing is left in English.
    const left = (await rows.textContent())!.replace(
      /history\.pushState|h5sdk|onSuccess|onFail|jsApiList/g,
      '',
    );
    expect(left).not.toMatch(/accepted|refused|allowed|call |fires|text|agree/);
    await page.getByRole('tab', { name: '签名' }).click();
    await see('#client-verdict', '模拟客户端鉴权成功');
    await page.reload();
    await see('#client-verdict', '模拟客户端鉴权成功');
    expect(await page.locator('#panel-report').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  test.each([
    ['verify=landing', ['DIFFERS checkedUrl: refused 333441']],
    ['ready=withhold', ['DIFFERS readyAlone: does not fire']],
    [
      'beforeReady=ignore',
      [
        'DIFFERS configBeforeReady: no answer',
        `DIFFERS othersBeforeReady: ${Array(6).fill('no answer').join('; ')}`,
      ],
    ],
    [
      'unknownNames=fail',
      [
        'DIFFERS othersBeforeReady: refused 333441; refused 1012; refused 104; accepted; accepted; accepted',
        'DIFFERS unknownName: refused 104',
      ],
    ],
    ['failure=errCode', ['DIFFERS failureForm: errCode: code; errMsg: text']],
    ['latency=50', []],
  ])('shows what is different in a client with %s', async (query, expected) => {
    const { text } = await run(await startService(query));
    expect(others(text)).toEqual(expected);
  });

  test('shows failures that have words only', async () => {
    const { text } = await run(await startService('failure=words'));
    expect(others(text)).toContain('DIFFERS failureForm: errString: text');
    expect(others(text)).toContain('DIFFERS stringTimestamp: refused without a code');
  });

  test('holds no app id, signature, ticket, secret, address or path', async () => {
    const baseUrl = await startService('', { BASE_PATH: '/MARKED-path' });
    const signed: string[] = [];
    const { text } = await run(baseUrl, {
      path: '/?code=MARKED-query#/MARKED-fragment',
      options: { userAgent: CLIENT },
      onReply: (body) => signed.push(body),
    });
    expect(text).toContain('\nClient: Lark/7.20.3 ChannelName/Feishu, Android\n');
    const { appSecret } = createDemoApp();
    const replies = signed.map((body) => JSON.parse(body) as { signature: string; nonceStr: string });
    const values = replies.flatMap(({ signature, nonceStr }) => [signature, nonceStr]);
    const tickets = demo.platform.sandbox.issuedTickets(DEMO_APP_ID);
    expect(values.length).toBeGreaterThan(10);
    expect(tickets.length).toBeGreaterThan(0);
    for (const secret of ['MARKED', '127.0.0.1', 'http', DEMO_APP_ID, appSecret, ...values, ...tickets])
      expect(text).not.toContain(secret);
  });

  test('says that there is no client, and that there is no signature', async () => {
    const outside = await startService('', { H5_SDK_URL: 'http://127.0.0.1:1/h5-sdk.js' });
    const { page, see } = await openPage(chromium.browser, { baseUrl: outside });
    await page.locator('#tab-report').click();
    await page.locator('#report-run').click();
    await see('#report-summary', 'This is not the Feishu or Lark client');

    const refused = await openPage(chromium.browser, demo);
    await refused.page.route('**/config?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'TICKET_UNAVAILABLE' } }),
    );
    await refused.page.goto(`${demo.baseUrl}/#report`);
    await refused.page.locator('#report-run').click();
    await refused.see('#report-summary', /The report ended early.*no signature: TICKET_UNAVAILABLE/);
    // A run that broke off is not begun again.
    await refused.page.unroute('**/config?*');
    await refused.page.reload();
    await refused.see('#report-summary', 'Nothing was asked yet.');
  });
});
