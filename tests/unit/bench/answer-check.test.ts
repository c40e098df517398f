// The benchmark notices wrong answers, whatever is wrong with them; the platform's check is the real one.
import { createHash } from 'node:crypto';
import { createAnswerCheck } from '../../../bench/answer-check.cjs';
import { APP, startSandbox, type Started } from '../sandbox/start-sandbox';

const PAGE = { url: 'https://h5.example.com/a?x=1&y=2', origin: 'https://h5.example.com' };

let started: Started;
let ticket: string;
beforeEach(async () => {
  started = await startSandbox();
  ticket = await started.ticketOf();
});
afterEach(() => started.sandbox.close());

/** A right answer of a contestant. */
function signed(overrides: { url?: string; timestamp?: number; ticket?: string } = {}): object {
  const { url = PAGE.url, timestamp = started.clock.wallMs(), ticket: signedWith = ticket } = overrides;
  const text = `jsapi_ticket=${signedWith}&noncestr=n1&timestamp=${timestamp}&url=${url}`;
  const signature = createHash('sha1').update(text).digest('hex');
  return { appId: APP.appId, timestamp, nonceStr: 'n1', signature, url };
}

/** A check of a contestant that gives these answers in turn, and no more. */
function checkOf(
  answers: { status?: number; body: object }[],
  options: { signs?: boolean; inSeconds?: boolean } = {},
) {
  const asked: [string, { headers: Record<string, string> }][] = [];
  const check = createAnswerCheck({
    signs: true,
    inSeconds: false,
    ...options,
    baseUrl: 'http://contestant',
    pages: [PAGE],
    platform: started.sandbox,
    appId: APP.appId,
    random: () => 0,
    fetch: (...request) => {
      asked.push(request);
      const answer = answers.shift();
      if (!answer) return Promise.reject(new Error('reset'));
      return Promise.resolve({ status: answer.status ?? 200, json: () => Promise.resolve(answer.body) });
    },
  });
  return { check, asked };
}

test('a right answer has no fault', async () => {
  const { check, asked } = checkOf([{ body: signed() }]);
  expect(await check.sample()).toBeUndefined();
  expect(check.checked).toBe(1);
  expect(check.faults.size).toBe(0);
  expect(asked).toEqual([
    [`http://contestant/config?url=${encodeURIComponent(PAGE.url)}`, { headers: { Origin: PAGE.origin } }],
  ]);
});

test.each([
  ['another URL', () => signed({ url: 'https://h5.example.com/b' }), /^333441 /],
  ['another ticket', () => signed({ ticket: 'made-up' }), /^333441 /],
  ['a time long past', () => signed({ timestamp: 1 }), /^333444 /],
  ['no signature', () => ({}), /^1012 /],
])('a signature over %s is a fault', async (_what, answer, fault) => {
  expect(await checkOf([{ body: answer() }]).check.sample()).toMatch(fault);
});

test('one signature for two requests is a fault', async () => {
  const { check } = checkOf([{ body: signed() }, { body: signed() }]);
  expect(await check.sample()).toBeUndefined();
  expect(await check.sample()).toMatch(/^333443 /);
});

test('refusals and broken connections are faults, counted by kind', async () => {
  const { check } = checkOf([
    { status: 429, body: { code: 'RATE_LIMITED' } },
    { status: 500, body: {} },
    { status: 500, body: {} },
  ]);
  for (let request = 0; request < 4; request += 1) await check.sample();
  expect(Object.fromEntries(check.faults)).toEqual({
    'HTTP 429 RATE_LIMITED': 1,
    'HTTP 500': 2,
    'Error: reset': 1,
  });
  expect(check.checked).toBe(4);
  check.reset();
  expect([check.checked, check.faults.size]).toEqual([0, 0]);
});

describe('timestamps in seconds', () => {
  const nowSeconds = () => Math.floor(started.clock.wallMs() / 1_000);

  test('are right when the signature is over an issued ticket, and now', async () => {
    const { check } = checkOf([{ body: signed({ timestamp: nowSeconds() }) }], { inSeconds: true });
    expect(await check.sample()).toBeUndefined();
  });

  test.each([
    ['another URL', () => signed({ timestamp: nowSeconds(), url: 'https://h5.example.com/b' }), /not over/],
    ['another ticket', () => signed({ timestamp: nowSeconds(), ticket: 'made-up' }), /not over/],
    ['a time 10 minutes ago', () => signed({ timestamp: nowSeconds() - 600 }), /not of now/],
  ])('are wrong over %s', async (_what, answer, fault) => {
    const { check } = checkOf([{ body: answer() }], { inSeconds: true });
    expect(await check.sample()).toMatch(fault);
  });
});

test('of a contestant that does not sign only the status counts', async () => {
  const { check } = checkOf([{ body: {} }, { status: 503, body: {} }], { signs: false });
  expect(await check.sample()).toBeUndefined();
  expect(await check.sample()).toBe('HTTP 503');
});
