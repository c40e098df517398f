// H5_SDK_URL: the defaults by platform, and which addresses are taken.
import { defaultSdkUrls, parseSdkUrls } from '../../../src/config/parse-sdk-urls';

describe('defaultSdkUrls', () => {
  it('takes the build for Feishu, also for private deployments', () => {
    const feishu = ['https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.44.js'];
    expect(defaultSdkUrls(undefined)).toEqual(feishu);
    expect(defaultSdkUrls('feishu')).toEqual(feishu);
    expect(defaultSdkUrls('https://open.example.com')).toEqual(feishu);
  });

  it('tries a host outside of China first for Lark', () => {
    expect(defaultSdkUrls('Lark')).toEqual([
      expect.stringMatching(/^https:\/\/lf1-cdn-tos\.bytegoofy\.com\//),
      ...defaultSdkUrls('feishu'),
    ]);
  });
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
