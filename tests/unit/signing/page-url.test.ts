// What a page URL may be, and the text of a refusal.
import { ServiceError } from '../../../src/base/errors';
import { parsePageUrl } from '../../../src/signing/page-url';

function refusal(received: string): ServiceError {
  try {
    parsePageUrl(received);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error(`accepted ${received}`);
}

describe('parsePageUrl accepts', () => {
  it.each([
    ['https://h.cn/a?x=1&y=2', 'https://h.cn'],
    ['https://h.cn', 'https://h.cn'],
    ['https://h.cn/', 'https://h.cn'],
    ['https://h.cn?x=1', 'https://h.cn'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://h.cn:443/', 'http://h.cn:443'],
    ['http://[::1]:8080/a', 'http://[::1]:8080'],
    ['https://xn--fsqu00a.cn/', 'https://xn--fsqu00a.cn'],
    [`https://${'a'.repeat(253)}:65535/`, `https://${'a'.repeat(253)}:65535`],
    ['https://h.cn/%E4%B8%AD%20%zz?q=100%', 'https://h.cn'],
    ['https://h.cn/中文?q=飞书', 'https://h.cn'],
    ['https://h.cn/😀', 'https://h.cn'],
    ['https://h.cn/a/../b/./c//d', 'https://h.cn'],
    ['https://h.cn/?mail=a@b.cn&u=https://x.cn:443/', 'https://h.cn'],
    ["https://h.cn/?x={a|b}^`'+", 'https://h.cn'],
  ])('%s, byte for byte', (received, origin) => {
    expect(parsePageUrl(received)).toEqual({ toSign: received, origin });
  });

  it.each([
    ['https://h.cn/a?x=1#/r', 'https://h.cn/a?x=1'],
    ['https://h.cn#', 'https://h.cn'],
    ['https://h.cn/a#b#c?d', 'https://h.cn/a'],
  ])('%s, and drops its fragment', (received, toSign) => {
    expect(parsePageUrl(received).toSign).toBe(toSign);
  });

  it.each([
    ['https://h.cn/a?x=https://x.cn#/r', 'https://h.cn', 'https://h.cn/a?x=https://x.cn'],
    ['https://h.cn?x=1', 'https://h.cn', 'https://h.cn?x=1'],
    ['http://h.cn:8080#r', 'http://h.cn:8080', 'http://h.cn:8080'],
    ['https://h.cn', 'https://h.cn', 'https://h.cn'],
  ])('%s without a parser when the list names its origin', (received, origin, toSign) => {
    const asked: string[] = [];
    const names = (text: string) => asked.push(text) > 0;
    const allowed = { names };
    expect(parsePageUrl(received, allowed)).toEqual({ toSign, origin, namedBy: allowed });
    expect(asked).toEqual([origin]);
  });

  it('8,192 characters, and no more', () => {
    const longest = `https://h.cn/?${'a'.repeat(8_192 - 14)}`;
    expect(parsePageUrl(longest).toSign).toBe(longest);
    expect(refusal(`${longest}a`)).toMatchObject({
      code: 'URL_TOO_LONG',
      message: expect.stringMatching(/8193.*to its fragment/) as string,
    });
  });
});

describe('parsePageUrl refuses', () => {
  it('an empty one, and says what to send', () => {
    expect(refusal('')).toMatchObject({
      code: 'URL_MISSING',
      message: expect.stringContaining('encodeURIComponent(location.href') as string,
    });
  });

  it.each([
    ['https%3A%2F%2Fh.cn%2Fa', /still percent-encoded/],
    ['https%253A%252F%252Fh.cn', /still percent-encoded/],
    ['http%3A%2F%2Fh.cn%2Fa', /still percent-encoded/],
    ['h.cn/?u=https%3A%2F%2Fx.cn', /lacks its scheme/],
    ['h.cn/?u=https://x.cn', /lacks its scheme/],
    ['h.cn/a', /lacks its scheme/],
    ['//h.cn/a', /lacks its scheme/],
    ['/a?x=1', /lacks its scheme/],
    ['localhost:3000/a', /lacks its scheme/],
    ['undefined', /lacks its scheme/],
    ['https://', /no valid host/],
    ['https://h.cn:99999/', /no valid host or port/],
    ['http://h.cn:99999/', /no valid host or port/],
    ['https://[::1/', /no valid host/],
    ['https://h%2Fcn/', /no valid host/],
    ['file:///home/a.html', /neither https nor http/],
    ['about:blank', /neither https nor http/],
    ['ftp://h.cn/', /neither https nor http/],
    ['ftp://h.cn:21/', /neither https nor http/],
    ['ws://h.cn/', /neither https nor http/],
    ['blob:https://h.cn/0b2c', /neither https nor http/],
    ['javascript:alert(1)', /neither https nor http/],
    ['HTTPS://h.cn/', /capital letters.*exactly https:\/\/h\.cn,/],
    ['HTTP://[1:80::1]/', /capital letters/],
    ['https://H.cn/', /capital letters.*exactly https:\/\/h\.cn,/],
    ['https://h.cn:443/', /default port.*exactly https:\/\/h\.cn,/],
    ['http://h.cn:80', /default port/],
    ['http://h.cn:0080?x', /default port/],
    ['https://h.cn:/', /not in the form/],
    ['https://h.cn:08443/', /not in the form.*exactly https:\/\/h\.cn:8443,/],
    ['https://u:p@h.cn/', /user name.*exactly https:\/\/h\.cn,/],
    ['https://@h.cn/', /user name/],
    ['https://h.cn@evil.cn/', /user name.*exactly https:\/\/evil\.cn,/],
    ['https:h.cn/', /no "\/\/"/],
    ['https:/h.cn/', /no "\/\/"/],
    ['https:/h.cn/?u=https://x.cn', /no "\/\/"/],
    ['https:///h.cn/', /no "\/\/"/],
    ['https:\\\\h.cn\\a', /no "\/\/"/],
    ['https://h.cn\\a', /neither "\/", "\?" nor "#"/],
    ['https://h.cn\\@evil.cn/', /neither "\/", "\?" nor "#"/],
    ['https://例子.cn/', /beyond ASCII.*xn-- form/],
    ['http://0x7f.1/', /not in the form.*exactly http:\/\/127\.0\.0\.1,/],
    ['http://127.1/', /not in the form/],
    ['http://[0:0:0:0:0:0:0:1]/', /not in the form.*exactly http:\/\/\[::1\],/],
    ['https://h%2ecn/', /not in the form/],
    ['https://h。cn/', /beyond ASCII/],
    [`https://${'a'.repeat(254)}/`, /longer than 253 characters/],
    [`https://${'a.'.repeat(127)}/`, /longer than 253 characters/],
    [`https://${'a'.repeat(254)}:8443/`, /longer than 253 characters/],
    [`https://${'a'.repeat(8_000)}@h.cn/`, /user name.*exactly https:\/\/h\.cn,/],
    [`http://[${'0:'.repeat(4_000)}1]/`, /longer than 253 characters/],
    ['https://*a.h.cn/', /a character that no host name has/],
    ['https://a"code=hush.h.cn/', /a character that no host name has\. Send/],
    ['https://h.cn/a b', /a space at position 15/],
    [' ', /a space at position 1,/],
    [' https://h.cn/', /a space at position 1,/],
    ['https://h.cn/ ', /a space/],
    ['https://h.cn/#a b', /a space/],
    ['https://h.cn/\u00a0', /white space \(U\+00A0\)/],
    ['https://h.cn/\u3000', /white space \(U\+3000\)/],
    ['https://h.cn/\u2028', /white space \(U\+2028\)/],
    ['\ufeffhttps://h.cn/', /white space \(U\+FEFF\) at position 1\./],
    ['https://h.cn/\ta', /white space \(U\+0009\)/],
    ['https://h.\ncn/', /white space \(U\+000A\)/],
    ['https://h.cn/\u0000', /control character \(U\+0000\)/],
    ['\u0001https://h.cn/', /control character \(U\+0001\)/],
    ['https://h.cn/\u007f', /control character \(U\+007F\)/],
    ['https://h.cn/\u0085', /control character \(U\+0085\)/],
    ['https://h.cn/\ud83d', /half a surrogate pair \(U\+D83D\)/],
    ['https://h.cn/\ude00\ud83d', /half a surrogate pair \(U\+DE00\)/],
  ])('%j', (received, detail) => {
    const error = refusal(received);
    expect(error.code).toBe('URL_INVALID');
    expect(error.message).toMatch(detail);
    expect(error.message).toContain('Send encodeURIComponent(');
  });

  it.each([
    'https://h.cn@evil.cn/',
    'https://h.cn\\@evil.cn/',
    'https://h.cn:443/',
    'https://h.cn.evil.cn\\',
  ])('%s although the list names https://h.cn', (received) => {
    const names = (text: string) => text === 'https://h.cn';
    expect(() => parsePageUrl(received, { names })).toThrow(ServiceError);
  });

  it.each([
    'HTTPS://h.cn/?code=hush',
    'https://hush@h.cn/?code=hush#hush',
    'https://h.cn:443/?code=hush',
    'https://h.cn/a b?code=hush',
    'https://h.cn\\?code=hush',
    'h.cn/?code=hush',
    'https%3A%2F%2Fh.cn%3Fcode%3Dhush',
    'https://?code=hush',
    'file:///?code=hush',
    `https://h.cn/?code=hush${'a'.repeat(8_192)}`,
  ])('%.40s without repeating its query, fragment or user name', (received) => {
    expect(refusal(received).message).not.toContain('hush');
  });
});
