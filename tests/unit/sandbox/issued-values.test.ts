// The 30-minute rule, expiry and early death of what the simulated platform issues.
import { IssuedValues } from '../../../src/sandbox/issued-values';

const MINUTE_MS = 60_000;

function issuing(lifeSeconds = 7_200) {
  let count = 0;
  const time = { ms: 0 };
  const values = new IssuedValues(
    () => `v${++count}`,
    () => time.ms,
    lifeSeconds,
  );
  return { values, time };
}

describe('IssuedValues', () => {
  it('hands out the same value, with less life left, until 30 minutes are left', () => {
    const { values, time } = issuing();
    expect(values.leftSeconds(values.issue('a'))).toBe(7_200);
    time.ms = 1_500;
    expect(values.issue('a').value).toBe('v1');
    expect(values.leftSeconds(values.issue('a'))).toBe(7_198);
    time.ms = 90 * MINUTE_MS;
    expect(values.issue('a').value).toBe('v1');
  });

  it('hands out a new value inside the last 30 minutes, and the old one stays valid until its own expiry', () => {
    const { values, time } = issuing();
    const old = values.issue('a');
    time.ms = 90 * MINUTE_MS + 1;
    const renewed = values.issue('a');
    expect(renewed.value).toBe('v2');
    expect(values.leftSeconds(renewed)).toBe(7_200);
    expect(values.isLive(old)).toBe(true);
    expect(values.issue('a').value).toBe('v2');
    time.ms = 120 * MINUTE_MS;
    expect(values.isLive(old)).toBe(false);
    expect(values.isLive(renewed)).toBe(true);
  });

  it.each([
    [1_800, 1_350_000],
    [60, 45_000],
    [4, 3_000],
  ])('renews a life of %i s in its last quarter', (lifeSeconds, quarterMs) => {
    const { values, time } = issuing(lifeSeconds);
    values.issue('a');
    time.ms = quarterMs;
    expect(values.issue('a').value).toBe('v1');
    time.ms += 1;
    expect(values.issue('a').value).toBe('v2');
  });

  it('keeps the documented window for a life that is little more than 30 minutes', () => {
    const { values, time } = issuing(1_801);
    values.issue('a');
    time.ms = 1_001;
    expect(values.issue('a').value).toBe('v2');
  });

  it('issues per app', () => {
    const { values } = issuing();
    expect(values.issue('a').value).not.toBe(values.issue('b').value);
    expect(values.ofApp('a').map(({ value }) => value)).toEqual(['v1']);
    expect(values.find('v2')?.appId).toBe('b');
  });

  it('issues a new value once the old was revoked, and knows the old one as dead', () => {
    const { values } = issuing();
    const old = values.issue('a');
    const others = values.issue('b');
    values.revoke('a');
    expect(values.isLive(old)).toBe(false);
    expect(values.isLive(others)).toBe(true);
    expect(values.issue('a').value).toBe('v3');
    expect(values.ofApp('a').map(({ value }) => value)).toEqual(['v1', 'v3']);
  });

  it('gives a changed life to what is issued from then on', () => {
    const { values } = issuing();
    const old = values.issue('a');
    values.setLife(60);
    expect(values.leftSeconds(old)).toBe(7_200);
    expect(values.leftSeconds(values.issue('b'))).toBe(60);
  });

  it.each([0, -1, 1.5, NaN])('refuses a life of %p seconds', (seconds) => {
    expect(() => issuing(seconds)).toThrow(RangeError);
    expect(() => issuing().values.setLife(seconds)).toThrow(/whole number of seconds/);
  });

  it('forgets the oldest values beyond a thousand', () => {
    const { values } = issuing();
    for (let i = 0; i < 1_001; i++) {
      values.issue('a');
      values.revoke('a');
    }
    expect(values.ofApp('a')).toHaveLength(1_000);
    expect(values.find('v1')).toBeUndefined();
    expect(values.find('v2')).toBeDefined();
  });
});
