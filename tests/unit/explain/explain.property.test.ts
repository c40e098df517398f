// Signatures by the thousand: a right one is called valid and nothing else, a wrong one never.
import fc from 'fast-check';
import { explain } from '../../../src/explain/explain';
import { signature } from '../../../src/signing/signature';
import { heldTicket } from '../../support/held-ticket';
import { runs } from '../../support/runs';

const RUNS = runs(10_000, 400);

// A machine that is busy with other things takes a minute for what takes ten seconds.
const NOW = Date.UTC(2026, 0, 1);
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
const word = (min: number, max: number) =>
  fc
    .array(fc.constantFrom(...LETTERS), { minLength: min, maxLength: max })
    .map((letters) => letters.join(''));
const hex = fc
  .array(fc.constantFrom(...Array.from('0123456789abcdef')), { minLength: 40, maxLength: 40 })
  .map((digits) => digits.join(''));

/** What a browser shows in location.href, from the pieces that the mistakes look at. */
const page = fc
  .tuple(
    fc.constantFrom(
      'https://h5.example.com',
      'http://10.0.0.7:8080',
      'https://中国.example.com',
      'https://h.cn:8443',
    ),
    fc.array(fc.constantFrom('/', 'a', 'B', '%E4%B8%AD', '%2F', '+', 'é', "'", '.', '~'), { maxLength: 6 }),
    fc.array(
      fc.constantFrom(
        'a=1',
        'from=x',
        'lk_a=1',
        'required_launch_ability=%5B%5D',
        'n=%E7%BD%91%20-%20%E5%A4%A9',
        "it's='(x),",
        'q=a+b',
        'q=%20',
        'x',
        'y=',
        'n=%2B',
        'u=https%3A%2F%2Fh.cn%2F',
        '中=文',
        'amp;=2',
      ),
      {
        maxLength: 4,
      },
    ),
    fc.constantFrom('', '#', '#/list?x=1'),
  )
  .map(
    ([origin, path, query, fragment]) =>
      new URL(`${origin}/${path.join('')}${query.length > 0 ? '?' : ''}${query.join('&')}${fragment}`).href,
  );

const signed = fc.record({
  pageUrl: page,
  nonceStr: word(8, 32),
  // Within the ten minutes of a signature's life.
  timestamp: fc.integer({ min: NOW - 599_000, max: NOW + 599_000 }),
  ticket: word(20, 60),
  previous: word(20, 60),
});

function contextOf({ ticket, previous }: { ticket: string; previous: string }) {
  return {
    tickets: [heldTicket('current', 'cli_a', ticket), heldTicket('previous', 'cli_a', previous)],
    nowMs: NOW,
  };
}

test(`${RUNS} right signatures are valid, and nothing is found in them`, () => {
  fc.assert(
    fc.property(signed, fc.boolean(), (values, isUrlKnown) => {
      const { pageUrl, nonceStr, timestamp, ticket } = values;
      const url = pageUrl.split('#', 1)[0]!;
      const facts = {
        pageUrl,
        nonceStr,
        timestamp,
        signature: signature({ ticket, nonceStr, timestamp, url }),
        ...(isUrlKnown && { url }),
      };
      expect(explain(facts, contextOf(values))).toEqual({ verdict: 'valid', findings: [], hashes: 1 });
    }),
    { numRuns: RUNS },
  );
});

// 200 hashes are every single mistake; all pairs take fifty times as long, so fewer signatures go through them.
test.each([
  [RUNS, 200],
  [runs(100), 20_000],
])('%d wrong signatures are never valid and have no known cause, at %d hashes', (numRuns, maxHashes) => {
  fc.assert(
    fc.property(signed, hex, (values, wrong) => {
      const { pageUrl, nonceStr, timestamp } = values;
      const { verdict, findings, hashes } = explain(
        { pageUrl, nonceStr, timestamp, signature: wrong },
        { ...contextOf(values), maxHashes },
      );
      expect({ verdict, codes: findings.map(({ code, strength }) => `${code} ${strength}`) }).toEqual({
        verdict: 'unknown',
        codes: ['UNKNOWN_CAUSE possible'],
      });
      expect(hashes).toBeLessThanOrEqual(maxHashes);
    }),
    { numRuns },
  );
});

test('whatever the facts are, nothing is thrown, and no ticket appears', () => {
  const anything = fc.option(
    fc.oneof(fc.string(), page, fc.constant('invalid signature: url: , timestamp: %!s(int64=')),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(
      fc.record(
        {
          url: anything,
          pageUrl: anything,
          timestamp: fc.oneof(fc.double(), fc.string(), fc.integer()),
          nonceStr: anything,
          signature: anything,
          errorText: anything,
          errorCode: fc.integer(),
        },
        { requiredKeys: [] },
      ),
      (facts) => {
        const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
        const ticket = 'a-ticket-that-must-not-appear';
        const explanation = explain(given, {
          ...contextOf({ ticket, previous: `${ticket}-either` }),
          maxHashes: 200,
        });
        expect(explanation.verdict).not.toBe('valid');
        expect(JSON.stringify(explanation)).not.toContain(ticket);
      },
    ),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});
