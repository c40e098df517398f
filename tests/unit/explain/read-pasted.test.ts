// What a developer has at hand: replies in every shape, failures in every form, as every console and logger prints them, and words.
import { inspect } from 'node:util';
import { readPasted } from '../../../src/explain/read-pasted';

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
  ['a string timestamp', { nonceStr: 'n', timestamp: '1' }, { nonceStr: 'n', timestamp: '1' }],
  [
    'other names',
    { 'app-id': 'a', ts: 1, nonce: 'n', sign: 's' },
    { appId: 'a', timestamp: 1, nonceStr: 'n', signature: 's' },
  ],
  ['errno', { errno: 333442, errMsg: 'no ticket' }, { errorCode: 333442, errorText: 'no ticket' }],
  [
    'errString',
    { errno: 2601002, errString: 'x (error code: 333441)' },
    { errorCode: 2601002, errorText: 'x (error code: 333441)' },
  ],
  [
    'every text',
    { errno: 1, errString: 'a', hint: 'b', more: { reason: 'c' } },
    { errorCode: 1, errorText: 'a\nb\nc' },
  ],
  ['the code of the cause', { errno: 2601002, cause: { errCode: 333448 } }, { errorCode: 333448 }],
  [
    'one digit',
    { code: 9, msg: 'permission Scope Required' },
    { errorCode: 9, errorText: 'permission Scope Required' },
  ],
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

test('a ticket in a reply is kept apart', () => {
  const { facts: found, ticket } = readPasted('{"data":{"jsapi_ticket":"g1014secret","nonceStr":"n"}}');
  expect(found).toEqual({ nonceStr: 'n', ticketInReply: true });
  expect(ticket?.reveal()).toBe('g1014secret');
  expect(readPasted('{"jsapi_ticket":"g1014****","nonceStr":"n"}').ticket).toBeUndefined();
});

test.each([
  '{"url":1,"signature":null,"errno":"NETWORK","timestamp":{}}',
  '[1,2]',
  '{"code":0,"msg":"ok","data":{"code":"an OAuth code"}}',
  '{"url":"/relative","timestamp":"2026-01-01T00:00:00Z"}',
  '{ timestamp: undefined, nonceStr: null, signature: None, url: nil }',
  "{nonceStr: '21a3****', signature: 'c872…', appId: 'cli_01...'}",
  '{"__proto__":1,"constructor":2,"toString":3}',
  '',
])('values of a wrong type, of none, or shortened are left out: %s', (text) => {
  expect(readPasted(text).facts).toEqual({});
});

const SIGNATURE = '0a4d55a8d778e5022fab701977c5d840bbc486d0';
const reply = {
  appId: 'cli_1',
  timestamp: 1_767_225_600_000,
  nonceStr: 'abc',
  signature: SIGNATURE,
  url: 'https://h.cn/a?x=1,2&y=(b)&ids[]=3',
};
const WORDS =
  'invalid signature: signature: c872****, jsticket: g1044****, nonce_str: 21a3****, url: https://h.cn/a?ids[]=1&f={a} b, c, timestamp: %!s(int64=1767225604321)';
const failure = { errno: 2601002, errString: WORDS };
class SignResult {
  readonly appId = reply.appId;
  readonly timestamp = reply.timestamp;
  readonly nonceStr = reply.nonceStr;
  readonly signature = reply.signature;
  readonly url = reply.url;
}
const oldFrom = (text: string): string => text.replace(/'(invalid signature: )/, "'$1' +\n    '");
const chrome = (object: object): string =>
  inspect(object, { breakLength: Infinity }).replace(/^\{ | \}$/g, (brace) => brace.trim());
const firefox = (object: object): string =>
  `Object ${inspect(object, { breakLength: Infinity }).replaceAll("'", '"')}`;
const opened = (object: object, gap = ''): string =>
  Object.entries(object)
    .map(([key, value]) => `${gap}${key}: ${JSON.stringify(value)}\n${gap}`)
    .join('\n');
const python = (object: object): string =>
  `{${Object.entries(object)
    .map(([key, value]) => {
      if (typeof value === 'string') return `'${key}': '${value}'`;
      return `'${key}': ${typeof value === 'object' ? python(value as object) : String(value)}`;
    })
    .join(', ')}}`;
const pairs = (object: object, separator: string, between: string): string =>
  Object.entries(object)
    .map(([key, value]) => `${key}${separator}${String(value)}`)
    .join(between);
const printR = (object: object): string =>
  `Array\n(\n${Object.entries(object)
    .map(([key, value]) => `    [${key}] => ${String(value)}\n`)
    .join('')})\n`;
const varDump = (object: object): string =>
  `array(5) {\n${Object.entries(object)
    .map(
      ([key, value]) =>
        `  ["${key}"]=>\n  ${typeof value === 'number' ? `int(${value})` : `string(${String(value).length}) "${String(value)}"`}\n`,
    )
    .join('')}}\n`;
const smart = (object: object): string => JSON.stringify(object).replace(/"([^"]*)"/g, '“$1”');
const J = (value: unknown): string => JSON.stringify(value);

/** By what printed them; a reply and a failure each. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  JSON: [
    `${J(reply)}\n${J(failure)}`,
    J({ ...failure, ...reply, errno: 333441 }),
    `${J(failure)}${J(reply)}`,
    J([reply, failure]),
    J({ reply, failure }),
    `${J(reply)}\r\nUncaught (in promise)\r\n${J(failure)}`,
  ],
  'pretty JSON': [
    JSON.stringify([reply, failure], null, 2),
    `${JSON.stringify(reply, null, 2)}\n${JSON.stringify(failure, null, 4)}`,
    `config: ${JSON.stringify(reply, null, '\t')}\n\nerror: ${JSON.stringify(failure, null, '\t')}`,
    JSON.stringify({ request: reply, result: { ok: false, error: failure } }, null, 2),
    `[12:00:01] ${JSON.stringify(reply, null, 2)} ${WORDS}`,
  ],
  'labels before JSON': [
    `get_signature ${J(reply)}\nUncaught config failed: ${J(failure)}`,
    `jsapi ticket signature = ${J(reply)}\nonFail=${J(failure)}`,
    `2026-01-01T00:00:00.000Z INFO sign(${J(reply)})\n[ERROR] config -> ${J(failure)}`,
    `app.js:12 config ${J(reply)} fail ${J(failure)}`,
    `signature reply:${J(reply)};error:${J(failure)}`,
    `data: ${J(reply)}\n\n> "${WORDS}"`,
  ],
  envelopes: [
    J({ code: 0, msg: 'ok', data: reply }) + J({ error: { detail: failure } }),
    J({ status: 200, headers: { via: 'a' }, data: { success: true, result: { config: reply } } }) + WORDS,
    J({ level: 30, time: 1, msg: J({ reply: J(reply) }) }) + '\n' + J({ level: 50, msg: J(failure) }),
    J({ a: [[{ b: [reply] }]], c: { d: { e: { f: failure } } } }),
    J({ message: `reply ${J(reply)}` }) + J({ message: `error ${J(J(failure))}` }),
  ],
  'JSON that was escaped in a string': [
    J(J(reply)) + '\n' + J(J(failure)),
    `msg=${J(J(reply)).slice(1, -1)} err=${J(J(failure)).slice(1, -1)}`,
    J({ body: J(reply), error: J(failure) }),
    `'${J(reply)}' '${J(failure)}'`,
    J(J(J([reply, failure]))),
  ],
  'Node’s inspect': [
    `${inspect(reply)} ${inspect(failure)}`,
    inspect({ code: 0, data: reply }, { colors: true }) + inspect(failure, { colors: true }),
    inspect([reply, failure], { depth: 5, compact: false }),
    inspect({ a: { b: { c: reply } }, list: [failure] }, { depth: Infinity }),
    // oxlint-disable-next-line no-control-regex -- as a copied text has lost it
    inspect([reply, failure], { colors: true }).replaceAll(/\x1b/g, ''),
    inspect(new SignResult()) + inspect(Object.assign(Object.create(null) as object, failure)),
    inspect(new Map<string, unknown>(Object.entries(reply))) + inspect(new Map(Object.entries(failure))),
    inspect({ ...reply, timestamp: BigInt(reply.timestamp) }) + inspect(failure),
    inspect(reply) + oldFrom(inspect(failure, { breakLength: Infinity })),
    inspect(reply) + inspect(Object.assign(new Error(WORDS), { errno: 2601002 })),
    inspect(reply) + inspect(new Error('config failed', { cause: failure })),
  ],
  'consoles of browsers': [
    `${chrome(reply)}\n${chrome(failure)}`,
    `${firefox(reply)}\n${firefox(failure)}`,
    `Object\n${opened(reply)}[[Prototype]]: Object\n${chrome(failure)}`,
    `Object\n${opened(reply, '\u200b')}<prototype>: Object { … }\n\nUncaught ${WORDS}`,
    `{${pairs({ ...reply, nonceStr: '"abc"', signature: `"${SIGNATURE}"`, appId: '"cli_1"', url: `"${reply.url}"` }, ': ', ', ')}} = $1\n${WORDS}`,
    `▸ Map(5) {${Object.entries(reply)
      .map(([key, value]) => `"${key}" → ${J(value)}`)
      .join(', ')}}\n${chrome(failure)}`,
    `({appId:"cli_1",timestamp:1767225600000,nonceStr:"abc",signature:"${SIGNATURE}",url:"${reply.url}"}) ${WORDS}`,
    opened({ ...reply, ...failure }),
  ],
  Python: [
    `INFO:root:sign ${python(reply)}\nERROR:root:${python(failure)}`,
    `2026-01-01 00:00:00,123 - app - INFO - ${python({ code: 0, data: reply })}\n${python(failure)}`,
    `[${python(reply)}, ${python(failure)}]`,
    `${python(reply).replace(`'${SIGNATURE}'`, `b'${SIGNATURE}'`).replace("'abc'", "u'abc'")} ${WORDS}`,
    `Sign(appId='cli_1', timestamp=1767225600000, nonceStr='abc', signature='${SIGNATURE}', url='${reply.url}', ok=True)\n${python({ ...failure, data: 0 })}`,
  ],
  'code, .NET, Ruby, Rust, Swift and Objective-C': [
    `h5sdk.config({\n  ${pairs({ ...reply, appId: "'cli_1'", nonceStr: '"abc"', signature: `'${SIGNATURE}'`, url: `'${reply.url}'` }, ': ', ', // x\n  ')},\n  jsApiList: [],\n  onFail: (err) => { throw (\`failed: \${JSON.stringify(err)}\`) },\n})\n${WORDS}`,
    `{appId: 'cli_1', timestamp: 1767225600000, nonceStr: 'abc', signature: '${SIGNATURE}', url: '${reply.url}', jsApiList: Array(1), onSuccess: ƒ, onFail: ƒ (err), …}\n${WORDS}`,
    `{ ${pairs(reply, ' = ', ', ')} }\n${WORDS}`,
    `{${Object.entries(reply)
      .map(([key, value]) => `:${key}=>${J(value)}`)
      .join(', ')}}\n${WORDS}`,
    `Sign { ${Object.entries(reply)
      .map(([key, value]) => `${key}: ${J(value)}`)
      .join(', ')} } ${WORDS}`,
    `[${Object.entries(reply)
      .map(([key, value]) => `"${key}": ${J(value)}`)
      .join(', ')}] ${WORDS}`,
    `{\n    ${pairs({ ...reply, url: `"${reply.url}"` }, ' = ', ';\n    ')};\n}\n${WORDS}`,
    `${pairs(reply, '\t', '\n')}\n${WORDS}`,
  ],
  'Java, Kotlin, Go and PHP': [
    `2026-01-01 INFO c.e.Sign - SignResult(${pairs(reply, '=', ', ')})\n{${pairs(failure, '=', ', ')}}`,
    `{${pairs(reply, '=', ', ')}}\nfail ${WORDS}`,
    `{AppID:cli_1 Timestamp:1767225600000 NonceStr:abc Signature:${SIGNATURE} URL:${reply.url}}\nmap[${pairs(failure, ':', ' ')}]`,
    printR(reply) + WORDS,
    varDump(reply) + varDump(failure),
    `${pairs(reply, ': ', '\n')}\n${pairs(failure, ': ', '\n')}`,
    `SignResult [${pairs(reply, '=', ', ')}]\n${WORDS}`,
  ],
  'chat tools': [
    `${smart(reply)}\n${WORDS}`,
    `my reply:\n${smart(reply)}\nthe error:\n${smart(failure)}`,
    `${WORDS}\n${smart(reply)}`,
    `‘${smart(reply)}’ ${WORDS}`,
    `It says “${WORDS}”\n${J(reply)}`,
  ],
};

describe.each(Object.entries(PRINTED))('as printed by %s', (_by, texts) => {
  test.each(texts.map((text, index) => [index + 1, text] as const))('%d', (_number, text) => {
    const { facts: found, ticket } = readPasted(text);
    expect(found).toMatchObject(reply);
    expect(found.errorText).toContain(WORDS);
    expect(ticket).toBeUndefined();
    if (/err(?:no|Code)/.test(text))
      expect(found.errorCode).toBe(text.includes('"errno":333441') ? 333441 : 2601002);
  });
});

describe('the words', () => {
  test.each([
    ['Uncaught (in promise)\n{"errno":333441}\n', 'Uncaught (in promise)'],
    [`duplicate signature\n${J(reply)}`, 'duplicate signature'],
    [`the ticket and its signature: ${J(reply)}`, undefined],
    [J({ code: 0, msg: 'ticket ok', data: reply }), undefined],
    [J({ ...reply, jsApiList: ['scanCode', 'ticket'] }), undefined],
    ["it doesn't work", "it doesn't work"],
    ['see https://h.cn/a?ids[]=1&f={b}', 'see https://h.cn/a?ids[]=1&f={b}'],
  ])('of %j are %j', (text, words) => {
    expect(readPasted(text).facts.errorText).toBe(words);
  });
});

test('what is inside a string stays as it is', () => {
  const odd = { ...reply, url: 'https://h.cn/?x[1m]=\u200b\ufeff<b>\u0001\u001b[1m\\n"\'`' };
  expect(readPasted(J(odd)).facts).toEqual(odd);
  expect(readPasted(inspect(odd)).facts).toEqual(odd);
});

test('a reply counts before a request, a log record or a second reply', () => {
  const request = { method: 'get', url: 'https://signer.example.com/config', timestamp: 1 };
  expect(readPasted(J([request, reply, { ...reply, nonceStr: 'other' }])).facts).toEqual({
    ...reply,
    errorText: 'get',
  });
});

test('a text that is made to be slow takes a time that grows with its length', () => {
  const pieces = [
    '{',
    '[',
    '{"a":',
    '"',
    "'",
    '\\"',
    '“,',
    '{“',
    'signature: a*',
    '{signature: a*,',
    '{a=',
    'a=b ',
    'x(a=',
    '[a] => ',
    '"a"+',
    '{a:"{',
    '{"a":"{\\"a\\":\\"{',
    'a{',
    '{a\n',
    '[]',
    '{"signature":"a",',
    ', timestamp: ',
    'url: ',
  ];
  const started = performance.now();
  for (const piece of pieces) readPasted(piece.repeat(200_000 / piece.length));
  // Linear work on 200,000 characters takes a fraction of a second for each; anything quadratic takes minutes.
  expect(performance.now() - started).toBeLessThan(60_000);
});
