// What a developer has at hand: replies in every shape, failures in every form, and words.
import { readPasted, readRefusal } from '../../../src/explain/read-pasted';

const facts = { timestamp: 1_767_225_600_000, nonceStr: 'abc', signature: 'f00' };

test.each([
  [
    'config',
    { appId: 'cli_a', ...facts, url: 'https://h.cn/' },
    { appId: 'cli_a', ...facts, url: 'https://h.cn/' },
  ],
  [
    'sample',
    { appid: 'cli_a', timestamp: 1, noncestr: 'abc', signature: 'f00' },
    { appId: 'cli_a', timestamp: 1, nonceStr: 'abc', signature: 'f00' },
  ],
  [
    'tutorial',
    { code: 0, msg: 'ok', data: { app_id: 'cli_a', noncestr: 'n', timestamp: 1 } },
    { appId: 'cli_a', nonceStr: 'n', timestamp: 1 },
  ],
  ['a string timestamp', { timestamp: '1' }, { timestamp: '1' }],
  ['errno', { errno: 333442, errMsg: 'no ticket' }, { errorCode: 333442, errorText: 'no ticket' }],
  [
    'errorCode in text',
    { errorCode: '333442', errorMessage: 'no ticket' },
    { errorCode: 333442, errorText: 'no ticket' },
  ],
  [
    'the helper’s error',
    { code: 333441, detail: 'invalid signature', problem: undefined },
    { errorCode: 333441, errorText: 'invalid signature' },
  ],
])('a reply or failure of the form %s', (_form, pasted, expected) => {
  expect(readPasted(JSON.stringify(pasted, null, 2)).facts).toEqual(expected);
});

test('a reply on one line, a failure on the next, words between', () => {
  const text = `${JSON.stringify({ ...facts })}\nUncaught (in promise)\n{"errno":333441}\n`;
  expect(readPasted(text)).toEqual({
    facts: { ...facts, errorCode: 333441, errorText: 'Uncaught (in promise)' },
    ticket: undefined,
  });
});

test('a ticket in a reply is kept apart', () => {
  const { facts: found, ticket } = readPasted('{"data":{"jsapi_ticket":"g1014secret","nonceStr":"n"}}');
  expect(found).toEqual({ nonceStr: 'n', ticketInReply: true });
  expect(ticket?.reveal()).toBe('g1014secret');
});

test('values of a wrong type are left out', () => {
  expect(readPasted('{"url":1,"signature":null,"errno":"NETWORK","timestamp":{}}').facts).toEqual({});
  expect(readPasted('[1,2]').facts).toEqual({});
});

describe('the client’s words', () => {
  const TEXT =
    'invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: https://www.example.com, timestamp: %!s(int64=1234)';

  test('the platform’s own values', () => {
    expect(readRefusal(TEXT)).toEqual({
      code: 333441,
      signaturePrefix: 'c872b',
      ticketPrefix: 'g1014',
      noncePrefix: 'zdcW',
      url: 'https://www.example.com',
      timestamp: '1234',
    });
  });

  test('a URL with commas, and with what looks like a code and a timestamp', () => {
    const url = 'https://h.cn/a,b?code=333447&timestamp:99,';
    expect(readRefusal(TEXT.replace('https://www.example.com', url))).toMatchObject({
      code: 333441,
      url,
      timestamp: '1234',
    });
  });

  test('a wrapped code wins over the one around it', () => {
    expect(readRefusal(`errCode: 2601002, authentication failed, code: 333448`).code).toBe(333448);
    expect(readRefusal('errCode: 2601002').code).toBe(2601002);
    expect(readRefusal('{"errno":1012,"errMsg":"timestamp must be a number"}').code).toBe(1012);
  });

  test('nothing in words that say nothing', () => {
    expect(readRefusal('It does not work. 104 of 1012 users.')).toEqual({});
  });

  test('a long text that is made to be slow takes no time', () => {
    const started = performance.now();
    for (const piece of ['url:', 'signature:', 'signature: a', 'nonce_str: ', 'timestamp:%!s('])
      readRefusal(piece.repeat(20_000));
    // Linear work on 200,000 characters takes milliseconds; anything quadratic takes many seconds.
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
