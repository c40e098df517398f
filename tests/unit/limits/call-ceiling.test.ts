import * as fc from 'fast-check';
import { createCallCeiling } from '../../../src/limits/call-ceiling';

const HOUR_MS = 3_600_000;

/** A clock whose monotonic time a test sets; nothing here needs timers. */
function movableClock(monotonicMs: number) {
  const clock = {
    nowMs: monotonicMs,
    wallMs: () => 0,
    monotonicMs: () => clock.nowMs,
    setTimer: () => ({ cancel: () => undefined }),
  };
  return clock;
}

describe('the ceiling of calls', () => {
  it('gives 60 an hour as 12 at once and then one every 75 s', () => {
    const clock = movableClock(5_000.25);
    const ceiling = createCallCeiling({ callsPerHour: 60, clock });
    for (let call = 0; call < 12; call += 1) expect(ceiling.take()).toEqual({ ok: true });
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 75_000 });
    clock.nowMs += 74_999;
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 1 });
    clock.nowMs += 1;
    expect(ceiling.take()).toEqual({ ok: true });
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 75_000 });
  });

  it.each([
    ['enough with 1.7 times as many', 340, true],
    ['too few with 1.6 times as many', 320, false],
  ])('half an hour for 200 tickets that are due at once is %s', (_, callsPerHour, isEnough) => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour, clock });
    let calls = 0;
    for (; clock.nowMs <= HOUR_MS / 2; clock.nowMs += 1_000) while (ceiling.take().ok) calls += 1;
    // 0.6 of the ceiling, as docs/store-apps.md says.
    expect(Math.abs(calls - 0.6 * callsPerHour)).toBeLessThanOrEqual(1);
    expect(calls >= 200).toBe(isEnough);
  });

  it('does not count calls it refused', () => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour: 5, clock });
    for (let call = 0; call < 100; call += 1) ceiling.take();
    clock.nowMs += 1_199_999;
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 1 });
    clock.nowMs += 1;
    expect(ceiling.take().ok).toBe(true);
  });

  it('does not wait for a reserved call as for a spent one: it may be returned', () => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour: 60, clock });
    for (let call = 0; call < 9; call += 1) ceiling.take();
    const reserved = [ceiling.reserve(), ceiling.reserve(), ceiling.reserve()];
    expect(ceiling.reserve()).toEqual({ ok: false, retryAfterMs: 1_000 });
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 1_000 });
    // Of the six that are spare three too many are spent, and one is asked for.
    expect(ceiling.spare.take()).toEqual({ ok: false, retryAfterMs: 4 * 75_000 });
    for (const one of reserved) if (one.ok) one.end(false);
    expect(ceiling.take()).toEqual({ ok: true });
    const [first, second] = [ceiling.reserve(), ceiling.reserve()];
    if (first.ok && second.ok) {
      first.end(true);
      second.end(true);
    }
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 75_000 });
    // A wait of less than a second is returned as it is.
    clock.nowMs += 74_800;
    const last = ceiling.reserve();
    expect(last).toEqual({ ok: false, retryAfterMs: 200 });
  });

  it('does not let one call an hour starve indefinitely', () => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour: 1, clock });
    expect(ceiling.take()).toEqual({ ok: true });
    clock.nowMs += HOUR_MS;
    expect(ceiling.take()).toEqual({ ok: false, retryAfterMs: 1 });
    clock.nowMs += 1;
    expect(ceiling.take()).toEqual({ ok: true });
  });

  it('gives two calls an hour at once, for the second try with a new token', () => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour: 2, clock });
    expect([ceiling.take().ok, ceiling.take().ok, ceiling.take().ok]).toEqual([true, true, false]);
    clock.nowMs += HOUR_MS + 1;
    expect([ceiling.take().ok, ceiling.take().ok]).toEqual([true, false]);
  });

  it.each([
    [2, 1],
    [9, 1],
    [60, 6],
  ])('with %d an hour keeps %d of a burst from calls that are spare', (callsPerHour, kept) => {
    const clock = movableClock(0);
    const ceiling = createCallCeiling({ callsPerHour, clock });
    while (ceiling.spare.take().ok);
    let left = 0;
    while (ceiling.take().ok) left += 1;
    expect(left).toBe(kept);
    // What is used up of those that are kept comes back before the next spare one.
    const told = ceiling.spare.take();
    clock.nowMs += told.ok ? 0 : told.retryAfterMs - 1;
    expect(ceiling.spare.take()).toEqual({ ok: false, retryAfterMs: 1 });
    clock.nowMs += 1;
    expect(ceiling.spare.take().ok).toBe(true);
    expect(ceiling.take().ok).toBe(true);
  });

  it.each([0, -1, 1.5, NaN])('refuses a ceiling of %d calls', (callsPerHour) => {
    expect(() => createCallCeiling({ callsPerHour, clock: movableClock(0) })).toThrow(RangeError);
  });

  it('never lets more than N through in any window of an hour, and always as soon as it said', () => {
    const pause = fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 1_000, noNaN: true }),
      fc.double({ min: 0, max: 2 * HOUR_MS, noNaN: true }),
      fc.constant('as told' as const),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 130 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.array(pause, { minLength: 20, maxLength: 400 }),
        fc.boolean(),
        (callsPerHour, startMs, pauses, isSpare) => {
          const clock = movableClock(startMs);
          const whole = createCallCeiling({ callsPerHour, clock });
          const ceiling = isSpare && callsPerHour > 1 ? whole.spare : whole;
          const granted: number[] = [];
          let toldMs = 0;
          for (const wait of pauses) {
            clock.nowMs += wait === 'as told' ? toldMs : wait;
            let permission = ceiling.take();
            if (wait === 'as told') expect(permission.ok).toBe(true);
            while (permission.ok) {
              granted.push(clock.nowMs);
              permission = ceiling.take();
            }
            toldMs = permission.retryAfterMs;
          }
          for (let first = 0; first + callsPerHour < granted.length; first += 1) {
            expect(granted[first + callsPerHour]! - granted[first]!).toBeGreaterThan(HOUR_MS);
          }
        },
      ),
    );
  });
});
