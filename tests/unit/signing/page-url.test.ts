// What a page URL may be, and the text of a refusal.
import { ServiceError } from '../../../src/base/errors';
import { parsePageUrl } from '../../../src/signing/page-url';
import { minCpuMs } from '../../support/min-cpu-ms';

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
    ['https://h.cn/', 'https://h.cn'],
    ['https://h.cn/?x=1', 'https://h.cn'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://h.cn:443/', 'http://h.cn:443'],
    ['http://h.cn:0/', 'http://h.cn:0'],
    ['http://[::1]:8080/a', 'http://[::1]:8080'],
    ['http://127.0.0.1/', 'http://127.0.0.1'],
    ['https://xn--fsqu00a.cn/', 'https://xn--fsqu00a.cn'],
    ['https://h.cn./', 'https://h.cn.'],
    // No name in use has such a host; a browser writes it all the same.
    ['http://!"$&\'()*+,-.;=_`{}~/', 'http://!"$&\'()*+,-.;=_`{}~'],
    [`https://${'a'.repeat(253)}:65535/`, `https://${'a'.repeat(253)}:65535`],
    // Escapes are the page's affair, in either case, whole or not.
    ['https://h.cn/%E4%B8%AD%20%zz?q=100%', 'https://h.cn'],
    ['https://h.cn/%e4%b8%ad%2F?q=%D6%D0', 'https://h.cn'],
    // What the standard leaves alone in a path, and in a query.
    ["https://h.cn/!$%&'()*+,-.:;=@[]_|~", 'https://h.cn'],
    ['https://h.cn/?!$%&()*+,-./:;=?@[\\]^_`{|}~', 'https://h.cn'],
    ['https://h.cn/?mail=a@b.cn&u=https://x.cn:443/../.', 'https://h.cn'],
    // No dot segments.
    ['https://h.cn/b//c///', 'https://h.cn'],
    ['https://h.cn/.a/..b/c./d../...', 'https://h.cn'],
    ['https://h.cn/%2ea/%2e%2e%2e/a%2e/.%2f../x', 'https://h.cn'],
    ['https://h.cn/a?/../.', 'https://h.cn'],
  ])('%s, byte for byte, as it is the href of its URL', (received, origin) => {
    expect(new URL(received).href).toBe(received);
    expect(parsePageUrl(received)).toEqual({ toSign: received, origin });
  });

  it.each([
    ['https://h.cn/a?x=1#/r', 'https://h.cn/a?x=1'],
    ['https://h.cn/#', 'https://h.cn/'],
    ['https://h.cn/?#', 'https://h.cn/?'],
    ['https://h.cn/a#b#c?d', 'https://h.cn/a'],
    ['https://h.cn/a#/../b//c', 'https://h.cn/a'],
    // Of a fragment nothing is signed, so that nothing is asked.
    ['https://h.cn/a#/飞书 "<>\u0000\ud83d', 'https://h.cn/a'],
  ])('%s, and drops its fragment', (received, toSign) => {
    expect(parsePageUrl(received).toSign).toBe(toSign);
  });

  it.each([
    ['https://h.cn/a?x=https://x.cn#/r', 'https://h.cn', 'https://h.cn/a?x=https://x.cn'],
    ['https://h.cn/?x=1', 'https://h.cn', 'https://h.cn/?x=1'],
    ['http://h.cn:8080/#r', 'http://h.cn:8080', 'http://h.cn:8080/'],
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

describe('parsePageUrl refuses what no browser writes, and accepts what it writes instead:', () => {
  it.each([
    // An origin without its slash.
    ['https://h.cn', 'https://h.cn/', /no slash behind its origin.* https:\/\/h\.cn\/\. Send/],
    ['http://localhost:3000', 'http://localhost:3000/', /no slash.* http:\/\/localhost:3000\/\. /],
    ['https://h.cn?x=1', 'https://h.cn/?x=1', /no slash.* https:\/\/h\.cn\/\. /],
    ['https://h.cn#/r', 'https://h.cn/#/r', /no slash/],
    ['http://[::1]:8080?', 'http://[::1]:8080/?', /no slash/],
    // Characters beyond ASCII.
    ['https://h.cn/中', 'https://h.cn/%E4%B8%AD', /beyond ASCII \(U\+4E2D\) at position 14, .*%E4%B8%AD\. /],
    [
      'https://h.cn/a?q=é',
      'https://h.cn/a?q=%C3%A9',
      /\(U\+00E9\) at position 18, .*%C3%A9\. .*once too often/,
    ],
    ['https://h.cn/😀', 'https://h.cn/%F0%9F%98%80', /\(U\+1F600\) at position 14, .*%F0%9F%98%80\./],
    ['https://h.cn/a?飞=书#r', 'https://h.cn/a?%E9%A3%9E=%E4%B9%A6#r', /\(U\+98DE\) at position 16/],
    ['https://h.cn/%20a\u0301', 'https://h.cn/%20a%CC%81', /\(U\+0301\) at position 18/],
    // Marks that are escaped: " < > everywhere, ` { } in a path, ' in a query.
    ['https://h.cn/"a"', 'https://h.cn/%22a%22', /holds " at position 14, where a browser writes %22\. /],
    ['https://h.cn/a?q="', 'https://h.cn/a?q=%22', /holds " at position 18/],
    ['https://h.cn/<b>', 'https://h.cn/%3Cb%3E', /holds < at position 14, .*%3C/],
    ['https://h.cn/a?x<1', 'https://h.cn/a?x%3C1', /holds < at position 17/],
    ['https://h.cn/a?x>1', 'https://h.cn/a?x%3E1', /holds > at position 17, .*%3E/],
    ['https://h.cn/{id}', 'https://h.cn/%7Bid%7D', /holds { at position 14, .*%7B/],
    ['https://h.cn/a}', 'https://h.cn/a%7D', /holds } at position 15, .*%7D/],
    ['https://h.cn/`', 'https://h.cn/%60', /holds ` at position 14, .*%60/],
    ["https://h.cn/?q='", 'https://h.cn/?q=%27', /holds ' at position 17, .*%27/],
    // A backslash before the query.
    ['https://h.cn/a\\b', 'https://h.cn/a/b', /holds \\ at position 15, where a browser writes \/\. /],
    ['https://h.cn\\a', 'https://h.cn/a', /holds \\ at position 13/],
    ['https://h.cn\\@evil.cn/', 'https://h.cn/@evil.cn/', /holds \\ at position 13/],
    ['https://h.cn/\\', 'https://h.cn//', /holds \\ at position 14/],
    ['https://h.cn/a\\?b\\', 'https://h.cn/a/?b\\', /holds \\ at position 15/],
    // Dot segments, escaped ones included.
    ['https://h.cn/a/../b', 'https://h.cn/b', /segment "\.\." at position 16, .*the segment before it/],
    ['https://h.cn/./a', 'https://h.cn/a', /segment "\." at position 14, which a browser leaves out/],
    ['https://h.cn/a/.', 'https://h.cn/a/', /segment "\." at position 16/],
    ['https://h.cn/..?x', 'https://h.cn/?x', /segment "\.\." at position 14/],
    ['https://h.cn/a/%2e/b', 'https://h.cn/a/b', /segment "%2e" at position 16, which a browser leaves out/],
    ['https://h.cn/a/.%2E#', 'https://h.cn/#', /segment "\.%2E" at position 16, .*before it/],
    ['https://h.cn/a/%2E%2e/', 'https://h.cn/', /segment "%2E%2e" at position 16/],
    // Spaces and control characters: escaped, or left out.
    [
      'https://h.cn/a b',
      'https://h.cn/a%20b',
      /a space at position 15, where a browser writes %20\. .*once too often/,
    ],
    ['https://h.cn/?q=a b', 'https://h.cn/?q=a%20b', /a space at position 18/],
    [' https://h.cn/', 'https://h.cn/', /a space at position 1, which a browser leaves out/],
    ['https://h.cn/ ', 'https://h.cn/', /a space at position 14, which a browser leaves out/],
    ['https://h.cn/\u00a0', 'https://h.cn/%C2%A0', /white space \(U\+00A0\) at position 14, .*%C2%A0/],
    ['https://h.cn/\u3000', 'https://h.cn/%E3%80%80', /white space \(U\+3000\)/],
    ['https://h.cn/\u2028', 'https://h.cn/%E2%80%A8', /white space \(U\+2028\)/],
    [
      'https://h.cn/\ta',
      'https://h.cn/a',
      /white space \(U\+0009\) at position 14, which a browser leaves out/,
    ],
    ['https://h.\ncn/', 'https://h.cn/', /white space \(U\+000A\)/],
    ['https://h.cn/a?\r', 'https://h.cn/a?', /white space \(U\+000D\)/],
    [
      '\u0001https://h.cn/',
      'https://h.cn/',
      /control character \(U\+0001\) at position 1, which a browser leaves out/,
    ],
    ['https://h.cn/\u0000a', 'https://h.cn/%00a', /control character \(U\+0000\).*%00/],
    ['https://h.cn/\u007f', 'https://h.cn/%7F', /control character \(U\+007F\).*%7F/],
    ['https://h.cn/\u0085', 'https://h.cn/%C2%85', /control character \(U\+0085\).*%C2%85/],
    ['https://h.cn/\ud83d', 'https://h.cn/%EF%BF%BD', /half a surrogate pair \(U\+D83D\).*%EF%BF%BD/],
    ['https://h.cn/\ude00\ud83d', 'https://h.cn/%EF%BF%BD%EF%BF%BD', /half a surrogate pair \(U\+DE00\)/],
    // The scheme and the host.
    ['HTTPS://h.cn/', 'https://h.cn/', /capital letters.*exactly https:\/\/h\.cn\/,/],
    ['https://H.cn/', 'https://h.cn/', /capital letters.*exactly https:\/\/h\.cn\/,/],
    ['HtTp://H.CN:8080/A', 'http://h.cn:8080/A', /capital letters/],
    ['https://h.cn:443/', 'https://h.cn/', /default port.*exactly https:\/\/h\.cn\/,/],
    ['http://h.cn:80', 'http://h.cn/', /default port/],
    ['http://h.cn:0080?x', 'http://h.cn/?x', /default port/],
    ['https://h.cn:443?x', 'https://h.cn/?x', /default port/],
    ['http://[::1]:80/', 'http://[::1]/', /default port/],
    ['https://h.cn:/', 'https://h.cn/', /not in the form/],
    ['https://h.cn:08443/', 'https://h.cn:8443/', /not in the form.*exactly https:\/\/h\.cn:8443\/,/],
    ['http://0x7f.1/', 'http://127.0.0.1/', /not in the form.*exactly http:\/\/127\.0\.0\.1\/,/],
    ['http://127.1/', 'http://127.0.0.1/', /not in the form/],
    ['http://[0:0:0:0:0:0:0:1]/', 'http://[::1]/', /not in the form.*exactly http:\/\/\[::1\]\/,/],
    ['https://h%2ecn/', 'https://h.cn/', /not in the form/],
    ['https://例子.cn/', 'https://xn--fsqu00a.cn/', /beyond ASCII.*xn-- form/],
    ['https://h。cn/', 'https://h.cn/', /beyond ASCII/],
    ['https:h.cn/', 'https://h.cn/', /no "\/\/"/],
    ['https:/h.cn/?u=https://x.cn', 'https://h.cn/?u=https://x.cn', /no "\/\/"/],
    ['https:///h.cn/', 'https://h.cn/', /no "\/\/"/],
    ['https:\\\\h.cn\\a', 'https://h.cn/a', /no "\/\/"/],
  ])('%j, for which it writes %s', (received, written, detail) => {
    expect(new URL(received).href).toBe(written);
    const error = refusal(received);
    expect(error.code).toBe('URL_INVALID');
    expect(error.message).toMatch(detail);
    expect(error.message).toContain('Send encodeURIComponent(');
    expect(parsePageUrl(written).toSign).toBe(written.split('#')[0]);
  });

  // Standard and browsers escape it in a path since 2024, or not.
  it.each([
    'https://h.cn/^',
    'https://h.cn/%5E',
    'https://h.cn/a?^',
    'https://h.cn/^/^?^',
    'https://h.cn/a^b#^',
  ])('%s, as it was written', (received) => {
    expect(parsePageUrl(received).toSign).toBe(received.split('#')[0]);
  });

  it.each(['/', '/a/', '/?', '/.a', '/%', '/%2e%2'])('8,000 characters of %j, in no time', async (piece) => {
    const long = `https://h.cn/${piece.repeat(8_000 / piece.length)}`;
    const parseTwenty = (): void => {
      for (let times = 0; times < 20; times += 1) {
        expect(parsePageUrl(long).toSign).toHaveLength(long.length);
        expect(refusal(`${long}"`).code).toBe('URL_INVALID');
      }
    };
    // One pair takes 0.1 ms; where the time grew with the square of the length it would be 100 ms.
    expect(await minCpuMs(parseTwenty)).toBeLessThan(100);
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
    ['HTTP://[1:80::1]/', /capital letters/],
    ['https://u:p@h.cn/', /user name.*exactly https:\/\/h\.cn\/,/],
    ['https://@h.cn/', /user name/],
    ['https://h.cn@evil.cn/', /user name.*exactly https:\/\/evil\.cn\/,/],
    ['https:/h.cn/', /no "\/\/"/],
    [`https://${'a'.repeat(254)}/`, /longer than 253 characters/],
    [`https://${'a.'.repeat(127)}/`, /longer than 253 characters/],
    [`https://${'a'.repeat(254)}:8443/`, /longer than 253 characters/],
    [`https://${'a'.repeat(8_000)}@h.cn/`, /user name.*exactly https:\/\/h\.cn\/,/],
    [`http://[${'0:'.repeat(4_000)}1]/`, /longer than 253 characters/],
    ['https://a^.h.cn/', /no valid host/],
    ['https://A"code=hush.h.cn/', /capital letters.*as location\.href/],
    ['https://a|b', /no valid host/],
    ['https://a"b', /no slash behind.*: https:\/\/h5\.example\.com\/\./],
    [' ', /a space at position 1,/],
    ['\ufeffhttps://h.cn/', /white space \(U\+FEFF\) at position 1,/],
    ['https://h.cn/中\u0000', /control character/],
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
    'https://h.cn',
    'https://h.cn/a/..',
    'https://h.cn/飞',
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
    'https://h.cn/飞hush/../?code=hush',
    'https://h.cn/a?code=hush"飞',
    'https://h.cn?code=hush',
    'https://a"code=hush.h.cn',
    'https://A"code=hush.h.cn/',
    'h.cn/?code=hush',
    'https%3A%2F%2Fh.cn%3Fcode%3Dhush',
    'https://?code=hush',
    'file:///?code=hush',
    `https://h.cn/?code=hush${'a'.repeat(8_192)}`,
  ])('%.40s without repeating its query, fragment or user name', (received) => {
    expect(refusal(received).message).not.toContain('hush');
  });
});
