// JSAPIs as promises, logins that need no signer, and the SDK that makes both possible.
import { createFactory } from '../../../src/browser/create-factory';
import type { LarkOptions } from '../../../src/browser/options';
import { FakePage, SIGNER } from '../../support/fake-page';

function larkOn(page: FakePage, options: LarkOptions = SIGNER) {
  return createFactory(page, undefined)(options);
}

describe('call', () => {
  it('waits until the page is authorised', async () => {
    const page = new FakePage();
    page.clientMs = 5_000;
    const scanned = larkOn(page).call('scanCode', { scanType: ['qrCode'] });
    await page.pass(4_900);
    expect(page.calls).toHaveLength(0);
    expect(await page.settle(scanned)).toEqual({ result: 'scanned' });
    expect(page.calls[0]).toMatchObject({ name: 'scanCode', parameters: { scanType: ['qrCode'] } });
  });

  it.each([
    ['tt.scanCode', { result: 'scanned' }],
    ['biz.util.scan', { text: 'older' }],
    ['h5sdk.biz.util.scan', { text: 'older' }],
  ])('finds %s', async (name, result) => {
    const page = new FakePage();
    expect(await page.settle(larkOn(page).call(name))).toEqual(result);
  });

  it('rejects with the platform’s code, the name and the advice, and tells onError once', async () => {
    const page = new FakePage();
    page.tt!['scanCode'] = ({ fail }: { fail: (failure: unknown) => void }) => fail({ errno: 333445 });
    const onError = jest.fn();
    const call = larkOn(page, { ...SIGNER, onError }).call('scanCode');
    await expect(page.settle(call)).rejects.toMatchObject({
      code: 333445,
      api: 'scanCode',
      advice: 'Name this JSAPI in jsApiList.',
    });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('rejects when the client throws, has no such JSAPI, or does not answer in time', async () => {
    const page = new FakePage();
    const lark = larkOn(page);
    await page.settle(lark.ready());
    page.tt!['broken'] = () => {
      throw new Error('bridge is gone');
    };
    page.tt!['silent'] = () => {};
    await expect(page.settle(lark.call('broken' as string))).rejects.toMatchObject({
      detail: 'bridge is gone',
    });
    await expect(page.settle(lark.call('noSuch' as string))).rejects.toMatchObject({
      problem: 'API_MISSING',
      api: 'noSuch',
    });
    await expect(page.settle(lark.call('biz.no.such'))).rejects.toMatchObject({ problem: 'API_MISSING' });
    const startMs = page.clock.monotonicMs();
    await expect(page.settle(lark.call('silent' as string, {}, 700))).rejects.toMatchObject({
      problem: 'TIMEOUT',
    });
    expect(page.clock.monotonicMs() - startMs).toBe(700);
  });

  it('finds a function that the SDK puts in place a moment later', async () => {
    const page = new FakePage();
    const lark = larkOn(page);
    const { scanCode } = page.tt!;
    delete page.tt!['scanCode'];
    page.setTimeout(() => (page.tt!['scanCode'] = scanCode), 300);
    expect(await page.settle(lark.call('scanCode'))).toEqual({ result: 'scanned' });
  });
});

describe('a login', () => {
  it.each([
    ['requestAuthCode', { appId: 'cli_7' }],
    ['requestAccess', { appID: 'cli_7', scopeList: [] }],
    ['tt.requestAccess', { appID: 'cli_7', scopeList: [] }],
    ['closeWindow', {}],
  ])('goes out with a dead signer: %s', async (name, filledIn) => {
    const page = new FakePage();
    page.signer = () => 'offline';
    await page.settle(larkOn(page, { ...SIGNER, appId: 'cli_7' }).call(name));
    expect(page.calls[0]!.parameters).toMatchObject(filledIn);
    expect(page.requests).toHaveLength(0);
  });

  it('is given the app id that the signer named', async () => {
    const page = new FakePage();
    const lark = larkOn(page);
    await page.settle(lark.ready());
    await page.settle(lark.call('requestAuthCode'));
    expect(page.calls[0]!.parameters['appId']).toBe('cli_1');
  });

  it('keeps the page’s own parameters, and waits for an SDK that is not there yet', async () => {
    const page = new FakePage(undefined, { sdk: false });
    const lark = larkOn(page, { ...SIGNER, appId: 'cli_7' });
    expect(await page.settle(lark.call('requestAuthCode', { appId: 'cli_8' }))).toEqual({ code: 'c0de' });
    expect(page.calls[0]!.parameters['appId']).toBe('cli_8');
    expect(page.requests).toHaveLength(0);
  });
});

describe('the SDK', () => {
  it('is not loaded when the page has it', async () => {
    const page = new FakePage();
    await page.settle(larkOn(page).ready());
    expect(page.scripts).toHaveLength(0);
  });

  it('comes from the signer, whose addresses are tried in turn', async () => {
    const page = new FakePage(undefined, { sdk: false });
    page.script = (src) => (src.endsWith('0') ? 'error' : src.endsWith('1') ? 'hang' : 'sdk');
    await page.settle(larkOn(page).ready());
    expect(page.scripts.map(({ src, removed }) => [src, removed])).toEqual([
      ['https://signer.example.com/h5-sdk.js?try=0', true],
      ['https://signer.example.com/h5-sdk.js?try=1', true],
      ['https://signer.example.com/h5-sdk.js?try=2', false],
    ]);
  });

  it.each([['https://cdn.example.com/a.js'], [['https://cdn.example.com/a.js']]])(
    'comes from sdkUrl %j, and is tried again by a later call',
    async (sdkUrl) => {
      const page = new FakePage(undefined, { sdk: false });
      page.script = () => 'empty';
      const onError = jest.fn();
      const lark = larkOn(page, { ...SIGNER, sdkUrl, onError });
      await expect(page.settle(lark.ready())).rejects.toMatchObject({ problem: 'SDK_UNAVAILABLE' });
      expect(onError).toHaveBeenCalledTimes(1);
      page.script = () => 'sdk';
      await page.settle(lark.ready());
      expect(page.scripts.map(({ src }) => src)).toEqual(Array(2).fill('https://cdn.example.com/a.js'));
    },
  );

  it('is waited for when the page’s own script tag is still on its way', async () => {
    const page = new FakePage(undefined, { sdk: false });
    const own = page.addOwnScript();
    page.setTimeout(() => {
      page.installSdk();
      own.fire('load');
    }, 500);
    await page.settle(larkOn(page).ready());
    expect(page.scripts).toHaveLength(0);
  });

  it('is not waited for from a script tag whose time is over', async () => {
    const page = new FakePage(undefined, { sdk: false });
    page.addOwnScript();
    page.document.readyState = 'complete';
    await page.settle(larkOn(page).ready());
    expect(page.clock.monotonicMs()).toBeLessThan(new FakePage().clock.monotonicMs() + 1_000);
  });

  it('is loaded when the page’s own script tag fails', async () => {
    const page = new FakePage(undefined, { sdk: false });
    const own = page.addOwnScript();
    page.setTimeout(() => own.fire('error'), 500);
    await page.settle(larkOn(page).ready());
    expect(page.scripts).toHaveLength(1);
  });

  it('is not looked for outside the client, which is said at once', async () => {
    const page = new FakePage(undefined, { sdk: false });
    page.navigator.userAgent = 'Mozilla/5.0 Chrome/130';
    const lark = larkOn(page);
    await expect(lark.ready()).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
    await expect(lark.call('requestAuthCode')).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
    expect(page.scripts).toHaveLength(0);
    expect(page.clock.timers).toBe(0);
  });

  it('proves the client where the user agent does not', async () => {
    const page = new FakePage();
    page.navigator.userAgent = 'Mozilla/5.0 Chrome/130';
    await page.settle(larkOn(page).ready());
    expect(page.configs).toHaveLength(1);
  });
});
