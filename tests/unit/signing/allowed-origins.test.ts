// The list of allowed origins: what each form covers, what hostile origins meet, and the message for a wrong entry.
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';

const allows = (entry: string, origin: string) => compileAllowedOrigins([entry]).allows(origin);

describe('compileAllowedOrigins', () => {
  it.each([
    ['https://h5.example.com', 'https://h5.example.com'],
    ['https://H5.Example.COM', 'https://h5.example.com'],
    ['HTTPS://h5.example.com', 'https://h5.example.com'],
    ['https://h5.example.com/', 'https://h5.example.com'],
    ['https://h5.example.com:443', 'https://h5.example.com'],
    ['http://h5.example.com:80/', 'http://h5.example.com'],
    ['https://h5.example.com:8443', 'https://h5.example.com:8443'],
    ['https://例子.cn', 'https://xn--fsqu00a.cn'],
    ['http://[::1]', 'http://[::1]'],
    ['http://[0:0::1]:3000', 'http://[::1]:3000'],
    ['http://10.0.0.7:8080', 'http://10.0.0.7:8080'],
    ['https://*.example.com', 'https://a.example.com'],
    ['https://*.example.com', 'https://a.b.example.com'],
    ['https://*.Example.com:443/', 'https://a.example.com'],
    ['https://*.例子.cn', 'https://a.xn--fsqu00a.cn'],
    ['https://*.example.com:8443', 'https://a.example.com:8443'],
    ['http://localhost:*', 'http://localhost'],
    ['http://localhost:*', 'http://localhost:5173'],
    ['http://localhost:*/', 'http://localhost:5173'],
    ['http://[::1]:*', 'http://[::1]:5173'],
    ['http://[::1]:*', 'http://[::1]'],
    ['http://*.localhost:*', 'http://app.localhost:5173'],
    ['https://*.example.com:*', 'https://a.example.com'],
    ['https://*.example.com:*', 'https://a.b.example.com:9443'],
    ['https://*.163.com', 'https://m.163.com'],
  ])('%s allows %s', (entry, origin) => {
    expect(allows(entry, origin)).toBe(true);
  });

  it.each([
    ['https://example.com', 'http://example.com'],
    ['https://example.com', 'https://example.com:8443'],
    ['https://example.com', 'https://a.example.com'],
    ['https://example.com', 'https://example.com.evil.com'],
    ['https://example.com', 'https://example.com.'],
    ['https://example.com', 'null'],
    ['https://example.com', ''],
    ['https://*.example.com', 'https://example.com'],
    ['https://*.example.com', 'https://.example.com'],
    ['https://*.example.com', 'https://evil-example.com'],
    ['https://*.example.com', 'https://evilexample.com'],
    ['https://*.example.com', 'https://example.com.evil.com'],
    ['https://*.example.com', 'https://a.example.com.evil.com'],
    ['https://*.example.com', 'https://a.example.com:8443'],
    ['https://*.example.com', 'http://a.example.com'],
    ['https://*.example.com', 'https://axexample.com'],
    ['https://*.example.com', 'null'],
    ['https://*.example.com', 'blob:https://a.example.com'],
    ['https://*.example.com', 'https://evil.com/.example.com'],
    ['https://*.example.com', 'https://evil.com?.example.com'],
    ['https://*.example.com', 'https://evil.com#.example.com'],
    ['https://*.example.com', 'https://evil.com\\.example.com'],
    ['https://*.example.com', 'https://evil.com:80.example.com'],
    ['https://*.example.com', 'https://evil.com@a.example.com'],
    ['https://*.example.com:8443', 'https://a.example.com'],
    ['https://*.example.com:*', 'https://example.com:1'],
    ['http://localhost:*', 'https://localhost:5173'],
    ['http://localhost:*', 'http://localhost.evil.com'],
    ['http://localhost:*', 'http://localhost.evil.com:5173'],
    ['http://localhost:*', 'http://localhost:80@evil.com'],
    ['http://localhost:*', 'http://evil.com:80'],
    ['http://localhost:*', 'http://a.localhost'],
  ])('%s does not allow %s', (entry, origin) => {
    expect(allows(entry, origin)).toBe(false);
  });

  it('allows what any entry of the list allows', () => {
    const origins = compileAllowedOrigins(['https://a.cn', 'https://*.b.cn', 'http://localhost:*']);
    expect(
      ['https://a.cn', 'https://x.b.cn', 'http://localhost:1', 'https://c.cn'].map((origin) =>
        origins.allows(origin),
      ),
    ).toEqual([true, true, true, false]);
    expect(origins.any).toBe(false);
  });

  it('takes a lone * for every origin', () => {
    const origins = compileAllowedOrigins(['*']);
    expect(origins.any).toBe(true);
    expect(origins.allows('https://anything.example')).toBe(true);
  });

  it('names what stands on the list in full, in the form of a browser, and nothing that only a wildcard covers', () => {
    const origins = compileAllowedOrigins(['https://A.cn:443', 'https://*.b.cn', 'http://localhost:*']);
    expect(
      ['https://a.cn', 'https://A.cn:443', 'https://x.b.cn', 'http://localhost', ''].map((text) =>
        origins.names(text),
      ),
    ).toEqual([true, false, false, false, false]);
    expect(compileAllowedOrigins(['*']).names('https://a.cn')).toBe(false);
  });

  it.each([
    [[], /no origin is listed: write https:\/\/h5\.example\.com/],
    [['*', 'https://a.cn'], /"\*" allows every origin: remove it/],
    [[''], /"" names no host/],
    [['h5.example.com'], /"h5\.example\.com" lacks its scheme: write https:\/\/h5\.example\.com/],
    [['*.example.com'], /lacks its scheme: write https:\/\/\*\.example\.com/],
    [['//h5.example.com'], /lacks its scheme: write https:\/\/h5\.example\.com/],
    [['https:/h5.example.com'], /lacks its scheme: write https:\/\/h5\.example\.com/],
    [['http:/h5.example.com'], /lacks its scheme: write https:\/\/h5\.example\.com/],
    [['localhost:3000'], /lacks its scheme/],
    [['null'], /lacks its scheme/],
    [['*://h5.example.com'], /is not an origin/],
    [['"https://h5.example.com"'], /is not an origin/],
    [['ftp://h5.example.com'], /scheme ftp: only https and http/],
    [['file:///a'], /scheme file: only https and http/],
    [['xhttps://h5.example.com'], /scheme xhttps: only https and http/],
    [['httpsx://h5.example.com'], /scheme httpsx: only https and http/],
    [['https://h5.example.com/app'], /no path, query or fragment, write https:\/\/h5\.example\.com$/],
    [['https://h5.example.com//'], /no path/],
    [['https://h5.example.com/*'], /no path/],
    [['https://h5.example.com?x'], /no path/],
    [['https://h5.example.com#x'], /no path/],
    [['https://h5.example.com\\x'], /no path/],
    [['https://u@h5.example.com'], /user name/],
    [['https://a.cn https://b.cn'], /one comma between origins/],
    [['https://a.cn;https://b.cn'], /one comma between origins/],
    [['https://*'], /names no domain/],
    [['https://*/'], /names no domain/],
    [['https://*:8443'], /names no domain/],
    [['https://*:*'], /names no domain/],
    [['https://*.com'], /every site under \.com/],
    [['https://*.com.'], /every site under \.com/],
    [['https://*.cn:*'], /every site under \.cn/],
    [['https://*.10.0.0.7'], /an address, which has no subdomains/],
    [['https://*.[::1]'], /an address, which has no subdomains/],
    [['https://a*.example.com'], /"\*" in the wrong place/],
    [['https://*a.example.com'], /"\*" in the wrong place/],
    [['https://a.*.example.com'], /"\*" in the wrong place/],
    [['https://*.*.example.com'], /"\*" in the wrong place/],
    [['https://h5.example.com:8*'], /"\*" in the wrong place/],
    [['https://h5.example.com:99999'], /is not a valid origin/],
    [['https://h5.example.com:443:*'], /keep one of the two/],
    [['http://[::1]:3000:*'], /keep one of the two/],
    [['https://'], /is not a valid origin/],
    [['https://*.'], /is not a valid origin/],
    [['https://:*'], /is not a valid origin/],
  ])('refuses %j and says how it should be', (list, message) => {
    expect(() => compileAllowedOrigins(list)).toThrow(message);
  });

  it('names every wrong entry at once', () => {
    const compile = () => compileAllowedOrigins(['a.cn', 'https://b.cn', 'https://*.com']);
    expect(compile).toThrow(/^"a\.cn" lacks.*; "https:\/\/\*\.com" would cover/);
    expect(compile).not.toThrow(/b\.cn/);
  });
});
