// Web components: which URL is signed by whom, what webComponent.config gets, and what becomes of its refusals.
import { authoriseComponents, type ComponentOptions } from '../../../src/browser/authorise-components';
import { FakePage } from '../../support/fake-page';

const HREF = 'https://h5.example.com/docs/1?code=0auth&x=2#part';
const PAGE_URL = 'https://h5.example.com/docs/1';
const SIGNER = 'https://signer.example.com';
const AS_APP: ComponentOptions = { endpoint: SIGNER, jsApiList: ['DocsComponent'] };

type Given = Record<string, unknown>;

/** A page with the platform's script, whose config does what `answer` says: undefined accepts, an Error refuses. */
class ComponentsPage extends FakePage {
  readonly given: Given[] = [];
  readonly onAuthError: ((failure: Error) => void)[] = [];
  webComponent?: object;
  answer: (attempt: number) => unknown = () => undefined;

  constructor() {
    super(HREF);
    Object.assign(this.navigator, { userAgent: 'Mozilla/5.0 Chrome/140' });
    this.webComponent = this.createComponents();
  }

  createComponents(): object {
    return {
      config: (given: Given) => {
        this.given.push(given);
        const refusal = this.answer(this.given.length);
        return refusal instanceof Error ? Promise.reject(refusal) : Promise.resolve(refusal);
      },
      onAuthError: (callback: (failure: Error) => void) => this.onAuthError.push(callback),
    };
  }

  authorise(options: ComponentOptions = AS_APP): Promise<{ appId: string; url: string }> {
    return this.settle(authoriseComponents(this, options));
  }
}

/** As the platform's script hands a refusal over. */
const refusal = (code: number, msg = 'no'): Error => new Error(JSON.stringify({ msg: { code, msg } }));

let page: ComponentsPage;
beforeEach(() => {
  page = new ComponentsPage();
});

describe('as the app', () => {
  it('has the URL without query and fragment signed for components, in any browser', async () => {
    await expect(page.authorise()).resolves.toEqual({ appId: 'cli_1', url: PAGE_URL });
    expect(page.requests.map(({ url }) => url)).toEqual([
      `${SIGNER}/config?url=${encodeURIComponent(PAGE_URL)}&kind=component`,
    ]);
    expect(page.given).toEqual([
      {
        appId: 'cli_1',
        timestamp: 1510045655000,
        nonceStr: 'n0nce',
        signature: 'signature-1',
        url: PAGE_URL,
        jsApiList: ['DocsComponent'],
      },
    ]);
  });

  it('names the app, and hands language and theme over', async () => {
    await page.authorise({ ...AS_APP, endpoint: SIGNER, app: 'crm', locale: 'zh-CN', theme: 'dark' });
    expect(page.requests[0]?.url).toMatch(/&app=crm&kind=component$/);
    expect(page.given[0]).toMatchObject({ locale: 'zh-CN', theme: 'dark' });
  });

  it('posts what is too long for a request line, the kind too', async () => {
    page.location.href = `https://h5.example.com/${'x'.repeat(4_100)}?y#z`;
    await page.authorise();
    const { url, init } = page.requests[0]!;
    expect(url).toBe(`${SIGNER}/config`);
    expect(JSON.parse(init.body!)).toMatchObject({ kind: 'component' });
  });

  it('signs anew at every call, for the URL of that moment', async () => {
    await page.authorise();
    page.location.href = 'https://h5.example.com/docs/2?x';
    await page.authorise();
    expect(page.given.map(({ signature, url }) => [signature, url])).toEqual([
      ['signature-1', PAGE_URL],
      ['signature-2', 'https://h5.example.com/docs/2'],
    ]);
  });
});

describe('as a user', () => {
  const signed = { appId: 'cli_2', timestamp: 1, nonceStr: 'n', signature: 's' };
  const asUser = (reply: unknown, more: object = {}): ComponentOptions => ({
    request: () => reply,
    jsApiList: ['user_profile'],
    ...more,
  });

  it.each([
    ['beside the signature', { ...signed, openId: 'ou_1' }, {}],
    ['in the data of an axios reply', { data: { ...signed, openId: 'ou_1' } }, {}],
    ['in the options', { code: 0, data: signed }, { openId: 'ou_1' }],
    ['in both: the options count', { ...signed, openId: 'ou_2' }, { openId: 'ou_1' }],
  ])('asks the own back end, with the openId %s', async (_, reply, more) => {
    await page.authorise(asUser(reply, more));
    expect(page.requests).toEqual([]);
    expect(page.given).toEqual([{ ...signed, openId: 'ou_1', url: PAGE_URL, jsApiList: ['user_profile'] }]);
  });

  it('gives the back end the URL without its query', async () => {
    const request = jest.fn(() => signed);
    await page.authorise({ request, openId: 'ou_1', jsApiList: [] });
    expect(request.mock.calls).toEqual([[PAGE_URL]]);
  });

  it('fills the app id in where the reply has none, and refuses to do without', async () => {
    const { appId, ...rest } = signed;
    await page.authorise(asUser(rest, { appId }));
    expect(page.given[0]).toMatchObject({ appId });
    await expect(page.authorise(asUser(rest))).rejects.toMatchObject({ problem: 'APP_ID_MISSING' });
  });

  it('says what the back end threw', async () => {
    const request = (): never => {
      throw new Error('signed out');
    };
    await expect(page.authorise({ request, jsApiList: [] })).rejects.toMatchObject({
      problem: 'REQUEST_FAILED',
      detail: 'Error: signed out',
    });
  });
});

describe('a refusal', () => {
  it('is a LarkJsapiError with the code and the advice of the table, whether config rejects', async () => {
    page.answer = () => refusal(20442, 'jsapi-ticket not exist');
    await expect(page.authorise()).rejects.toMatchObject({
      name: 'LarkJsapiError',
      code: 20442,
      advice: 'Web components need a ticket of the user.',
      detail: expect.stringContaining('jsapi-ticket not exist') as string,
    });
    expect(page.given).toHaveLength(1);
  });

  it('or only onAuthError is called', async () => {
    page.answer = () => {
      page.onAuthError.at(-1)?.(refusal(9, 'permission Scope Required'));
      return new Promise(() => undefined);
    };
    await expect(page.authorise()).rejects.toMatchObject({ code: 9 });
  });

  it('or config throws', async () => {
    page.answer = () => {
      throw refusal(333450);
    };
    await expect(page.authorise()).rejects.toMatchObject({ code: 333450 });
  });

  it.each([333443, 333444, 10001])('that a fresh signature settles (%i) costs a second one', async (code) => {
    page.answer = (attempt) => (attempt === 1 ? refusal(code) : undefined);
    await expect(page.authorise()).resolves.toMatchObject({ url: PAGE_URL });
    expect(page.given.map(({ signature }) => signature)).toEqual(['signature-1', 'signature-2']);
  });

  it('of the ticket is reported to the signer first', async () => {
    page.answer = (attempt) => (attempt === 1 ? refusal(333442) : undefined);
    await page.authorise();
    expect(page.requests[1]?.url).toBe(`${SIGNER}/report`);
    expect(JSON.parse(page.requests[1]!.init.body!)).toMatchObject({
      errorCode: 333442,
      url: PAGE_URL,
      signature: 'signature-1',
    });
  });

  it('for the second time is final', async () => {
    page.answer = () => refusal(333443);
    await expect(page.authorise()).rejects.toMatchObject({ code: 333443 });
    expect(page.given).toHaveLength(2);
  });

  it('of the signer is its own, and never reaches the platform’s script', async () => {
    page.signer = () => ({ status: 403, body: { code: 'URL_NOT_ALLOWED', detail: 'List the origin.' } });
    await expect(page.authorise()).rejects.toMatchObject({ problem: 'URL_NOT_ALLOWED', status: 403 });
    expect(page.given).toEqual([]);
  });

  it('that never comes is a TIMEOUT after ten seconds', async () => {
    page.answer = () => new Promise(() => undefined);
    const before = page.clock.monotonicMs();
    await expect(page.authorise()).rejects.toMatchObject({ problem: 'TIMEOUT' });
    expect(page.clock.monotonicMs() - before).toBe(10_010);
  });
});

describe('the script of the web components', () => {
  it('is waited for while a tag of the page’s own loads', async () => {
    const { webComponent } = page;
    delete page.webComponent;
    page.setTimeout(() => (page.webComponent = webComponent!), 500);
    await expect(page.authorise()).resolves.toMatchObject({ appId: 'cli_1' });
    expect(page.scripts).toEqual([]);
  });

  it('is loaded from sdkUrl when the page has none', async () => {
    delete page.webComponent;
    page.script = (): 'empty' => ((page.webComponent = page.createComponents()), 'empty');
    await page.authorise({ ...AS_APP, sdkUrl: 'https://cdn.example.com/components.js' });
    await page.authorise({ ...AS_APP, sdkUrl: 'https://cdn.example.com/components.js' });
    expect(page.scripts.map(({ src }) => src)).toEqual(['https://cdn.example.com/components.js']);
  });

  it.each([
    ['there is nothing', undefined, 'window.webComponent is missing: load its script first.'],
    ['an element has that id', document(), 'window.webComponent is missing: load its script first.'],
  ])('is missing where %s, which is said without a signature', async (_, found, detail) => {
    Object.assign(page, { webComponent: found });
    await expect(page.authorise()).rejects.toMatchObject({ problem: 'SDK_UNAVAILABLE', detail });
    expect(page.requests).toEqual([]);
  });

  it('that does not load is named', async () => {
    delete page.webComponent;
    page.script = (): 'error' => 'error';
    await expect(
      page.authorise({ ...AS_APP, sdkUrl: 'https://cdn.example.com/gone.js' }),
    ).rejects.toMatchObject({
      problem: 'SDK_UNAVAILABLE',
      detail: 'https://cdn.example.com/gone.js',
    });
  });

  it('may be of a build without onAuthError', async () => {
    Object.assign(page.webComponent!, { onAuthError: undefined });
    await expect(page.authorise()).resolves.toMatchObject({ appId: 'cli_1' });
  });
});

/** What a page's own element looks like. */
function document(): object {
  return { nodeName: 'DIV', config: undefined };
}
