// A sample of the fault matrix, so that its expectations cannot rot; and that its judge can fail.
import { callsBeyondTheRules } from './calls-beyond-the-rules';
import type { Expectation, Moment } from './fault-case';
import { matrix, runRow } from './matrix';
import { judge, type Observation } from './observation';
import { renderTable } from './render-table';

const SAMPLE: [name: string, moment: Moment][] = [
  ['http-502', 'cold'],
  ['ip-refused', 'cold'],
  ['life-of-a-century', 'renewing'],
  ['wrong-secret', 'cold'],
  ['token-revoked', 'renewing'],
  ['ticket-revoked', 'fresh'],
  ['down', 'expired'],
  ['tls-expired', 'cold'],
  ['dns-no-answer', 'renewing'],
  ['file-gone', 'cold'],
  ['clock-back', 'fresh'],
];

test.each(SAMPLE)('%s, %s: as it is written', async (name, moment) => {
  const row = matrix.find((one) => one.name === name)!;
  expect(judge(row.expected[moment], await runRow(row, moment))).toEqual([]);
});

test('rows have names of their own, and there are at least thirty', () => {
  expect(new Set(matrix.map(({ name }) => name)).size).toBe(matrix.length);
  expect(matrix.length).toBeGreaterThanOrEqual(30);
});

test('a run prints a table with a row for each fault that ran', () => {
  const [row] = matrix;
  const seen: Observation = {
    ...{ pages: ['signed'], ready: false, calls: { token: 1, ticket: 2 } },
    ...{ healedAfterSeconds: 3, lines: [], trouble: [] },
  };
  const lines = renderTable([{ fault: row!, moment: 'cold', seen }], matrix)
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toContain('| signed; not ready; 1+2 calls; healed in 3 s | not run | not run |');
});

describe('the judge', () => {
  const expected: Expectation = {
    pages: ['signed'],
    ready: true,
    calls: { token: 1, ticket: 1 },
    healedWithinSeconds: 10,
    log: { reason: 'tls', summary: 'EXPIRED' },
  };
  const seen: Observation = {
    pages: ['signed'],
    ready: true,
    calls: { token: 1, ticket: 1 },
    healedAfterSeconds: 10,
    lines: [{ level: 'warn', msg: 'no', reason: 'tls', summary: 'CERT_HAS_EXPIRED' }],
    trouble: [],
  };

  test('finds nothing where all is as it was expected', () => {
    expect(judge(expected, seen)).toEqual([]);
  });

  test.each<[string, Partial<Observation>]>([
    ['other answers', { pages: ['signed', 'TICKET_UNAVAILABLE'] }],
    ['a wrong signature', { pages: ['signed but 333442'] }],
    ['another readiness', { ready: false }],
    ['a token call too many', { calls: { token: 2, ticket: 1 } }],
    ['a ticket call too many', { calls: { token: 0, ticket: 2 } }],
    ['a late recovery', { healedAfterSeconds: 11 }],
    ['no recovery', { healedAfterSeconds: undefined }],
    ['a log that does not name the cause', { lines: [{ level: 'warn', reason: 'tls' }] }],
    [
      'a log that names it at a level that is not read',
      { lines: seen.lines.map((line) => ({ ...line, level: 'debug' })) },
    ],
    ['trouble', { trouble: ['crash'] }],
  ])('finds %s', (_what, differently) => {
    expect(judge(expected, { ...seen, ...differently })).toHaveLength(1);
  });

  test('finds a warning where nothing was to be said', () => {
    expect(judge({ ...expected, log: 'silent' }, seen)).toHaveLength(1);
  });
});

describe('calls beyond the rules', () => {
  const TICKET = '/open-apis/jssdk/ticket/get';
  const failed = (retryInMs: number, kind = 'retry'): string =>
    JSON.stringify({ msg: 'no ticket could be loaded', endpoint: 'jsapi_ticket', kind, retryInMs });
  const found = (lines: [atMs: number, line: string][], callsMs: number[], mayAskAtOnce = false): string[] =>
    callsBeyondTheRules(
      {
        logLines: lines.map(([, line]) => line),
        logTimesMs: lines.map(([atMs]) => atMs),
        calls: callsMs.map((atMs) => ({ path: TICKET, atMs })),
      },
      { mayAskAtOnce },
    );

  test('a schedule that is kept has none', () => {
    expect(
      found(
        [
          [0, failed(500)],
          [500, failed(1_000)],
          [1_500, failed(2_000)],
        ],
        [0, 500, 1_500, 3_500],
      ),
    ).toEqual([]);
  });

  test('a call inside a back-off is found', () => {
    expect(found([[0, failed(500)]], [0, 400])).toHaveLength(1);
    expect(found([[0, failed(500)]], [0, 400], true)).toEqual([]);
  });

  test('a back-off below the schedule is found', () => {
    expect(
      found(
        [
          [0, failed(500)],
          [500, failed(500)],
          [1_000, failed(500)],
        ],
        [],
      ),
    ).toHaveLength(2);
    expect(found([[0, failed(30_000, 'configuration')]], [])).toHaveLength(1);
  });

  test('the 61st ticket call of an hour is found', () => {
    const everyMinute = Array.from({ length: 61 }, (_, n) => n * 60_000);
    expect(found([], everyMinute)).toEqual([]);
    expect(
      found(
        [],
        everyMinute.map((atMs) => atMs * 0.99),
      ),
    ).toHaveLength(1);
  });
});
