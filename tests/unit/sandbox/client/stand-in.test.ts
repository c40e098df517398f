// The stand-in for the client: the script that browsers get, run as text in a window without a browser.
import { CLIENT_CODES } from '../../../../src/client-failures/client-codes';
import { parseModes } from '../../../../src/sandbox/client/modes';
import { StandInPage } from '../../../support/stand-in-page';

const OK = expect.stringMatching(/:ok$/) as unknown;

describe('the stand-in for the client', () => {
  it('has the platform check the URL of the page, whatever the page says, and nothing but the documented fields', async () => {
    const page = new StandInPage({ url: 'https://h5.cn/list?a=1&b=2#/r' });
    const given = { appId: 'cli_a', timestamp: 1, nonceStr: 'n', signature: 's', jsApiList: ['scanCode'] };
    expect(await page.config({ ...given, url: 'https://elsewhere.cn/' })).toEqual({ errMsg: OK });
    const url = 'https://h5.cn/list?a=1&b=2';
    expect(page.sent).toEqual([{ address: 'http://platform/sandbox/verify', body: { ...given, url } }]);
    expect(page.handle.configs).toMatchObject([{ errCode: 0, url }]);
  });

  it('has the landing URL checked where the client does that', async () => {
    const page = new StandInPage({
      query: 'verify=landing',
      landingUrl: 'https://h5.cn/in?x#top',
      url: 'https://h5.cn/b',
    });
    await page.config();
    expect(page.sent[0]?.body['url']).toBe('https://h5.cn/in?x');
    page.handle.modes.verify = 'current';
    await page.config();
    expect(page.sent[1]?.body['url']).toBe('https://h5.cn/b');
  });

  it.each([
    ['', { errno: 2601002, errString: 'authentication failed: why (error code: 333448)' }],
    ['failure=errString', { errno: 2601002, errString: 'authentication failed: why (error code: 333448)' }],
    ['failure=errCode', { errCode: 333448, errMsg: 'why' }],
    ['failure=errno', { errno: 333448, errMsg: 'why' }],
    ['failure=errorCode', { errorCode: 333448, errorMessage: 'why' }],
    ['failure=words', { errString: 'why' }],
    ['failure=wrapped', { errCode: 2601002, errMsg: 'authentication failed, code: 333448, why' }],
  ])('tells onFail and every h5sdk.error callback of a refusal (%s)', async (query, failure) => {
    const page = new StandInPage({ query });
    page.verdict = { errCode: 333448, errMsg: 'why' };
    const heard: unknown[] = [];
    page.h5sdk.error((error) => heard.push({ ...error }));
    page.h5sdk.error((error) => heard.push({ ...error }));
    expect(await page.config()).toEqual(failure);
    expect(heard).toEqual([failure, failure]);
  });

  it('refuses with the codes that are asked for, one call each, whatever the platform would say', async () => {
    const page = new StandInPage({ query: 'refuse=10001,333443&fail=103' });
    expect(await page.config()).toEqual({ errno: 10001, errString: 'request failed' });
    expect(await page.config()).toMatchObject({
      errString: expect.stringContaining('(error code: 333443)') as unknown,
    });
    expect(page.sent).toEqual([]);
    expect(await page.config()).toEqual({ errMsg: OK });
    expect(await page.call('requestAccess')).toMatchObject({ errno: 103 });
    expect(await page.call('scanCode')).toMatchObject({ errMsg: OK });
    page.handle.modes.refuse.push(305);
    expect(await page.config()).toMatchObject({ errno: 305 });
  });

  it.each(['refuse=1', 'fail=x', 'refuse=333443;10001'])('knows no code %s', (query) => {
    expect(() => parseModes(query)).toThrow(RangeError);
  });

  it('has words for every code that clients know', async () => {
    for (const code of Object.keys(CLIENT_CODES)) {
      const page = new StandInPage({ query: `refuse=${code}&failure=errno` });
      expect(await page.config()).toMatchObject({
        errno: Number(code),
        errMsg: expect.stringMatching(/\w/) as unknown,
      });
    }
  });

  it('says 2601001 when the platform does not answer', async () => {
    const page = new StandInPage();
    page.isPlatformDown = true;
    expect(await page.config()).toMatchObject({ errno: 2601001 });
  });

  it('fires ready without config, or only after one that was accepted', async () => {
    const fired: string[] = [];
    const page = new StandInPage();
    page.h5sdk.ready(() => fired.push('at once'));
    await page.pass();
    const withholding = new StandInPage({ query: 'ready=withhold' });
    withholding.h5sdk.ready(() => fired.push('withheld'));
    withholding.verdict = { errCode: 333441, errMsg: 'no' };
    await withholding.config();
    expect(fired).toEqual(['at once']);
    withholding.verdict = { errCode: 0, errMsg: 'ok' };
    await withholding.config();
    withholding.h5sdk.ready(() => fired.push('later'));
    await withholding.pass();
    expect(fired).toEqual(['at once', 'withheld', 'later']);
  });

  it('answers a config before ready, or, where clients differ, not at all', async () => {
    expect(await new StandInPage().config()).toEqual({ errMsg: OK });
    const page = new StandInPage({ query: 'beforeReady=ignore&latency=300' });
    const answered = jest.fn();
    const ready = jest.fn(() => page.h5sdk.config({ onSuccess: answered, onFail: answered }));
    page.h5sdk.ready(ready);
    page.h5sdk.config({ onSuccess: answered, onFail: answered });
    await page.pass(299);
    expect([page.sent, ready.mock.calls, answered.mock.calls]).toEqual([[], [], []]);
    await page.pass(300);
    expect([page.sent.length, ready.mock.calls.length, answered.mock.calls.length]).toEqual([1, 1, 1]);
  });

  it.each([
    [['scanCode', 'tt.getLocation', 'h5sdk.getSystemInfo', 'biz.util.scan'], { errMsg: OK }],
    [[], { errMsg: OK }],
    [undefined, { errMsg: OK }],
    [['scanCode', 'scanCodes'], { errno: 104, errString: expect.stringContaining('scanCodes') }],
    [['biz.util.scanCode'], { errno: 104 }],
  ])(
    'knows the names of its JSAPIs, and in one mode fails others with 104: %j',
    async (jsApiList, expected) => {
      const page = new StandInPage({ query: 'unknownNames=fail' });
      expect(await page.config({ jsApiList })).toMatchObject(expected);
      page.handle.modes.unknownNames = 'accept';
      expect(await page.config({ jsApiList })).toEqual({ errMsg: OK });
    },
  );

  it('answers after its latency', async () => {
    const page = new StandInPage({ query: 'latency=300' });
    const answered = jest.fn();
    page.h5sdk.config({ onSuccess: answered });
    page.tt['closeWindow']?.({ success: answered });
    await page.pass(299);
    expect(answered).not.toHaveBeenCalled();
    await page.pass(300);
    expect(answered).toHaveBeenCalledTimes(2);
  });
});

describe('JSAPIs of the stand-in', () => {
  it('refuses them with 333445 before config and when they are not listed', async () => {
    const page = new StandInPage();
    const refusal = {
      errno: 2601002,
      errString: expect.stringMatching(/\(error code: 333445\)$/) as unknown,
    };
    expect(await page.call('scanCode')).toEqual(refusal);
    await page.config({ jsApiList: ['tt.getLocation', 'biz.util.scan'] });
    expect(await page.call('scanCode')).toEqual(refusal);
    expect(await page.call('getLocation')).toMatchObject({ errMsg: 'getLocation:ok' });
    const dotted = jest.fn();
    const other = jest.fn();
    page.h5sdk.biz.util['scan']?.({ onSuccess: dotted, success: other, complete: other });
    await page.pass();
    expect(dotted).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
  });

  it('allows all of them after a config with an empty list', async () => {
    const page = new StandInPage();
    await page.config({ jsApiList: [] });
    expect(await page.call('scanCode')).toMatchObject({ result: expect.any(String) });
    await page.call('setClipboardData', { data: 'text' });
    expect(await page.call('getClipboardData')).toMatchObject({ data: 'text' });
    expect(await page.call('setClipboardData')).toMatchObject({ errno: 104 });
  });

  it('lets a page log in and close without config', async () => {
    const page = new StandInPage();
    const first = await page.call('requestAccess', { appID: 'cli_a', scopeList: [] });
    const second = await page.call('requestAuthCode', { appId: 'cli_a' });
    expect(first['code']).toEqual(expect.any(String));
    expect(second['code']).not.toBe(first['code']);
    expect(await page.call('closeWindow')).toEqual({ errMsg: OK });
    expect(await page.call('requestAccess', { appId: 'cli_a' })).toMatchObject({ errno: 104 });
  });
});

describe('what the stand-in remembers', () => {
  const mayScan = async (page: StandInPage): Promise<boolean> =>
    (await page.call('scanCode'))['result'] !== undefined;

  it.each([
    ['another fragment', 'https://h5.cn/list#/detail', true],
    ['a page below it', 'https://h5.cn/list/1?x=1', true],
    ['another query', 'https://h5.cn/list?x=1', false],
    ['a sibling that begins alike', 'https://h5.cn/listing', false],
    ['a page above it', 'https://h5.cn/', false],
  ])('after a push to %s (%s): %s', async (_what, url, expected) => {
    const page = new StandInPage();
    await page.config();
    page.push(url);
    expect(await mayScan(page)).toBe(expected);
    page.go(-1);
    // What was forgotten stays forgotten.
    expect(await mayScan(page)).toBe(expected);
  });

  it('lets a page inherit only while its parent is behind it', async () => {
    const page = new StandInPage();
    await page.config();
    page.push('https://h5.cn/list/1');
    page.replace('https://h5.cn/list/2');
    expect(await mayScan(page)).toBe(true);
    page.go(-1);
    page.replace('https://h5.cn/other');
    page.go(1);
    expect(await mayScan(page)).toBe(false);
  });

  it('counts an answer for the page that asked', async () => {
    const page = new StandInPage({ query: 'latency=300' });
    page.h5sdk.config({});
    page.push('https://h5.cn/other');
    await page.pass(300);
    page.handle.modes.latency = 0;
    expect(await mayScan(page)).toBe(false);
  });

  it('inherits nothing in a browser that does not show its history', async () => {
    const page = new StandInPage({ hasNavigation: false });
    await page.config();
    expect(await mayScan(page)).toBe(true);
    page.push('https://h5.cn/list/1');
    expect(await mayScan(page)).toBe(false);
  });
});
