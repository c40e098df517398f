// LARK_DOMAIN: names, base URLs, and what must not travel in clear.
import { parsePlatformBaseUrl } from '../../../src/config/parse-platform-base-url';

describe('parsePlatformBaseUrl', () => {
  it.each([
    ['feishu', 'https://open.feishu.cn'],
    ['Lark', 'https://open.larksuite.com'],
    ['https://open.example.com', 'https://open.example.com'],
    ['https://Open.Example.com:443/', 'https://open.example.com'],
    ['https://gate.example.com/lark/api//', 'https://gate.example.com/lark/api'],
    ['http://localhost:4400', 'http://localhost:4400'],
    ['http://lark.localhost:4400', 'http://lark.localhost:4400'],
    ['http://127.0.0.1:4400/', 'http://127.0.0.1:4400'],
    ['http://127.8.8.8', 'http://127.8.8.8'],
    ['http://[::1]:4400', 'http://[::1]:4400'],
  ])('takes %s for %s', (text, baseUrl) => {
    expect(parsePlatformBaseUrl(text, false)).toBe(baseUrl);
  });

  it('takes plain http to another machine only when that is allowed', () => {
    expect(parsePlatformBaseUrl('http://10.0.0.1/x/', true)).toBe('http://10.0.0.1/x');
    expect(() => parsePlatformBaseUrl('http://10.0.0.1/x', false)).toThrow(
      /write https:\/\/10\.0\.0\.1\/x, or set LARK_ALLOW_HTTP/,
    );
  });

  it.each([
    ['larksuite', /neither a known name nor a base URL: write feishu, lark/],
    ['constructor', /neither a known name/],
    ['open.example.com', /write https:\/\/open\.example\.com$/],
    ['ftp://open.example.com', /neither a known name/],
    ['https://', /not a valid URL/],
    ['https://me:pw@open.example.com', /user name or password/],
    ['https://open.example.com/?a=b', /query or fragment: write https:\/\/open\.example\.com$/],
    ['https://open.example.com/x#', /query or fragment: write https:\/\/open\.example\.com\/x$/],
    ['https://open.example.com/open-apis/', /added to every call: write https:\/\/open\.example\.com$/],
    ['http://open.feishu.cn', /in clear/],
    ['http://localhost.evil.com', /in clear/],
    ['http://127.0.0.1.evil.com', /in clear/],
  ])('refuses %s', (text, message) => {
    expect(() => parsePlatformBaseUrl(text, false)).toThrow(message);
  });
});
