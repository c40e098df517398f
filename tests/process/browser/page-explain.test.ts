// The page's tab that says why a signature was refused: from a broken page and its client to the cause and the cure.
import type { Page } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import type { Demo } from '../../../src/cli/demo';
import { DEMO_APP_ID } from '../../../src/sandbox/demo-apps';
import { signature } from '../../../src/signing/signature';
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { openPage, startDemo, type OpenPage } from '../../support/open-page';

const ADMIN_TOKEN = 'an-admin-token-of-the-tests';
const PATH = '/?id=42&tab=workbench#/list';

interface Config {
  appId: string;
  timestamp: number | string;
  nonceStr: string;
  signature: string;
}

/** What scripts of the page have at hand. */
declare const window: {
  h5sdk: { config(parameters: object): void };
  LarkJsapi: { create(options: object): { ready(): Promise<unknown> } };
};

describeWith('chromium', 'the page explains a refusal', () => {
  const chromium = useChromium();
  let demo: Demo;
  /** With a prefix, and for operators with a token. */
  let closedDemo: Demo;

  beforeAll(async () => {
    [demo, closedDemo] = await Promise.all([
      startDemo(),
      startDemo({ BASE_PATH: '/jsapi', ADMIN_TOKEN }, { openOperator: false }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([demo.close(), closedDemo.close()]);
  });

  /** A signature by another back end, which signs `url` as it is. */
  function sign(of: Demo, url: string, nonceStr: string): Config {
    const timestamp = systemClock.wallMs();
    const ticket = of.platform.sandbox.issuedTickets(DEMO_APP_ID).at(-1)!;
    return {
      appId: DEMO_APP_ID,
      timestamp,
      nonceStr,
      signature: signature({ ticket, nonceStr, timestamp, url }),
    };
  }

  /** Opens the page at `path` with the simulated client in it. */
  async function openInClient(of: Demo, path: string): Promise<OpenPage> {
    const opened = await openPage(chromium.browser, of);
    await opened.page.goto(of.baseUrl + path);
    await opened.see('#client-verdict', 'Authorised by the simulated client');
    return opened;
  }

  /** What the client says of `config` on this page. */
  const refusalOf = (page: Page, config: Config): Promise<object> =>
    page.evaluate(
      (given) =>
        new Promise<object>((resolve) => {
          window.h5sdk.config({ ...given, onSuccess: resolve, onFail: resolve });
        }),
      config,
    );

  /** The link in the helper's error, on a page whose own back end gives `config`. */
  const linkOf = (page: Page, config: Config): Promise<string> =>
    page.evaluate(async (given) => {
      try {
        await window.LarkJsapi.create({ request: () => given }).ready();
        return '';
      } catch (error) {
        return (error as { explainUrl: string }).explainUrl;
      }
    }, config);

  async function ask(page: Page, pasted: string): Promise<void> {
    await page.getByRole('tab', { name: 'Why refused?' }).click();
    await page.getByLabel("The client's error, the signer's reply, or both").fill(pasted);
    await page.getByRole('button', { name: 'Explain' }).click();
  }

  const textsOf = (page: Page, selector: string): Promise<string[]> =>
    page.locator(`#explain-findings li:first-child :is(${selector})`).allTextContents();

  test.each<[string, (pageUrl: string) => string, string, RegExp, string, string]>([
    ['with its fragment', (url) => url, 'URL_FRAGMENT', /split\('#'\)/, '#/list', ''],
    [
      'cut at its first &',
      (url) => url.split('&')[0]!,
      'URL_CUT_AT_AMPERSAND',
      /encodeURIComponent/,
      '',
      '&tab=workbench',
    ],
    [
      'as https',
      (url) => url.split('#')[0]!.replace('http:', 'https:'),
      'URL_SCHEME',
      /location\.href/,
      's',
      '',
    ],
  ])('that signs its URL %s', async (_, signedOf, code, cure, signedMark, checkedMark) => {
    const { page, see, complaints } = await openInClient(demo, PATH);
    const pageUrl = page.url();
    const config = sign(demo, signedOf(pageUrl), 'a-nonce-of-its-own');
    const refusal = await refusalOf(page, config);
    expect(refusal).toMatchObject({
      errno: 2601002,
      errString: expect.stringContaining('333441') as unknown,
    });

    await page.getByRole('tab', { name: 'Why refused?' }).click();
    // The text of the refusal holds no fragment.
    await page.getByText('What else is known').click();
    await page.getByLabel("The page's address").fill(pageUrl);
    await ask(page, `${JSON.stringify(config)}\n${JSON.stringify(refusal)}`);
    await see('#explain-summary', 'This is why');
    // A refusal is nothing good, also when it is explained.
    expect(await page.locator('#explain-summary .verdict').getAttribute('data-tone')).toBe('bad');
    expect(await textsOf(page, '.chip, .finding-head a')).toEqual(['Proved', code]);
    expect((await textsOf(page, '.cure')).join()).toMatch(cure);
    // Both strings, one above the other, each with its own part of the difference.
    const [signed, checked] = await page.locator('#explain-findings li:first-child mark').all();
    expect(await signed!.innerText()).toContain(signedMark || '(nothing)');
    expect(await checked!.innerText()).toContain(checkedMark || '(nothing)');
    const [above, below] = await Promise.all([signed!.boundingBox(), checked!.boundingBox()]);
    expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
    expect(Math.abs(above!.x - below!.x)).toBeLessThan(1);
    const sizes = (await textsOf(page, '.difference .note')).join();
    expect(sizes).not.toContain('1 bytes');
    if (signedMark.length === 1) expect(sizes).toContain('differs in 1 byte after byte');
    expect(complaints).toEqual([]);

    const cause = (await textsOf(page, 'h3')).join();
    await page.getByRole('button', { name: '中文' }).click();
    await see('#explain-summary', '原因如下');
    expect((await textsOf(page, 'h3')).join()).not.toBe(cause);
  });

  test('a helper’s link opens it filled in, sends nothing by itself, and leaves nothing in the address', async () => {
    const { page } = await openInClient(demo, PATH);
    const pageUrl = page.url();
    const config = sign(demo, pageUrl.split('&')[0]!, 'a-nonce');
    const link = await linkOf(page, config);
    expect(link.startsWith(`${demo.baseUrl}/#explain?`)).toBe(true);

    const other = await page.context().newPage();
    const asked: string[] = [];
    other.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
    await other.goto(link);
    const field = (name: string): Promise<string> => other.getByLabel(name, { exact: true }).inputValue();
    expect(await field('signature')).toBe(config.signature);
    expect(await field('nonceStr')).toBe('a-nonce');
    expect(await field('Timestamp')).toBe(String(config.timestamp));
    expect(await field("The page's address")).toBe(pageUrl);
    expect(await field('Code')).toBe('333441');
    expect(await field("The client's error, the signer's reply, or both")).toContain('invalid signature');
    expect(other.url()).toBe(`${demo.baseUrl}/`);
    await other.locator('#client-verdict', { hasText: 'Authorised' }).waitFor({ state: 'attached' });
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((line) => line.startsWith('POST') && line.endsWith('/explain'))).toEqual([]);
    // Nor does anything else repeat what stood in it.
    expect(asked.slice(1).filter((line) => line.includes(config.signature))).toEqual([]);

    await other.getByRole('button', { name: 'Explain' }).click();
    await other.locator('#explain-findings li').first().waitFor();
    expect(await textsOf(other, '.finding-head a')).toEqual(['URL_CUT_AT_AMPERSAND']);
  });

  test('a link keeps a timestamp that is a string apart from a number', async () => {
    const { page, see } = await openInClient(demo, PATH);
    const config = sign(demo, page.url().split('#')[0]!, 'a-nonce');
    const link = await linkOf(page, { ...config, timestamp: String(config.timestamp) });
    // The page is open already: only its fragment changes.
    await page.goto(link);
    await see('#explain-summary', 'Filled in');
    await page.getByRole('button', { name: 'Explain' }).click();
    await see('#explain-summary', 'This is why');
    expect(await textsOf(page, '.chip, .finding-head a')).toEqual(['Shown', 'TIMESTAMP_STRING']);
  });

  test('from its own client’s refusal a link leads there', async () => {
    const { page, see } = await openInClient(demo, '/');
    await page.route('**/sandbox/verify', (route) =>
      route.fulfill({ json: { errCode: 333448, errMsg: 'not a trusted domain' } }),
    );
    await page.reload();
    await page.getByRole('link', { name: 'Why was it refused?' }).click();
    await see('#explain-summary', 'Filled in');
    await page.getByRole('button', { name: 'Explain' }).click();
    await see('#explain-findings', 'TRUSTED_DOMAIN_OTHER');
  });

  test('what prints as nothing is seen, and no text becomes HTML', async () => {
    const { page, see, complaints } = await openInClient(demo, '/');
    const url = 'https://h5.example.com/<img src=x onerror=alert(1)>\u200b e\u0301\u0001<b>';
    const config = { ...sign(demo, url, 'a-nonce'), url };
    await ask(page, JSON.stringify({ ...config, pageUrl: 'https://h5.example.com/other' }));
    await see('#explain-findings', 'URL_OTHER_PAGE');
    const signed = await page.locator('#explain-findings code.signed').first().innerText();
    expect(signed).toContain('<img␣src=x␣onerror=alert(1)>U+200B␣eU+0301␁<b>');
    expect(await page.locator('#panel-explain :is(img, b)').count()).toBe(0);
    // 3c: "<"; the difference begins behind the slash.
    await see('#explain-findings .note', /after byte 23: 3c 69 6d 67/);
    expect(complaints).toEqual([]);
  });

  test('where operators need a token it asks for one, and keeps it nowhere', async () => {
    const { page, see } = await openPage(chromium.browser, closedDemo);
    const token = page.getByLabel('Token of ADMIN_TOKEN');
    await ask(page, '333447');
    await see('#explain-summary', 'For operators only');
    expect(await page.evaluate('document.activeElement.id')).toBe('explain-token');
    await token.fill('not-the-token-of-the-tests');
    await token.press('Enter');
    await see('#explain-summary', 'does not accept this token');
    await token.fill(ADMIN_TOKEN);
    await token.press('Enter');
    await see('#explain-findings', 'TRUSTED_DOMAIN_NONE');
    const kept = 'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])';
    expect(await page.evaluate(kept)).not.toContain(ADMIN_TOKEN);

    // The one that the service's panel was given serves as well.
    await page.reload();
    await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
    await page.getByLabel('Admin token').press('Enter');
    await see('.chip', 'Fresh');
    await ask(page, '333447');
    await see('#explain-findings', 'TRUSTED_DOMAIN_NONE');
    expect(await token.isVisible()).toBe(false);
  });

  test('one click loads an example, another explains it', async () => {
    const { page, see, complaints } = await openPage(chromium.browser, demo);
    const sent: string[] = [];
    await see('.chip', 'Fresh');
    await page.getByRole('tab', { name: 'Why refused?' }).click();
    await page.getByText('What else is known').click();
    await page.getByLabel('nonceStr').fill('entered-before');
    page.on('request', (request) => sent.push(request.url()));
    await page.getByRole('button', { name: 'Load an example' }).click();
    await see('#explain-summary', 'This is an example');
    expect(await page.getByLabel('nonceStr').inputValue()).toBe('');
    expect(sent.filter((url) => !/\/(readyz|admin\/apps)$/.test(url))).toEqual([]);
    await page.getByRole('button', { name: 'Explain' }).click();
    await see('#explain-summary', 'This is why');
    expect(await page.locator('.finding-head').allTextContents()).toEqual(['ShownTIMESTAMP_CHANGED']);
    expect(complaints).toEqual([]);
  });

  test('asks for no ticket where it asks to leave tickets out', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    await ask(page, '333441');
    await see('#explain-findings', 'FACTS_MISSING');
    expect(await page.locator('#panel-explain').innerText()).toContain(
      'Leave tickets out: the service uses its own',
    );
    await see('.cure', 'The service computes with its own ticket');
  });

  test('where there are no operators, and for what is no question, it says what to do', async () => {
    const { page, see } = await openPage(chromium.browser, demo);
    await ask(page, '');
    expect(await page.evaluate('document.activeElement.id')).toBe('explain-pasted');
    await see('#explain-missing', 'Paste an error or a reply, or load the example');
    await page.getByRole('button', { name: '中文' }).click();
    await see('#explain-missing', '请粘贴报错或响应，或填入示例');
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('#explain-pasted').fill('3');
    expect(await page.locator('#explain-missing').isVisible()).toBe(false);
    await ask(page, '{"ticket":"g10149abcKXQ3LZP6D7W"}');
    await see('#explain-summary', 'Remove the ticket from the input and send it again');
    await ask(page, 'x'.repeat(16_385));
    const pasted = page.locator('#explain-pasted');
    expect(
      await pasted.evaluate((field) => (field as unknown as { validationMessage: string }).validationMessage),
    ).toContain('at most 16,384 characters');
    await pasted.fill('333447');
    // As a service without ADMIN_TOKEN answers, see tests/service/explain.test.ts.
    await page.route('**/explain', (route) => route.fulfill({ status: 404, json: { code: 'NOT_FOUND' } }));
    await page.getByRole('button', { name: 'Explain' }).click();
    await see('#explain-summary', 'set ADMIN_TOKEN');
    await page.route('**/explain', (route) => route.abort());
    await page.getByRole('button', { name: 'Explain' }).click();
    await see('#explain-summary', 'cannot be reached');
  });
});
