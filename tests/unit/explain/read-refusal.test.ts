// What the client's words say: a code, and the platform's own values.
import { readRefusal } from '../../../src/explain/read-refusal';

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

test.each([
  'https://h.cn/a,b?code=333447&timestamp:99,',
  'https://h.cn/a?n=网 - 天',
  'https://h.cn/a?t=1, 2, timestamp',
  'https://h.cn/?f={"a": [1]}',
  "https://h.cn/it's",
])('the URL is all up to the timestamp: %s', (url) => {
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
  expect(readRefusal('signature is expired', 2601002).code).toBe(333444);
  expect(readRefusal('signature is expired', 1012).code).toBe(1012);
});

test('nothing in words that say nothing', () => {
  expect(readRefusal('It does not work. 104 of 1012 users.')).toEqual({});
  expect(readRefusal('INFO got a ticket, 7200 s')).toEqual({});
  expect(readRefusal('invalid ticket')).toEqual({ code: 333442 });
});

test('a long text that is made to be slow takes no time', () => {
  const started = performance.now();
  for (const piece of ['url:', 'signature:', 'signature: a', 'nonce_str: ', 'timestamp:%!s('])
    readRefusal(piece.repeat(20_000));
  // Linear work on 200,000 characters takes milliseconds; anything quadratic takes many seconds.
  expect(performance.now() - started).toBeLessThan(2_000);
});
