// From the first use to an authorised page: lazily, once per URL, in every way a signature can be had.
import { createFactory } from '../../../src/browser/create-factory';
import { FakePage, SIGNER } from '../../support/fake-page';

const SCRIPT = 'https://signer.example.com/base/lark-jsapi.js';

describe('ready', () => {
  it('authorises the page without its fragment, with exactly the documented fields, values untouched', async () => {
    const page = new FakePage('https://h5.example.com/a?x=1&y=2#top');
    const lark = createFactory(page, SCRIPT)({ jsApiList: ['scanCode'] });
    expect(lark.state).toBe('idle');
    await page.pass(1_000);
    expect(page.requests).toHaveLength(0);

    const ready = lark.ready();
    expect(lark.state).toBe('configuring');
    expect(await page.settle(ready)).toEqual({ appId: 'cli_1', url: 'https://h5.example.com/a?x=1&y=2' });
    expect(lark.state).toBe('authorised');
    expect(page.requests.map(({ url }) => url)).toEqual([
      'https://signer.example.com/base/config?url=https%3A%2F%2Fh5.example.com%2Fa%3Fx%3D1%26y%3D2',
    ]);
    expect(page.configs).toEqual([
      {
        appId: 'cli_1',
        timestamp: 1510045655000,
        nonceStr: 'n0nce',
        signature: 'signature-1',
        jsApiList: ['scanCode'],
        onSuccess: expect.any(Function),
        onFail: expect.any(Function),
      },
    ]);
  });

  it('registers h5sdk.error once, before the first config', async () => {
    const page = new FakePage();
    const order: string[] = [];
    const sdk = page.h5sdk!;
    page.h5sdk = {
      error: (callback) => (order.push('error'), sdk.error(callback)),
      ready: (callback) => (order.push('ready'), sdk.ready(callback)),
      config: (parameters) => (order.push('config'), sdk.config(parameters)),
    };
    const lark = createFactory(page, SCRIPT)();
    await page.settle(lark.ready());
    page.history.pushState(null, '', '/b');
    await page.settle(lark.ready());
    expect(order).toEqual(['error', 'ready', 'config', 'config']);
  });

  it('signs once, however many wait', async () => {
    const page = new FakePage();
    const lark = createFactory(page, SCRIPT)(SIGNER);
    await page.settle(Promise.all([lark.ready(), lark.ready(), lark.call('scanCode')]));
    await page.settle(lark.ready());
    expect(page.signedUrls).toHaveLength(1);
  });

  it('names the app and the tenant, encoded', async () => {
    const page = new FakePage('https://h5.example.com/');
    await page.settle(createFactory(page, SCRIPT)({ ...SIGNER, app: 'a&b', tenantKey: 't k' }).ready());
    expect(page.requests[0]!.url).toBe(
      'https://signer.example.com/config?url=https%3A%2F%2Fh5.example.com%2F&app=a%26b&tenant_key=t%20k',
    );
  });

  it('posts a page URL that would make a request line over 4 KB', async () => {
    const href = `https://h5.example.com/?q=${'x'.repeat(4_100)}`;
    const page = new FakePage(href);
    await page.settle(createFactory(page, SCRIPT)({ ...SIGNER, app: 'crm' }).ready());
    const [{ url, init }] = page.requests as [FakePage['requests'][0]];
    expect(url).toBe('https://signer.example.com/config');
    expect(init.method).toBe('POST');
    expect(init.headers).toEqual({ 'Content-Type': 'application/json' });
    expect(JSON.parse(init.body!)).toEqual({ url: href, app: 'crm' });
  });

  const config = { appId: 'cli_9', timestamp: 1, nonceStr: 'n', signature: 's' };
  const official = { timestamp: 1, noncestr: 'n', signature: 's' };
  it.each([
    ['config', config],
    ['sample', { ...official, appid: 'cli_9' }],
    ['tutorial', { code: 0, msg: 'ok', data: { ...official, app_id: 'cli_9' } }],
    ['envelope', { code: 0, msg: 'ok', data: config }],
    ['axios around config', { status: 200, data: config }],
    ['axios around envelope', { status: 200, data: { code: 0, msg: 'ok', data: config } }],
  ])('understands the shape %s from a request of the page’s own', async (_, reply) => {
    const page = new FakePage('https://h5.example.com/p?a=1');
    const asked: string[] = [];
    const lark = createFactory(
      page,
      undefined,
    )({
      request: (url) => {
        asked.push(url);
        return Promise.resolve(reply);
      },
    });
    expect(await page.settle(lark.ready())).toMatchObject({ appId: 'cli_9' });
    expect(asked).toEqual(['https://h5.example.com/p?a=1']);
    expect(page.requests).toHaveLength(0);
    expect(page.configs[0]).toMatchObject({ ...config, jsApiList: [] });
  });

  it('takes the jsApiList of the reply, the options first, and the appId of the options where a reply has none', async () => {
    const reply = { ...official, jsApiList: ['ofReply'] };
    const page = new FakePage();
    await page.settle(createFactory(page, undefined)({ request: () => reply, appId: 'cli_7' }).ready());
    await page.settle(
      createFactory(
        page,
        undefined,
      )({ request: () => ({ ...reply, appid: 'cli_8' }), appId: 'cli_7', jsApiList: ['ours'] }).ready(),
    );
    expect(page.configs.map(({ jsApiList }) => jsApiList)).toEqual([['ofReply'], ['ours']]);
    expect(page.configs.map(({ appId }) => appId)).toEqual(['cli_7', 'cli_8']);
  });
});

describe('create', () => {
  it('gives the same instance for equal options, in any order, and lets the newest functions serve', async () => {
    const page = new FakePage();
    page.signer = () => ({ status: 403, body: { code: 'URL_NOT_ALLOWED' } });
    const create = createFactory(page, SCRIPT);
    const heard: string[] = [];
    const lark = create({ app: 'crm', jsApiList: ['scanCode'], onError: () => heard.push('old') });
    const again = {
      onError: () => heard.push('new'),
      jsApiList: ['scanCode'],
      app: 'crm',
      tenantKey: undefined,
    };
    expect(create(again)).toBe(lark);
    expect(create({ app: 'crm', jsApiList: ['share'] })).not.toBe(lark);
    await expect(page.settle(lark.ready())).rejects.toMatchObject({ problem: 'URL_NOT_ALLOWED' });
    expect(heard).toEqual(['new']);
  });

  it('shares instances between two copies of the script in one window', () => {
    const page = new FakePage();
    const first = createFactory(page, SCRIPT);
    expect(createFactory(page, SCRIPT)(SIGNER)).toBe(first(SIGNER));
    expect(createFactory(new FakePage(), SCRIPT)(SIGNER)).not.toBe(first(SIGNER));
  });

  it.each([
    ['https://s.example.com/lark-jsapi.js', 'https://s.example.com'],
    ['https://s.example.com/x/lark-jsapi.mjs?v=2', 'https://s.example.com/x'],
    ['https://s.example.com/lark-jsapi-0.1.0.js', 'https://s.example.com'],
  ])('takes the folder of %s for its endpoint', async (script, endpoint) => {
    const page = new FakePage();
    await page.settle(createFactory(page, script)().ready());
    expect(page.requests[0]!.url.startsWith(`${endpoint}/config?url=`)).toBe(true);
  });

  it('takes an endpoint with or without a slash at its end', async () => {
    const page = new FakePage();
    await page.settle(createFactory(page, SCRIPT)({ endpoint: '/jsapi/' }).ready());
    expect(page.requests[0]!.url.startsWith('/jsapi/config?url=')).toBe(true);
  });

  it.each([
    undefined,
    'file:///app/node_modules/lark-jsapi-signer/public/lark-jsapi.mjs',
    'http://localhost:5173/node_modules/lark-jsapi-signer/public/lark-jsapi.mjs',
    'https://h5.example.com/assets/index-4f3a.js',
  ])('asks for an endpoint when bundled (%s)', async (script) => {
    const page = new FakePage();
    const ready = createFactory(page, script)().ready();
    await expect(page.settle(ready)).rejects.toMatchObject({ problem: 'ENDPOINT_MISSING' });
  });

  it('does nothing on a server, where every use is refused', async () => {
    const lark = createFactory(undefined, 'file:///srv/lark-jsapi.mjs')(SIGNER);
    expect(lark.state).toBe('idle');
    await expect(lark.ready()).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
    await expect(lark.call('requestAuthCode')).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
  });
});
