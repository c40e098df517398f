// H5_SDK_URL: the defaults by platform, and which addresses are taken.
import { defaultSdkUrls, findSwitchedOff, parseSdkUrls } from '../../../src/config/parse-sdk-urls';

describe('defaultSdkUrls', () => {
  it('takes the builds for Feishu, also for private deployments', () => {
    const feishu = [
      'https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.48.js',
      'https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.44.js',
    ];
    expect(defaultSdkUrls(undefined)).toEqual(feishu);
    expect(defaultSdkUrls('feishu')).toEqual(feishu);
    expect(defaultSdkUrls('https://open.example.com')).toEqual(feishu);
  });

  it('tries the documented build first for Lark', () => {
    const lark = 'https://lf-package-sg.larksuitecdn.com/obj/lark-static-sgsaas/lark/op/h5-js-sdk-1.5.44.js';
    for (const domain of ['lark', 'Lark', 'LARK'])
      expect(defaultSdkUrls(domain)).toEqual([lark, ...defaultSdkUrls('feishu')]);
  });

  it('names no host that was switched off', () => {
    for (const domain of ['feishu', 'lark']) expect(findSwitchedOff(defaultSdkUrls(domain), 'X')).toEqual([]);
  });
});

describe('findSwitchedOff', () => {
  it.each([
    'https://s0.pstatp.com/ee/lark/js_sdk/h5-js-sdk-1.3.1.js',
    'https://sf1-ttcdn-tos.pstatp.com/obj/lark-static-sdk/h5-js-sdk.js',
    'https://s1.bytecdn.cn/lark/op/h5-js-sdk-1.5.0.js',
    'http://PSTATP.com:8080/sdk.js',
    'https://bytecdn.cn/sdk.js',
  ])('warns of %s', (url) => {
    const good = 'https://sdk.example.com/h5.js';
    const [warning, ...more] = findSwitchedOff([good, url], 'H5_SDK_URL');
    expect(warning).toMatch(
      /^H5_SDK_URL names \S*(?:pstatp\.com|bytecdn\.cn)\S*, which was switched off .*1\.5\.48.*larksuitecdn/,
    );
    expect(more).toEqual([]);
  });

  it.each(['https://notbytecdn.cn/a.js', 'https://bytecdn.cn.example.com/a.js', 'https://a.cn/pstatp.com'])(
    'says nothing of %s',
    (url) => expect(findSwitchedOff([url], 'H5_SDK_URL')).toEqual([]),
  );
});

describe('parseSdkUrls', () => {
  it('keeps the order, and each address once', () => {
    const text = 'https://b.cn/sdk.js, https://a.cn/sdk.js?v=1,https://b.cn/sdk.js,';
    expect(parseSdkUrls(text, false)).toEqual(['https://b.cn/sdk.js', 'https://a.cn/sdk.js?v=1']);
  });

  it('takes plain http from this machine, and from others when it is allowed', () => {
    expect(parseSdkUrls('http://127.0.0.1:4400/sdk.js', false)).toHaveLength(1);
    expect(parseSdkUrls('http://10.0.0.1/sdk.js', true)).toHaveLength(1);
    expect(() => parseSdkUrls('http://10.0.0.1/sdk.js', false)).toThrow(/write https:\/\/10\.0\.0\.1/);
  });

  it.each([
    ['', /no address is listed/],
    ['/sdk.js', /"\/sdk\.js" is not the address of a script/],
    ['javascript:alert(1)', /is not the address/],
    ['https://', /is not the address/],
    ['https://me:hush@a.cn/sdk.js', /user name or password: remove it/],
    ['/one, /two', /"\/one".*"\/two"/],
  ])('refuses %j', (text, message) => {
    expect(() => parseSdkUrls(text, false)).toThrow(message);
    expect(() => parseSdkUrls(text, false)).not.toThrow(/hush/);
  });
});
