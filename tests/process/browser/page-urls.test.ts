// Page URLs as browsers write them, from the page through the service to the client's check.
import {
  BrowserWorld,
  checked,
  useBrowserWorlds,
  type PageWindow,
} from '../../support/browser/browser-world';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

describeWith('chromium', 'a page in a real browser', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await BrowserWorld.start();
  });
  afterAll(() => world.close());
  afterEach(() => {
    expect(world.complaints.splice(0)).toEqual([]);
    world.asked.length = 0;
  });

  test.each([
    ['several parameters', '/orders?a=1&b=2'],
    ['a path and a query in Chinese', '/订单/详情?标题=飞书&页=二'],
    ['a plus, an escaped plus and an escaped space', '/p?x=a+b&y=%2B&z=a%20b'],
    ['a lone percent sign', '/100%?done=100%&x=%zz'],
    ['a fragment', '/orders?a=1#/list?b=2&c=3'],
    ['what the client adds at launch', '/?from=workbench&bdp_launch_query=%7B%22from%22%3A%22x%26y%22%7D'],
    ['quotes, brackets and a nested address', `/a'b(c)[d]?u=https://x.cn/?q=1&v={"k":"v"}|^`],
    ['nothing but a question mark', '/?'],
  ])('is authorised with %s', async (_what, path) => {
    const page = await world.open(path);
    const authorised = await world.ready(page);
    const url = await page.evaluate(() => window.location.href.replace(/#.*/, ''));
    expect(authorised).toEqual({ appId: world.appId, url });
    expect(await checked(page)).toEqual([{ url, errCode: 0 }]);
    expect(world.asked).toEqual([url]);
    expect((await world.call(page, 'scanCode')).result).toEqual(expect.any(String));
    await page.close();
  });

  test('is authorised with a URL too long for a query, over POST', async () => {
    // Over the 4,096 at which the helper changes to POST, and under the 8,192 that the service signs.
    const page = await world.open(`/long?state=${'飞'.repeat(700)}`);
    const sent = page.waitForRequest((request) => request.url() === `${world.serviceUrl}/config`);
    expect((await world.ready(page)).url).toHaveLength(`${world.pages.origin}/long?state=`.length + 6_300);
    expect((await sent).method()).toBe('POST');
    expect(await checked(page)).toMatchObject([{ errCode: 0 }]);
    await page.close();
  });

  test('needs no endpoint when the helper comes from the service', async () => {
    const { pages, serviceUrl } = world;
    const before = pages.scripts;
    pages.scripts = [`${serviceUrl}/lark-jsapi.js`];
    const page = await world.open('/plain-script');
    pages.scripts = before;
    expect(await page.evaluate(() => window.LarkJsapi.create({}).ready())).toMatchObject({ url: page.url() });
    await page.close();
  });

  test('is served with credentials, a custom header and a JSON body', async () => {
    const page = await world.open('/with-credentials?a=1&b=2');
    const reply = await page.evaluate(async (endpoint) => {
      const response = await window.fetch(`${endpoint}/config`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'Content-Type': 'application/json', 'X-Company': 'a' },
        body: JSON.stringify({ url: window.location.href }),
      });
      return [response.status, await response.json()] as const;
    }, world.serviceUrl);
    expect(reply).toEqual([200, expect.objectContaining({ url: page.url(), appId: world.appId })]);
    await page.close();
  });
});

describeWith('chromium', 'a page of an origin that is not listed', () => {
  const startWorld = useBrowserWorlds();
  test('can read why it is refused', async () => {
    const world = await startWorld({ env: { ALLOWED_ORIGINS: 'https://h5.example.com' } });
    const page = await world.open('/orders?a=1');
    const failure = await world.call(page, 'scanCode');
    expect(failure).toMatchObject({ problem: 'URL_NOT_ALLOWED' });
    expect(failure.message).toContain(`Add it to ALLOWED_ORIGINS`);
    const mine = await page.evaluate(async (endpoint) => {
      const url = encodeURIComponent('https://h5.example.com/');
      const response = await window.fetch(`${endpoint}/config?url=${url}`);
      return (await response.json()) as { code: string };
    }, world.serviceUrl);
    expect(mine.code).toBe('ORIGIN_NOT_ALLOWED');
  });
});

describeWith('chromium', 'a service whose clock is 15 minutes off', () => {
  const startWorld = useBrowserWorlds();
  test.each([15, -15])('has its pages authorised all the same (%i minutes)', async (minutes) => {
    const world = await startWorld({ clockErrorMs: minutes * 60_000 });
    const page = await world.open('/orders?a=1');
    await world.ready(page);
    expect(await checked(page)).toMatchObject([{ errCode: 0 }]);
  });
});
