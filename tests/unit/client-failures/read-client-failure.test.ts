// Every form in which clients hand a failure to a page: which code is read, from where, and which words.
import { CLIENT_CODES, CLIENT_MEANINGS } from '../../../src/client-failures/client-codes';
import { splitCheckedUrl } from '../../../src/client-failures/checked-url';
import { readClientFailure } from '../../../src/client-failures/read-client-failure';
import { minCpuMs } from '../../support/min-cpu-ms';

const invalid = (url: string): string =>
  `invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: ${url}, timestamp: %!s(int64=1790000000000)`;
const withMessage = (message: string, fields: object = {}): Error =>
  Object.assign(new Error(message), fields);

describe('the code', () => {
  it.each<[unknown, number | undefined, string | undefined]>([
    // The forms of the field.
    [{ errno: 104, errString: 'parameter invalid' }, 104, 'errno'],
    [{ errCode: '333448', errMsg: 'x' }, 333448, 'errCode'],
    [{ errorCode: 1012, errorMessage: 'x' }, 1012, 'errorCode'],
    [{ err_code: 105, err_msg: 'x' }, 105, 'err_code'],
    [{ error_code: 10001 }, 10001, 'error_code'],
    [{ code: 20442, msg: 'x' }, 20442, 'code'],
    [{ errno: -1, errString: 'fail' }, -1, 'errno'],
    [{ error: { errno: 333449, errString: 'not visible' } }, 333449, 'errno'],
    [{ detail: { error: { errorCode: '111' } } }, 111, 'errorCode'],
    [withMessage('failed', { errCode: 102 }), 102, 'errCode'],
    ['{"errno":103,"errString":"not supported"}', 103, 'errno'],
    // Within a wrapping code, the code of the cause.
    [{ errno: 2601002, errString: 'authentication failed (error code: 333444)' }, 333444, 'text'],
    [{ errno: 2601002, errString: 'authentication failed (error code: 424242)' }, 424242, 'text'],
    [{ errno: 2601001, errString: 'internal, errCode=99991692' }, 99991692, 'text'],
    [{ errCode: 2601002, errMsg: 'x', errString: 'code: 333442' }, 333442, 'text'],
    [{ errno: 2601002, errCode: 333448 }, 333448, 'errCode'],
    [{ errno: 2601002, errString: 'something (error code: 7)' }, 7, 'text'],
    [{ errno: 2601002, errString: 'no reason' }, 2601002, 'errno'],
    // The client's own code next to the platform's.
    [{ errno: 102, errString: 'internal (error code: 333443)' }, 333443, 'text'],
    [{ errno: 1012, errString: 'invalid signature type' }, 1012, 'errno'],
    [{ errno: 0, errCode: 424242 }, 424242, 'errCode'],
    // A text only.
    ['config:fail 333447', 333447, 'text'],
    ['errno: 305', 305, 'text'],
    ['fail, error code 10002', 10002, 'text'],
    [new Error('{"errorCode":2602002}'), 2602002, 'errorCode'],
    [333441, 333441, 'text'],
    ['104', 104, 'text'],
    [7, 7, 'text'],
    // Words only.
    [{ errMsg: invalid('https://h5.example.com/') }, 333441, 'words'],
    [{ errString: 'Invalid signature' }, 333441, 'words'],
    ['verify failed: signature: c872b****, jsticket: g1014****', 333441, 'words'],
    [{ errorMessage: 'signature is invalid' }, 333441, 'words'],
    [withMessage('config signature error'), 333441, 'words'],
    [{ errno: 2601002, errString: 'authentication failed: signature is expired' }, 333444, 'words'],
    ['Signature expired', 333444, 'words'],
    [{ errMsg: 'the signature has expired' }, 333444, 'words'],
    [{ errString: 'invalid signature: signature was expired' }, 333444, 'words'],
    [{ message: 'the signature is too old' }, 333444, 'words'],
    [{ errMsg: 'duplicate signature' }, 333443, 'words'],
    [{ errString: 'signature duplicated' }, 333443, 'words'],
    ['the signature has already been used', 333443, 'words'],
    ['Duplicate request', 333443, 'words'],
    [{ errno: 1, errString: 'signature already used' }, 333443, 'words'],
    [{ errString: 'invalid ticket' }, 333442, 'words'],
    ['no valid jsapi_ticket for this app', 333442, 'words'],
    [{ errMsg: 'jsticket expired' }, 333442, 'words'],
    [{ errno: 2601002, errString: 'get ticket failed' }, 333442, 'words'],
    ['Ticket not found', 333442, 'words'],
    ['permission Scope Required', 9, 'words'],
    ['network error', 1014, 'words'],
    ['request timeout', 1014, 'words'],
    [{ errMsg: 'this feature is not supported' }, 103, 'words'],
    // Nothing.
    ['config fail', undefined, undefined],
    [{ errMsg: 'ok', timestamp: 1790000000000, status: 200 }, undefined, undefined],
    [{ errno: 0, errString: '' }, undefined, undefined],
    [{ code: 'ERR_BLOCKED' }, undefined, undefined],
    [undefined, undefined, undefined],
    [null, undefined, undefined],
  ])('of %j is %p, from %p', (thrown, code, codeFrom) => {
    expect(readClientFailure(thrown)).toMatchObject({ code, codeFrom });
  });

  it.each([
    invalid('https://h5.example.com/cb?order=333442&code=104'),
    `fail, url: https://h5.example.com/?errno=333444`,
    'invalid signature of https://h5.example.com/?q=duplicate+ticket+333448',
    invalid('https://h5.example.com/signature%20is%20expired?x=%22code%22:305'),
    invalid('https://h5.example.com/?a=1,2&(error%20code:333443)'),
  ])('is not taken out of the page’s URL: %s', (errString) => {
    const { code } = readClientFailure({ errno: 2601002, errString });
    expect([333441, 2601002]).toContain(code);
  });

  it('of a JSAPI is not guessed from words that may be about anything', () => {
    for (const errString of ['duplicate order', 'no such ticket', 'invalid signature image', 'used before'])
      expect(readClientFailure({ errString }, false).code).toBeUndefined();
    expect(readClientFailure({ errString: 'not supported by this client' }, false).code).toBe(103);
    expect(readClientFailure({ errString: 'x (error code: 333445)' }, false).code).toBe(333445);
  });
});

describe('the words', () => {
  it.each<[unknown, string]>([
    [{ errno: 1, errString: 'a', errMsg: 'b' }, 'a b'],
    [{ errno: 1, reason: 'a', hint: 'a' }, 'a'],
    [{ error: { data: 'deep' } }, 'deep'],
    [withMessage('outer', { cause: withMessage('inner') }), 'outer inner'],
    ['{"errMsg":"in JSON"}', 'in JSON'],
    ['{ not JSON', '{ not JSON'],
    [{ errMsg: 'a', jsapi_ticket: 'g1014', data: { accessToken: 't-1', appSecret: 's' } }, 'a'],
    ['{"errMsg":"a","jsticket":"g1014"}', 'a'],
    [undefined, ''],
  ])('of %j are %p', (thrown, detail) => {
    expect(readClientFailure(thrown).detail).toBe(detail);
  });

  it('of an object that holds itself are read once', () => {
    const failure: Record<string, unknown> = { errno: 333443, errString: 'a' };
    failure['error'] = failure;
    expect(readClientFailure(failure)).toMatchObject({ code: 333443, codeFrom: 'errno', detail: 'a' });
  });
});

describe('the URL that was checked', () => {
  it.each([
    'https://h5.example.com/',
    'https://h5.example.com/a?x=1,2&y=(3)',
    "https://h5.example.com/it's/[1]/a,",
    'https://h5.example.com/?q=%E9%A3%9E#/r',
    'https://h5.example.com/?a=url:%20b',
  ])('is %s, up to the timestamp', (url) => {
    const { rest, url: read } = splitCheckedUrl(`${invalid(url)} (error code: 333441)`);
    expect(read).toBe(url);
    expect(rest).toBe(`${invalid('')} (error code: 333441)`);
  });

  it.each([
    ['invalid signature, url: https://h5.example.com/a', 'https://h5.example.com/a'],
    ['url: https://h5.example.com/a (error code: 333441)', 'https://h5.example.com/a'],
    ['{"errMsg":"url: https://h5.example.com/a"}', 'https://h5.example.com/a'],
    ['url: https://h5.example.com/a\nurl: https://b.cn/, timestamp: 1', 'https://h5.example.com/a'],
    ['no address', undefined],
    ['url: ', undefined],
  ])('in %j is %p', (text, url) => {
    expect(splitCheckedUrl(text).url).toBe(url);
  });
});

test.each([
  'signature ',
  'signature a ',
  'err',
  'err_code ',
  'error code:',
  '12 ',
  'url: ',
  'url: x)',
  'https://',
  'already been ',
  '{"a":',
  ')',
  ' ',
])('a long text of %j takes time that grows with its length, not with the square of it', async (unit) => {
  // 256 KB. The square of it would take half a minute; a busy machine needs 0.4 s.
  const text = unit.repeat(Math.ceil(262_144 / unit.length));
  const read = (): void => {
    readClientFailure({ text });
    splitCheckedUrl(`url: ${text}`);
  };
  expect(await minCpuMs(read)).toBeLessThan(2_000);
});

test('every code has a meaning, an advice of one sentence or two, and no other code has a meaning', () => {
  expect(Object.keys(CLIENT_MEANINGS)).toEqual(Object.keys(CLIENT_CODES));
  for (const { advice } of Object.values(CLIENT_CODES)) expect(advice).toMatch(/^[A-Z].{10,110}\.$/);
});

test('one more attempt is due where the platform says so, and nowhere else', () => {
  const attempts = Object.entries(CLIENT_CODES).flatMap(([code, { attempt }]) =>
    attempt ? [[Number(code), attempt]] : [],
  );
  expect(attempts).toEqual([
    [105, 'authorise'],
    [305, 'sign'],
    [1014, 'sign'],
    [10001, 'sign'],
    [10002, 'sign'],
    [333441, 'url'],
    [333442, 'report'],
    [333443, 'sign'],
    [333444, 'sign'],
    [333445, 'authorise'],
  ]);
});
