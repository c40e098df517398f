// The fake client in a window as jsdom has it, with the helper on top, as a test of a page uses both.
import { authoriseComponents, type ComponentOptions } from '../../../src/browser/authorise-components';
import { createFactory } from '../../../src/browser/create-factory';
import { isInLark, type Page } from '../../../src/browser/page';
import type { Lark } from '../../../src/browser/options';
import type { Components } from '../../../src/sandbox/client/create-components';
import { parseModes } from '../../../src/sandbox/client/modes';
import { installFakeClient, type FakeClientOptions } from '../../../src/testing/install-fake-client';
import { createJsdomLikeWindow, type JsdomLikeWindow } from '../../support/jsdom-like-window';

const SIGNER = 'https://signer.example.com';

let window: JsdomLikeWindow;
let undo: () => void;
let lark: Lark;

function install(options: Omit<FakeClientOptions, 'window'> = {}): void {
  undo = installFakeClient({ signer: SIGNER, ...options, window });
}

beforeEach(() => {
  window = createJsdomLikeWindow();
  lark = createFactory(window as unknown as Page)({ endpoint: SIGNER });
});
afterEach(() => {
  undo();
});

type Jsapi = (parameters: Record<string, unknown>) => void;

/** What `success` or `fail` of a function of `tt` gets. */
const called = (name: string, parameters: object = {}): Promise<unknown> =>
  new Promise((resolve) =>
    (window.tt as Record<string, Jsapi>)[name]!({ ...parameters, success: resolve, fail: resolve }),
  );

describe('a page with the helper', () => {
  it('is authorised and gets the answers that the test gives, or made-up ones', async () => {
    install({ answers: { scanCode: { result: 'A-1' } } });
    expect(await lark.call('scanCode')).toEqual({ result: 'A-1', errMsg: 'scanCode:ok' });
    expect(lark.state).toBe('authorised');
    expect((await lark.call('getNetworkType')).networkType).toBe('wifi');
    expect((await lark.call('requestAccess')).code).toMatch(/^stand-in-code-/);
    expect(window.__larkStandIn).toMatchObject({
      configs: [{ errCode: 0, url: 'http://localhost/orders?id=42' }],
    });
  });

  it('hands its parameters to a function among the answers, which may be a spy', async () => {
    const scanCode = jest.fn(({ barCodeInput }: { barCodeInput?: boolean }) => ({
      result: barCodeInput ? 'typed' : 'scanned',
    }));
    install({ answers: { scanCode, showToast: jest.fn(), aNewJsApi: () => ({ steps: 7 }) } });
    expect((await lark.call('scanCode', { barCodeInput: true })).result).toBe('typed');
    expect(scanCode).toHaveBeenCalledWith(expect.objectContaining({ barCodeInput: true }));
    expect(await lark.call('showToast', { title: 'Hello' })).toEqual({ errMsg: 'showToast:ok' });
    expect((await lark.call<{ steps: number }>('aNewJsApi')).steps).toBe(7);
  });

  it('meets refusals, for every call or for the next, in the form of current clients', async () => {
    install({ refuse: { config: [333443], scanCode: 103, getLocation: [4_242, 305] } });
    // The helper signs once more.
    await lark.ready();
    await expect(lark.call('scanCode')).rejects.toMatchObject({ code: 103, codeFrom: 'errno' });
    await expect(lark.call('scanCode')).rejects.toMatchObject({ code: 103 });
    await expect(lark.call('getLocation')).rejects.toMatchObject({ code: 4_242 });
    await expect(lark.call('getLocation')).rejects.toMatchObject({ code: 305 });
    expect(await lark.call('getLocation')).toMatchObject({ accuracy: 30 });
  });

  it('is refused by config as the client refuses it', async () => {
    install({ refuse: { config: 333448 } });
    await expect(lark.ready()).rejects.toMatchObject({ code: 333448, codeFrom: 'text' });
    await expect(lark.call('scanCode')).rejects.toMatchObject({ code: 333448 });
    expect((await lark.call('requestAuthCode', { appId: 'cli_1' })).code).toBeDefined();
  });

  it('meets a new client in each test, and none after the last, with one instance of the helper', async () => {
    install();
    await lark.ready();
    undo();
    install({ refuse: { config: 333448 } });
    await expect(lark.ready()).rejects.toMatchObject({ code: 333448 });
    undo();
    await expect(lark.ready()).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
    install();
    expect(await lark.ready()).toMatchObject({ appId: 'cli_fake000000000' });
  });
});

describe('the client', () => {
  it('refuses JSAPIs before config, and arguments that no client accepts', async () => {
    install();
    expect(await called('scanCode')).toEqual({
      errno: 2601002,
      errString: expect.stringContaining('(error code: 333445)') as string,
    });
    const { h5sdk } = window as unknown as { h5sdk: { config(parameters: object): void } };
    const configured = (changes: object): Promise<unknown> =>
      new Promise((resolve) => {
        const given = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's', jsApiList: [] };
        h5sdk.config({ ...given, ...changes, onSuccess: resolve, onFail: resolve });
      });
    expect(await configured({ timestamp: '1' })).toEqual({
      errno: 1012,
      errString: 'timestamp must be a number',
    });
    expect(await configured({})).toEqual({ errMsg: 'config:ok' });
    expect(await called('setClipboardData')).toMatchObject({ errno: 104 });
    expect(await called('scanCode')).toMatchObject({ errMsg: 'scanCode:ok' });
  });

  it('has the modes of the stand-in, with its defaults', async () => {
    install();
    expect(window.__larkStandIn).toMatchObject({ modes: parseModes('') });
    undo();
    install({ modes: { failure: 'errCode' }, refuse: { closeWindow: 102 } });
    expect(await called('closeWindow')).toEqual({
      errCode: 102,
      errMsg: expect.stringContaining('closeWindow:fail') as string,
    });
  });

  it('asks a simulated platform where it is given', async () => {
    const bodies: unknown[] = [];
    window.fetch = (address, init) => {
      bodies.push(address, JSON.parse((init as { body: string }).body));
      return Promise.resolve({
        json: () => Promise.resolve({ errCode: 333441, errMsg: 'invalid signature' }),
      });
    };
    install({ verify: 'http://127.0.0.1:4400' });
    await expect(lark.ready()).rejects.toMatchObject({ code: 333441 });
    expect(bodies.slice(0, 2)).toEqual([
      'http://127.0.0.1:4400/sandbox/verify',
      expect.objectContaining({ url: 'http://localhost/orders?id=42', nonceStr: 'fake-1' }),
    ]);
  });

  it('is told apart from a browser by its user agent', () => {
    install({ userAgent: 'Mozilla/5.0 Lark/6.0.0' });
    expect(window.navigator.userAgent).toBe('Mozilla/5.0 Lark/6.0.0');
    expect(isInLark(window as unknown as Page)).toBe(true);
  });
});

describe('web components', () => {
  const PAGE_URL = 'http://localhost/orders';
  const authorised = (options: ComponentOptions): Promise<unknown> =>
    authoriseComponents(window as unknown as Page, options);
  const asApp: ComponentOptions = { endpoint: SIGNER, jsApiList: ['DocsComponent'] };

  it('are authorised with a signature that is for them, and rendered', async () => {
    install();
    await expect(authorised(asApp)).resolves.toEqual({ appId: 'cli_fake000000000', url: PAGE_URL });
    const { webComponent } = window as unknown as { webComponent: Components };
    const mount = { textContent: '' };
    webComponent.render('DocsComponent', {}, mount);
    expect(mount.textContent).toContain('DocsComponent');
    expect(window.__larkStandIn).toMatchObject({ configs: [{ kind: 'component', url: PAGE_URL }] });
  });

  it('with a signature for pages, or of the app where there is an openId, are refused', async () => {
    install();
    const request = async (url: string, kind = ''): Promise<unknown> =>
      ((await window.fetch!(`${SIGNER}/config?url=${url}${kind}`)) as Response).json();
    const jsApiList = ['user_profile'];
    await expect(authorised({ request, jsApiList })).rejects.toMatchObject({ code: 20442 });
    const ofApp = (url: string): Promise<unknown> => request(url, '&kind=component');
    await expect(authorised({ request: ofApp, openId: 'ou_1', jsApiList })).rejects.toMatchObject({
      code: 20442,
    });
    await expect(authorised({ request: ofApp, jsApiList })).resolves.toBeDefined();
    lark = createFactory(window as unknown as Page)({ request: ofApp });
    await expect(lark.ready()).rejects.toMatchObject({ code: 333441 });
  });

  it('may be signed by an own back end, and meet the refusals that the test wants', async () => {
    install({ refuse: { 'webComponent.config': [9] } });
    const signed = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's', openId: 'ou_1' };
    const asUser: ComponentOptions = { request: () => signed, jsApiList: ['user_profile'] };
    await expect(authorised(asUser)).rejects.toMatchObject({ code: 9 });
    await expect(authorised(asUser)).resolves.toMatchObject({ appId: 'cli_1' });
    await lark.ready();
  });
});

describe('what undoes it', () => {
  it('leaves the window as it was', () => {
    const before = Object.getOwnPropertyDescriptors(window);
    install();
    expect(Object.keys(window)).not.toEqual(Object.keys(before));
    undo();
    expect(Object.getOwnPropertyDescriptors(window)).toEqual(before);
    expect(Object.keys(window.navigator)).toEqual([]);
    expect(window.navigator.userAgent).toContain('jsdom');
    undo();
  });

  it('gives back what was there: an SDK, a fetch', async () => {
    const own = { h5sdk: {}, tt: {}, fetch: jest.fn(() => Promise.resolve('elsewhere')) };
    Object.assign(window, own);
    install();
    await expect(window.fetch!('https://other.example.com/config')).resolves.toBe('elsewhere');
    const reported = (await window.fetch!(new URL(`${SIGNER}/report`))) as { status: number };
    expect(reported.status).toBe(204);
    undo();
    expect(window).toMatchObject(own);
  });
});
