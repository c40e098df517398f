// The raw query: what is taken from it, and what is refused.
import { ServiceError } from '../../../src/base/errors';
import { parseRawQuery } from '../../../src/http/raw-query';
import { minCpuMs } from '../../support/min-cpu-ms';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  return 'none';
}

describe('parseRawQuery', () => {
  it.each([
    ['', {}],
    ['url', {}],
    ['url=', {}],
    ['=x', {}],
    ['&&', {}],
    ['url=https%3A%2F%2Fh.cn%2Fa%3Fx%3D1%26y%3D2', { url: 'https://h.cn/a?x=1&y=2' }],
    ['url=https%3A%2F%2Fh.cn%2F%3Fq%3D%2525', { url: 'https://h.cn/?q=%25' }],
    ['app=a&shape=sample&tenant_key=t&url=u', { app: 'a', shape: 'sample', tenant_key: 't', url: 'u' }],
    ['app=&url=u', { url: 'u' }],
    ['%75rl=u', { url: 'u' }],
    ['%zz=1&url=u', { url: 'u' }],
    ['__proto__=1&constructor=2&url=u', { url: 'u' }],
    ['url=a=b', { url: 'a=b' }],
    ['url=%2Fa+b', { url: '/a+b' }],
    // An encoded URL is whole, whatever is next to it.
    ['url=https%3A%2F%2Fh.cn%2Fa&from=x&_=1', { url: 'https://h.cn/a' }],
    // A raw one is whole too, when nothing follows.
    ['app=a&url=https://h.cn/a?x=1', { app: 'a', url: 'https://h.cn/a?x=1' }],
    // So is what encodeURI makes of a URL with escapes.
    ['url=https://h.cn/a?x=%252Fa', { url: 'https://h.cn/a?x=%2Fa' }],
    ['url=https://h.cn/%25E4%25B8%25AD', { url: 'https://h.cn/%E4%B8%AD' }],
    // Encoded by more or less than encodeURIComponent, and whole.
    ['url=https:%2F%2Fh.cn%2Fa', { url: 'https://h.cn/a' }],
    ['url=https%3A//h.cn/%252F', { url: 'https://h.cn/%2F' }],
    ['url=https%3A//h.cn/a%3Fx', { url: 'https://h.cn/a?x' }],
  ])('reads %j', (raw, expected) => {
    expect(parseRawQuery(raw)).toEqual(expected);
  });

  it.each([
    ['url=a&url=b', 'URL_REPEATED'],
    ['url=&url=', 'URL_REPEATED'],
    ['url=a&%75rl=b', 'URL_REPEATED'],
    ['url=a&url=b&app=1&app=2', 'URL_REPEATED'],
    ['app=1&app=2&url=a&url=b', 'URL_REPEATED'],
    ['app=1&app=1&url=a', 'PARAMETER_REPEATED'],
    ['shape=config&shape=sample', 'PARAMETER_REPEATED'],
    ['tenant_key=&tenant_key=', 'PARAMETER_REPEATED'],
    ['url=https://h.cn/a?x=1&y=2', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/a?x=1&app=main', 'URL_NOT_ENCODED'],
    ['app=1&url=https://h.cn/a?x=1&app=2', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/a?x=1&', 'URL_NOT_ENCODED'],
    ['url=https%3A%2F%2Fh.cn%2Fa?x=1&y', 'URL_NOT_ENCODED'],
    [`url=u${'&a=b'.repeat(100)}`, 'URL_NOT_ENCODED'],
    // Its own escapes would be decoded.
    ['url=https://h.cn/p?X=%2Fa', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/p?to=https%3A%2F%2Fa.cn%2F%3Fb%3D1%26c%3D2', 'URL_NOT_ENCODED'],
    ['app=a&url=http://h.cn/%e4%b8%ad', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/?q=%D6%D0', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/a%20b', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/%2525%7C', 'URL_NOT_ENCODED'],
    ['%75rl=https://h.cn/%41', 'URL_NOT_ENCODED'],
    ['url=https://h.cn/%zz', 'URL_INVALID'],
    ['url=%', 'URL_INVALID'],
    ['url=%zz', 'URL_INVALID'],
    ['url=%FF', 'URL_INVALID'],
    ['url=%C0%AF', 'URL_INVALID'],
    ['url=%ED%A0%80', 'URL_INVALID'],
    ['url=h\xc3\xa9', 'URL_INVALID'],
    [`url=${'a'.repeat(8_192 * 9 + 1)}`, 'URL_TOO_LONG'],
  ])('refuses %.60j with %s', (raw, code) => {
    expect(codeOf(() => parseRawQuery(raw))).toBe(code);
  });

  it('decodes the longest URL there may be', () => {
    const url = '中'.repeat(8_192);
    expect(parseRawQuery(`url=${encodeURIComponent(url)}`)).toEqual({ url });
  });

  it('looks at a hundred parameters', () => {
    expect(parseRawQuery(`${'a=b&'.repeat(99)}url=u`)).toEqual({ url: 'u' });
    expect(codeOf(() => parseRawQuery(`${'a=b&'.repeat(100)}url=u`))).toBe('URL_NOT_ENCODED');
  });

  it.each(['&', '%ffx=&', '%75r&', '%61&'])('gives up on 80,000 characters of %j at once', async (piece) => {
    const raw = piece.repeat(80_000 / piece.length);
    const parseTenTimes = (): void => {
      for (let times = 0; times < 10; times += 1) codeOf(() => parseRawQuery(raw));
    };
    // One took 4 ms or more.
    expect(await minCpuMs(parseTenTimes)).toBeLessThan(10);
  });

  it('takes a plus for a space in a form', () => {
    expect(parseRawQuery('url=a+b%2Bc', { form: true })).toEqual({ url: 'a b+c' });
    expect(codeOf(() => parseRawQuery('url=https://h.cn/%2F', { form: true }))).toBe('URL_NOT_ENCODED');
  });

  it('never quotes the query in a refusal', () => {
    for (const raw of [
      'url=https://h.cn/?code=s3cret&state=s3cret',
      'url=a&url=s3cret',
      'url=%s3cret',
      'url=https://h.cn/?code=%2Fs3cret',
      'app=s3cret&app=s3cret',
    ]) {
      expect(() => parseRawQuery(raw)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
      );
    }
  });
});
