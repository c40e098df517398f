// Bodies: JSON and forms, and what is refused of them.
import { ServiceError } from '../../../src/base/errors';
import { MAX_BODY_BYTES, parseBody } from '../../../src/http/parse-body';
import type { Parameters } from '../../../src/http/raw-query';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function parse(body: string | Buffer, type?: string, encoding?: string): Parameters {
  return parseBody(Buffer.from(body as string), { 'content-type': type, 'content-encoding': encoding });
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  return 'none';
}

describe('parseBody', () => {
  it('reads other members beside its own, a hundred of them and not thousands', () => {
    const others = (length: number) => Array.from({ length }, (_, index) => [`k${index}`, ['x']]);
    const withUrl = (length: number) => JSON.stringify({ ...Object.fromEntries(others(length)), url: 'u' });
    expect(parse(withUrl(79), JSON_TYPE)).toEqual({ url: 'u' });
    expect(codeOf(() => parse(withUrl(100), JSON_TYPE))).toBe('BODY_INVALID');
  });

  it('looks at no value of a body that holds too many', () => {
    const parseJson = jest.spyOn(JSON, 'parse');
    for (const many of ['[', '{"a":[', '"",', '"', '\\"', '{},'].map((piece) => piece.repeat(10_000)))
      expect(codeOf(() => parse(`{"a":[${many}`, JSON_TYPE))).toBe('BODY_INVALID');
    // Of what is one unfinished string.
    expect(parseJson.mock.calls.length).toBeLessThanOrEqual(2);
    parseJson.mockRestore();
  });

  it.each([
    ['', undefined, {}],
    [
      '{"url":"https://h.cn/a?x=1&y=2","app":"a","other":5}',
      JSON_TYPE,
      { url: 'https://h.cn/a?x=1&y=2', app: 'a' },
    ],
    ['{"url":"https://h.cn/%2f+"}', 'Application/JSON; Charset="UTF-8"', { url: 'https://h.cn/%2f+' }],
    ['{"url":"u","x":{"url":"v","url":"w"},"y":"\\"url\\":","y":["url"]}', JSON_TYPE, { url: 'u' }],
    ['\ufeff{"url":"u","shape":""}', `${JSON_TYPE};charset=utf8`, { url: 'u' }],
    ['url=https%3A%2F%2Fh.cn%2F&app=a', `${FORM_TYPE}; charset=UTF-8`, { url: 'https://h.cn/', app: 'a' }],
  ])('reads %j as %s', (body, type, expected) => {
    expect(parse(body, type)).toEqual(expected);
  });

  it.each([
    ['{', JSON_TYPE, 'BODY_INVALID'],
    ['[]', JSON_TYPE, 'BODY_INVALID'],
    ['null', JSON_TYPE, 'BODY_INVALID'],
    ['"https://h.cn/"', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":1}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":null}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":["https://h.cn/"]}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":"u","app":{}}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":"u","__proto__":{"app":"x"}}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":"u","constructor":1}', JSON_TYPE, 'BODY_INVALID'],
    ['{"url":"u","prototype":1}', JSON_TYPE, 'BODY_INVALID'],
    [Buffer.from('7b2275726c223a22ff227d', 'hex'), JSON_TYPE, 'BODY_INVALID'],
    ['{"url":"u","url":"v"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":"u","url":"u"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":"","url":"u"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":null,"x":["]}",{"url":1}],"url":"u"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":"u","\\u0075rl":"v"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"\\u0075\\u0072\\u006C" \n : "u","url":"v"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":"u","app":"a","app":"b"}', JSON_TYPE, 'PARAMETER_REPEATED'],
    ['{"app":"a","url":"u","app":"b","url":"v"}', JSON_TYPE, 'URL_REPEATED'],
    ['{"url":"u","url":"v","__proto__":1}', JSON_TYPE, 'BODY_INVALID'],
    ['url=a&url=b', FORM_TYPE, 'URL_REPEATED'],
    ['url=a&app=b&app=b', FORM_TYPE, 'PARAMETER_REPEATED'],
    ['url=https://h.cn/?a=1&b=2', FORM_TYPE, 'URL_NOT_ENCODED'],
    ['url=中', FORM_TYPE, 'URL_INVALID'],
    ['{"url":"u"}', undefined, 'MEDIA_TYPE'],
    ['{"url":"u"}', 'text/plain', 'MEDIA_TYPE'],
    ['{"url":"u"}', 'multipart/form-data; boundary=x', 'MEDIA_TYPE'],
    ['{"url":"u"}', `${JSON_TYPE}; charset=gbk`, 'MEDIA_TYPE'],
    ['{}', `${JSON_TYPE}${'; charset=utf-8'.repeat(20)}`, 'MEDIA_TYPE'],
    ['&'.repeat(100), FORM_TYPE, 'URL_NOT_ENCODED'],
    ['x'.repeat(MAX_BODY_BYTES + 1), JSON_TYPE, 'BODY_TOO_LARGE'],
  ])('refuses %.50j as %s with %s', (body, type, code) => {
    expect(codeOf(() => parse(body, type))).toBe(code);
  });

  it('refuses a compressed body', () => {
    expect(codeOf(() => parse('{}', JSON_TYPE, 'gzip'))).toBe('MEDIA_TYPE');
    expect(parse('{}', JSON_TYPE, 'Identity')).toEqual({});
  });

  it('has room for the longest page URL, however it is encoded', () => {
    const url = '中'.repeat(8_192);
    expect(parse(`url=${encodeURIComponent(url)}&app=cli_0123456789abcdef`, FORM_TYPE).url).toBe(url);
    const escaped = `{"url":"${'\\u4e2d'.repeat(8_192)}"}`;
    expect(parse(escaped, JSON_TYPE).url).toBe(url);
  });

  it('never quotes the body in a refusal', () => {
    expect(() => parse('{"url":"https://h.cn/?code=s3cret', JSON_TYPE)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret'), cause: undefined }),
    );
  });
});
