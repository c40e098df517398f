// The command line's explain: what it reads, what it prints, and that no ticket is printed.
import { Readable } from 'node:stream';
import { readOptions } from '../../../src/cli/command-line';
import { EXPLAIN_OPTIONS } from '../../../src/cli/explain-options';
import { runExplain } from '../../../src/cli/explain-command';
import { signature } from '../../../src/signing/signature';
import { FakeClock } from '../../support/fake-clock';

const TICKET = '0560604568baf296731aa37f0c8ebe3e049c19d7';
const TOKEN = 't-g1044qeGEDXTB6NDJOGV4JQCYDGHRBARFTGT1234';
const clock = new FakeClock();
const right = {
  ticket: TICKET,
  nonceStr: 'abc',
  timestamp: clock.wallMs(),
  url: 'https://h5.example.com/a?x=1&y=2',
};
const files: Record<string, string> = {
  'ticket.txt': `${TICKET}\n`,
  'old.txt': 'the-ticket-before',
  'token.txt': TOKEN,
};

async function run(args: string[], stdin = '', env: Record<string, string> = {}): Promise<string> {
  const printed: string[] = [];
  await runExplain({
    values: readOptions(args, 'explain', EXPLAIN_OPTIONS),
    input: Readable.from([Buffer.from(stdin)]),
    print: (text) => printed.push(text),
    ask: () => {
      throw new Error('without a terminal no question is asked');
    },
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
    clock,
    env,
  });
  const all = printed.join('\n');
  for (const secret of [TICKET, TOKEN, 'the-ticket-before']) expect(all).not.toContain(secret);
  return all;
}

async function verdictOf(args: string[], stdin = ''): Promise<{ verdict: string; codes: string[] }> {
  const { verdict, findings } = JSON.parse(await run([...args, '--json'], stdin)) as {
    verdict: string;
    findings: { code: string }[];
  };
  return { verdict, codes: findings.map(({ code }) => code) };
}

const flags = ['--timestamp', String(right.timestamp), '--nonce', right.nonceStr];

test('facts in options, the ticket in a file', async () => {
  const args = [...flags, '--signature', signature(right), '--ticket-file', 'ticket.txt'];
  expect(await verdictOf([...args, '--page-url', `${right.url}#/r`])).toEqual({
    verdict: 'valid',
    codes: [],
  });
  const cut = signature({ ...right, url: 'https://h5.example.com/a?x=1' });
  const wrong = [...flags, '--signature', cut, '--ticket-file', 'ticket.txt', '--url', right.url];
  expect((await verdictOf(wrong)).codes[0]).toBe('URL_CUT_AT_AMPERSAND');
});

test.each([
  ['--previous-ticket-file', 'old.txt', 'the-ticket-before', 'TICKET_PREVIOUS'],
  ['--token-file', 'token.txt', TOKEN, 'TICKET_ACCESS_TOKEN'],
])('%s', async (option, file, ticket, code) => {
  const wrong = signature({ ...right, ticket });
  const args = [
    ...flags,
    '--signature',
    wrong,
    '--url',
    right.url,
    '--ticket-file',
    'ticket.txt',
    option,
    file,
  ];
  expect((await verdictOf(args)).codes).toEqual([code]);
});

test('facts from standard input, and a ticket in the reply that should not be there', async () => {
  const { ticket, ...reply } = right;
  const text = JSON.stringify({ ...reply, ticket, signature: signature(right) });
  expect(await verdictOf([], text)).toEqual({ verdict: 'explained', codes: ['TICKET_IN_REPLY'] });
});

test('text in the wanted language, with what differs marked', async () => {
  const cut = signature({ ...right, url: 'https://h5.example.com/a?x=1' });
  const args = [...flags, '--signature', cut, '--ticket-file', 'ticket.txt', '--url', right.url];
  expect(await run(args)).toContain('https://h5.example.com/a?x=1›&y=2‹');
  expect(await run([...args, '--lang', 'zh'])).toContain('签名的 URL 在第一个 "&" 处被截断');
});

test('control characters never reach the terminal', async () => {
  const url = 'https://h5.example.com/\u001b[31m';
  const wrong = signature({ ...right, url });
  const args = [
    ...flags,
    '--signature',
    wrong,
    '--ticket-file',
    'ticket.txt',
    '--url',
    url,
    '--page-url',
    right.url,
  ];
  const text = await run(args);
  expect(text).toContain('\\u001b[31m');
  expect(text).not.toContain('\u001b');
});

describe('without a ticket', () => {
  const cut = { ...right, url: 'https://h5.example.com/a?x=1' };
  const refusalOf = (url: string): string =>
    `invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: ${url}, timestamp: %!s(int64=${right.timestamp})`;
  const reply = (signed: typeof right): string => {
    const { ticket: _, ...rest } = signed;
    return JSON.stringify({ ...rest, nonceStr: 'zdcWabc', signature: signature(signed) });
  };

  test('the URL of the reply and the URL that the client names are compared', async () => {
    const pasted = `${reply(cut)}\n{"errno":333441,"errString":"${refusalOf(right.url)}"}`;
    expect(await verdictOf([], pasted)).toEqual({
      verdict: 'explained',
      codes: ['URL_CUT_AT_AMPERSAND', 'URL_QUERY_MISSING'],
    });
    expect(await run([], pasted)).toContain('https://h5.example.com/a?x=1›&y=2‹');
  });

  test('a URL that no known mistake makes is another page', async () => {
    const pasted = `${reply(right)}\n${refusalOf('https://h5.example.com/b')}`;
    expect((await verdictOf([], pasted)).codes).toEqual(['URL_OTHER_PAGE']);
  });

  test('the address of the page alone proves nothing, since the page may have moved', async () => {
    const { verdict, codes } = await verdictOf(['--page-url', right.url], reply(cut));
    expect(verdict).toBe('unknown');
    expect(codes).toEqual(['URL_CUT_AT_AMPERSAND', 'URL_QUERY_MISSING', 'FACTS_MISSING']);
  });

  test('FACTS_MISSING names what is missing, and where a ticket comes from', async () => {
    const text = await run([], `${reply(right)}\n${refusalOf(right.url)}`);
    expect(text).toContain('FACTS_MISSING (possible)');
    expect(text).toMatch(/^ {4}ticket$/m);
    expect(text).toContain('--ticket-file');
    expect(text).toContain('jssdk/ticket/get');
    const nothing = await run(['--code', '333441', '--ticket-file', 'ticket.txt']);
    expect(nothing).toMatch(/^ {4}url, timestamp, nonceStr, signature$/m);
  });
});

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, [], '平台'],
  [{ LANG: 'de_DE.UTF-8' }, [], 'The'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, [], 'The'],
  [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'zh_TW' }, [], '平台'],
  [{ LANG: 'zh_CN.UTF-8' }, ['--lang', 'en'], 'The'],
  [{}, [], 'The'],
])('in the environment %j with %j', async (env, args, word) => {
  expect(await run([...args, '--code', '333440'], '', env)).toContain(`  ${word}`);
});

test('a code alone needs no ticket', async () => {
  expect(await verdictOf(['--code', '333447'])).toEqual({
    verdict: 'explained',
    codes: ['TRUSTED_DOMAIN_NONE'],
  });
});

test.each([
  [['--ticket', 'x'], '"explain" has no option --ticket. It takes --url, '],
  [['--code', 'many'], '--code: "many" is not a whole number'],
  [['--lang', 'fr'], '--lang: "fr" is not a language'],
])('%j is refused', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});
