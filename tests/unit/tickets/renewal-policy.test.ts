// The numbers of a ticket's life: margin, window, repeat delay and back-off, at both ends of the jitter.
import { ValueUnavailableError } from '../../../src/tickets/renewal';
import {
  doubtDelayMs,
  MAX_DELAY_MS,
  renewAhead,
  renewOnDemand,
  retryAfterMsOf,
  type RenewalPolicy,
} from '../../../src/tickets/renewal-policy';

const lowest = () => 0;
/** The greatest number below 1. */
const highest = () => 1 - Number.EPSILON / 2;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const plainError = new Error('down');

describe.each<[string, RenewalPolicy]>([
  ['renewAhead', renewAhead],
  ['renewOnDemand', renewOnDemand],
])('%s', (_name, policy) => {
  it.each([
    ['2 hours', 7_200 * SECOND, 7_190 * SECOND],
    ['31 minutes', 31 * MINUTE, 31 * MINUTE - 10 * SECOND],
    ['200 seconds, where both rules meet', 200 * SECOND, 190 * SECOND],
    ['20 seconds', 20 * SECOND, 19 * SECOND],
    ['1 second', SECOND, 950],
  ])('does not hand out a value of %s in its last 10 s or twentieth', (_life, lifeMs, usableForMs) => {
    expect(policy.usableForMs(lifeMs)).toBe(usableForMs);
  });

  it('doubles the back-off from 1 s to 60 s and spreads it down to 0.5 s', () => {
    const failures = [1, 2, 3, 4, 5, 6, 7, 8, 100, 5_000];
    const longest = failures.map((n) => policy.retryDelayMs(n, plainError, highest));
    const ceilings = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * SECOND);
    longest.forEach((delayMs, i) => {
      expect(delayMs).toBeLessThanOrEqual(ceilings[i]!);
      expect(delayMs).toBeGreaterThan(ceilings[i]! - 0.001);
    });
    expect(failures.map((n) => policy.retryDelayMs(n, plainError, lowest))).toEqual(failures.map(() => 500));
    expect(policy.retryDelayMs(7, plainError, () => 0.5)).toBe(30 * SECOND);
  });

  it('waits as long as the error asks, a little later and never sooner, whatever the count of failures', () => {
    const asked = { retryAfterMs: 7 * MINUTE };
    for (const failures of [1, 50]) {
      expect(policy.retryDelayMs(failures, asked, lowest)).toBe(7 * MINUTE);
      const latest = policy.retryDelayMs(failures, asked, highest);
      expect(latest).toBeGreaterThan(7 * MINUTE);
      expect(latest).toBeLessThanOrEqual(7 * MINUTE + 500);
      expect(policy.retryDelayMs(failures, asked, () => 0.5)).toBe(7 * MINUTE + 250);
    }
    const errorWithHint = Object.assign(new Error('limited'), { retryAfterMs: 3 * SECOND });
    expect(policy.retryDelayMs(9, errorWithHint, lowest)).toBe(3 * SECOND);
  });

  it('backs off further when the error asks for less than the back-off', () => {
    const asked = { retryAfterMs: SECOND };
    const longest = [1, 2, 3, 6, 7, 100].map((n) => Math.round(policy.retryDelayMs(n, asked, highest)));
    expect(longest).toEqual([1_500, 2 * SECOND, 4 * SECOND, 32 * SECOND, MINUTE, MINUTE]);
    expect(policy.retryDelayMs(7, { retryAfterMs: 0 }, () => 0.5)).toBe(30 * SECOND);
    // The wait of a value that this one needs: that value has its own back-off.
    const held = new ValueUnavailableError('the last load failed', 5 * SECOND, undefined);
    expect(policy.retryDelayMs(7, held, lowest)).toBe(5 * SECOND);
    expect(policy.retryDelayMs(7, held, highest)).toBeLessThanOrEqual(5.5 * SECOND);
  });

  it('keeps what the error asks between 0.5 s and 1 h', () => {
    for (const random of [lowest, highest]) {
      expect(policy.retryDelayMs(1, { retryAfterMs: 30 * 24 * 60 * MINUTE }, random)).toBe(MAX_DELAY_MS);
    }
    expect(policy.retryDelayMs(1, { retryAfterMs: -5 * SECOND }, lowest)).toBe(500);
    expect(policy.retryDelayMs(1, { retryAfterMs: 0 }, lowest)).toBe(500);
    expect(MAX_DELAY_MS).toBe(60 * MINUTE);
  });
});

describe('the renewal window', () => {
  it.each([
    // life, earliest and latest opening
    ['2 hours', 7_200 * SECOND, 90 * MINUTE + 5 * SECOND, 90 * MINUTE + 65 * SECOND],
    ['31 minutes', 31 * MINUTE, MINUTE + 5 * SECOND, MINUTE + 65 * SECOND],
    [
      '30 minutes: the last quarter',
      30 * MINUTE,
      22.5 * MINUTE + 22.5 * SECOND,
      22.5 * MINUTE + 67.5 * SECOND,
    ],
    ['20 seconds: the last quarter', 20 * SECOND, 15_250, 15_750],
    ['1 second: the last quarter', SECOND, 762.5, 787.5],
  ])(
    'opens for a life of %s between offset and offset plus jitter',
    (_life, lifeMs, earliestMs, latestMs) => {
      expect(renewAhead.renewsAfterMs(lifeMs, lowest)).toBe(earliestMs);
      const latest = renewAhead.renewsAfterMs(lifeMs, highest);
      expect(latest).toBeLessThanOrEqual(latestMs);
      expect(latest).toBeCloseTo(latestMs, 6);
    },
  );

  it('opens for every possible life after the platform renews and before the value is withheld', () => {
    const wrong: number[] = [];
    for (let seconds = 1; seconds <= 86_400; seconds += 1) {
      const lifeMs = seconds * SECOND;
      const platformMs = seconds > 1_800 ? lifeMs - 30 * MINUTE : lifeMs * 0.75;
      const isLate = renewAhead.renewsAfterMs(lifeMs, highest) >= renewAhead.usableForMs(lifeMs);
      if (renewAhead.renewsAfterMs(lifeMs, lowest) <= platformMs || isLate) wrong.push(seconds);
    }
    expect(wrong).toEqual([]);
  });

  it('never opens for a value that is renewed on demand', () => {
    expect(renewOnDemand.renewsAfterMs(7_200 * SECOND, lowest)).toBe(Infinity);
    expect(renewAhead.byTimer).toBe(true);
    expect(renewOnDemand.byTimer).toBe(false);
  });
});

describe('the delay after the same value came back', () => {
  const delays = (lifeMs: number) =>
    [1, 2, 3, 4, 5, 100, 5_000].map((n) => renewAhead.repeatDelayMs(n, lifeMs));

  it('doubles from a thirtieth to a sixth of the window', () => {
    expect(delays(7_200 * SECOND)).toEqual([1, 2, 4, 5, 5, 5, 5].map((minutes) => minutes * MINUTE));
    expect(delays(31 * MINUTE)).toEqual(delays(7_200 * SECOND));
    expect(delays(30 * MINUTE)).toEqual([15, 30, 60, 75, 75, 75, 75].map((seconds) => seconds * SECOND));
  });

  it('is at least 0.5 s, however short the life', () => {
    expect(delays(20 * SECOND).slice(0, 3)).toEqual([500, 500, (5 * SECOND * 4) / 30]);
    expect(delays(SECOND)).toEqual([500, 500, 500, 500, 500, 500, 500]);
  });
});

test('a doubted value is loaded again after 1, 4, 16 … s, up to an hour, or after down to half of that', () => {
  const failures = [1, 2, 3, 6, 7, 8, 100];
  const seconds = [1, 4, 16, 1_024, 3_600, 3_600, 3_600];
  expect(failures.map((count) => doubtDelayMs(count, () => 1))).toEqual(
    seconds.map((count) => count * SECOND),
  );
  expect(failures.map((count) => doubtDelayMs(count, lowest))).toEqual(seconds.map((count) => count * 500));
});

describe('retryAfterMsOf', () => {
  it.each([
    ['an error that has one', Object.assign(new Error('x'), { retryAfterMs: 1_500 }), 1_500],
    ['zero', { retryAfterMs: 0 }, 0],
    ['an error without one', plainError, undefined],
    ['a string in its place', { retryAfterMs: '1500' }, undefined],
    ['not a number', { retryAfterMs: NaN }, undefined],
    ['no end', { retryAfterMs: Infinity }, undefined],
    ['null', null, undefined],
    ['nothing', undefined, undefined],
    ['text', 'retryAfterMs', undefined],
  ])('reads %s', (_what, error, expected) => {
    expect(retryAfterMsOf(error)).toBe(expected);
  });
});
