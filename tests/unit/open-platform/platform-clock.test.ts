import type { ClockChange } from '../../../src/open-platform/platform-clock';
import { PlatformClock } from '../../../src/open-platform/platform-clock';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

/** A process that has just started answers its first pages first. */
const START_DELAY_MS = 200;
const MINUTE_MS = 60_000;

/** A machine whose wall clock is `aheadMs` ahead of a platform that is always right. */
function setup({ aheadMs = 0, correction = true, reachable = true } = {}) {
  const clock = new FakeClock();
  const changes: ClockChange[] = [];
  const platform = {
    aheadMs,
    reachable,
    probes: 0,
    replies: [] as number[],
    nowMs: (): number => clock.wallMs() - platform.aheadMs,
  };
  const platformClock = new PlatformClock({
    clock,
    correction,
    measure: async () => {
      platform.probes += 1;
      await Promise.resolve();
      if (!platform.reachable) throw new Error('out of reach');
      reply(platform.replies.shift() ?? platform.nowMs());
    },
  });
  const stopListening = platformClock.onChange((change) => changes.push(change));
  /** A reply to a request sent and answered now; `Date` is cut to whole seconds. */
  function reply(platformMs = platform.nowMs()): void {
    const atMs = clock.monotonicMs();
    platformClock.observe({
      platformMs: Math.floor(platformMs / 1_000) * 1_000,
      sentMonotonicMs: atMs,
      receivedMonotonicMs: atMs,
    });
  }
  /** How far the time to sign with is from the platform's. */
  const errorMs = () => Math.abs(platformClock.nowMs() - platform.nowMs());
  return { clock, platform, platformClock, changes, stopListening, reply, errorMs };
}

describe('the platform’s clock', () => {
  it('gives this machine’s time while nothing is known', () => {
    const { clock, platformClock } = setup({ aheadMs: 15 * MINUTE_MS });
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    expect(platformClock.offsetMs).toBeUndefined();
  });

  it.each([15 * MINUTE_MS, -15 * MINUTE_MS])(
    'corrects a clock that is %d ms off, once two replies agree',
    async (aheadMs) => {
      const { clock, platformClock, reply, errorMs, changes } = setup({ aheadMs });
      reply();
      expect(platformClock.nowMs()).toBe(clock.wallMs());
      reply();
      expect(errorMs()).toBeLessThanOrEqual(500);
      expect(platformClock.isCorrecting).toBe(true);
      expect(Math.abs(platformClock.offsetMs! + aheadMs)).toBeLessThanOrEqual(500);
      expect(changes).toEqual([{ isOff: true, isCorrected: true, offsetMs: platformClock.offsetMs }]);
      await clock.advance(90 * MINUTE_MS);
      expect(errorMs()).toBeLessThanOrEqual(500);
    },
  );

  it.each([20 * MINUTE_MS, -20 * MINUTE_MS])(
    'takes the time from a store while the platform is out of reach and the clock %d ms off',
    async (aheadMs) => {
      const { clock, platform, platformClock, reply, errorMs, changes } = setup({
        aheadMs,
        reachable: false,
      });
      const atMs = clock.monotonicMs();
      platformClock.ensureMeasured();
      expect(platformClock.fromStore.isWanted()).toBe(true);
      // A few seconds off, as the writer's request took so long.
      const storeTime = {
        platformMs: platform.nowMs() - 4_000,
        sentMonotonicMs: atMs,
        receivedMonotonicMs: atMs,
      };
      platformClock.fromStore.observe(storeTime);
      expect(errorMs()).toBe(4_000);
      expect(platformClock).toMatchObject({ isAwaited: true, isCorrecting: true });
      expect(platformClock.fromStore.isWanted()).toBe(false);
      expect(changes).toHaveLength(1);

      await clock.advance(START_DELAY_MS);
      expect(platform.probes).toBe(1);
      // The platform's own time is the better one.
      platform.reachable = true;
      await clock.advance(5 * MINUTE_MS);
      expect(errorMs()).toBeLessThanOrEqual(500);
      platformClock.fromStore.observe(storeTime);
      expect(errorMs()).toBeLessThanOrEqual(500);
      reply();
      expect(changes).toHaveLength(1);
    },
  );

  it('does not correct by a store what the writer and this machine may be off together', () => {
    const { clock, platform, platformClock } = setup({ aheadMs: 59_000, reachable: false });
    const atMs = clock.monotonicMs();
    platformClock.fromStore.observe({
      platformMs: platform.nowMs(),
      sentMonotonicMs: atMs,
      receivedMonotonicMs: atMs,
    });
    expect(platformClock.isCorrecting).toBe(false);
  });

  it('is awaited until the offset is known', async () => {
    const { clock, platformClock } = setup({ aheadMs: 20 * MINUTE_MS });
    expect(platformClock.isAwaited).toBe(false);
    platformClock.ensureMeasured();
    expect(platformClock.isAwaited).toBe(true);
    // One reply is no knowledge yet; the second one follows a second later.
    await clock.advance(START_DELAY_MS);
    expect(platformClock.isAwaited).toBe(true);
    await clock.advance(1_000);
    expect(platformClock.isAwaited).toBe(false);
    expect(platformClock.isCorrecting).toBe(true);
  });

  it.each([
    ['a platform out of reach', { reachable: false }, START_DELAY_MS],
    ['replies that do not agree', { reachable: true }, START_DELAY_MS + 1_000],
  ])('is awaited no longer than the first requests of %s', async (_, { reachable }, untilMs) => {
    const { clock, platform, platformClock } = setup({ reachable });
    platform.replies = [0, 3_600_000];
    platformClock.ensureMeasured();
    await clock.advance(untilMs - 1);
    expect(platformClock.isAwaited).toBe(true);
    await clock.advance(1);
    expect(platformClock.isAwaited).toBe(false);
    expect(platformClock.offsetMs).toBeUndefined();
  });

  it('is awaited no more once it is closed', () => {
    const { platformClock } = setup();
    platformClock.ensureMeasured();
    platformClock.close();
    expect(platformClock.isAwaited).toBe(false);
  });

  it('signs with whole milliseconds', () => {
    const { clock, platformClock, platform } = setup({ aheadMs: 15 * MINUTE_MS });
    for (let n = 0; n < 2; n += 1) {
      const sentMonotonicMs = clock.monotonicMs() - 100.375;
      platformClock.observe({
        platformMs: platform.nowMs(),
        sentMonotonicMs,
        receivedMonotonicMs: clock.monotonicMs(),
      });
    }
    expect(platformClock.isCorrecting).toBe(true);
    expect(Number.isInteger(platformClock.nowMs())).toBe(true);
  });

  it('takes the platform’s time at the middle of the request', () => {
    const { clock, platformClock, platform } = setup({ aheadMs: 15 * MINUTE_MS });
    const atMs = clock.monotonicMs();
    for (let n = 0; n < 2; n += 1)
      platformClock.observe({
        platformMs: platform.nowMs(),
        sentMonotonicMs: atMs - 3_000,
        receivedMonotonicMs: atMs + 1_000,
      });
    // One second before now, plus the half second that `Date` has lost.
    expect(platformClock.offsetMs).toBe(-15 * MINUTE_MS + 1_000 + 500);
  });

  it('leaves a clock alone that is less than 30 s off', () => {
    const { clock, platformClock, reply, changes } = setup({ aheadMs: 29_000 });
    reply();
    reply();
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    expect(platformClock.offsetMs).toBeDefined();
    expect(changes).toEqual([]);
  });

  it('reports a wrong clock but signs with it when correction is off', () => {
    const { clock, platformClock, reply, changes } = setup({ aheadMs: 15 * MINUTE_MS, correction: false });
    reply();
    reply();
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    expect(changes).toMatchObject([{ isOff: true, isCorrected: false }]);
  });

  it('never applies replies that disagree', () => {
    const { clock, platformClock, platform, reply, changes } = setup();
    for (const minutes of [0, 20, -20, 40, 60, -60]) reply(platform.nowMs() + minutes * MINUTE_MS);
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    expect(platformClock.offsetMs).toBeUndefined();
    expect(changes).toEqual([]);
  });

  it('keeps what it knows when one reply strays', () => {
    const { platform, reply, errorMs } = setup({ aheadMs: 15 * MINUTE_MS });
    reply();
    reply();
    reply(platform.nowMs() + 45 * MINUTE_MS);
    expect(errorMs()).toBeLessThanOrEqual(500);
  });

  it('stops correcting at once when the wall clock is repaired, and measures again', async () => {
    const { clock, platform, platformClock, reply, changes, errorMs } = setup({ aheadMs: 15 * MINUTE_MS });
    reply();
    reply();
    clock.setWallBack(15 * MINUTE_MS);
    platform.aheadMs = 0;
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    expect(changes.at(-1)).toEqual({ isOff: false, isCorrected: false, offsetMs: platformClock.offsetMs });
    await clock.advance(1_000);
    expect(platform.probes).toBe(2);
    expect(Math.abs(platformClock.offsetMs!)).toBeLessThanOrEqual(500);
    expect(errorMs()).toBe(0);
  });

  it.each([0, 15 * MINUTE_MS])(
    'keeps the platform’s time when a wall clock %d ms ahead is set back, the platform out of reach or not',
    async (aheadMs) => {
      const { clock, platform, platformClock, reply, errorMs } = setup({ aheadMs });
      reply();
      reply();
      platform.reachable = false;
      clock.setWallBack(60 * MINUTE_MS);
      platform.aheadMs -= 60 * MINUTE_MS;
      expect(errorMs()).toBeLessThanOrEqual(500);
      await clock.advance(10 * MINUTE_MS);
      expect(errorMs()).toBeLessThanOrEqual(500);
      // Measured again all the same: it may have been set back after a sleep.
      expect(platform.probes).toBeGreaterThan(0);
      platform.reachable = true;
      clock.suspend(30 * MINUTE_MS);
      clock.setWallBack(60 * MINUTE_MS);
      platform.aheadMs -= 60 * MINUTE_MS;
      platformClock.nowMs();
      await clock.advance(2 * MINUTE_MS);
      expect(errorMs()).toBeLessThanOrEqual(500);
    },
  );

  it('does not sign with a time that stood still while the machine was suspended', async () => {
    const { clock, platform, platformClock, reply, errorMs } = setup({ aheadMs: 15 * MINUTE_MS });
    reply();
    reply();
    clock.suspend(120 * MINUTE_MS);
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    await clock.advance(1_000);
    expect(platform.probes).toBe(2);
    expect(errorMs()).toBeLessThanOrEqual(500);
    expect(platformClock.isCorrecting).toBe(true);
  });

  it('ignores the reply to a request that was under way during a jump', async () => {
    const { clock, platform, platformClock, reply } = setup({ reachable: false });
    const sentMonotonicMs = clock.monotonicMs();
    await clock.advance(10);
    clock.suspend(60 * MINUTE_MS);
    platformClock.nowMs();
    const late = {
      platformMs: platform.nowMs() - 60 * MINUTE_MS,
      sentMonotonicMs,
      receivedMonotonicMs: clock.monotonicMs(),
    };
    platformClock.observe(late);
    platformClock.observe(late);
    expect(platformClock.offsetMs).toBeUndefined();
    reply();
    reply();
    expect(platformClock.offsetMs).toBeDefined();
  });

  it('notices a jump also when only a reply or a reader of the offset comes by', () => {
    const { clock, platformClock, reply } = setup();
    reply();
    reply();
    clock.suspend(10_000);
    expect(platformClock.offsetMs).toBeUndefined();
    reply();
    reply();
    clock.suspend(10_000);
    reply();
    expect(platformClock.offsetMs).toBeUndefined();
  });

  it('lives with a wall clock that drifts by less than 2 s', () => {
    const { clock, platform, platformClock, reply } = setup();
    reply();
    reply();
    clock.setWallBack(1_900);
    platformClock.nowMs();
    expect(platform.probes).toBe(0);
  });

  it('measures until two replies agree, ever more slowly while the platform is out of reach', async () => {
    const { clock, platform, platformClock } = setup({ aheadMs: 15 * MINUTE_MS, reachable: false });
    platformClock.ensureMeasured();
    platformClock.ensureMeasured();
    expect(platform.probes).toBe(0);
    await clock.advance(START_DELAY_MS);
    expect(platform.probes).toBe(1);
    const delays: (number | undefined)[] = [];
    for (let n = 0; n < 8; n += 1) {
      delays.push(clock.untilNextTimerMs);
      await clock.advance(clock.untilNextTimerMs!);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1_000));
    expect(platform.probes).toBe(9);
    platform.reachable = true;
    platform.replies = [0, platform.nowMs() + 60_000];
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect(platformClock.isCorrecting).toBe(false);
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect(platformClock.isCorrecting).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('needs no measurement when the calls of every day have told it enough', async () => {
    const { clock, platform, platformClock, reply } = setup();
    reply();
    reply();
    platformClock.ensureMeasured();
    await clock.advance(MINUTE_MS);
    expect(platform.probes).toBe(0);
  });

  it('measures no more once it is closed, and can still be read', async () => {
    const { clock, platform, platformClock } = setup({ reachable: false });
    platformClock.ensureMeasured();
    await clock.advance(START_DELAY_MS);
    platformClock.close();
    expect(clock.timers).toBe(0);
    clock.suspend(60 * MINUTE_MS);
    expect(platformClock.nowMs()).toBe(clock.wallMs());
    await clock.advance(10 * MINUTE_MS);
    expect(platform.probes).toBe(1);
  });

  it('reports a change to all listeners, and to none that has stopped', () => {
    const { platformClock, changes, stopListening, reply } = setup({ aheadMs: 15 * MINUTE_MS });
    let told = 0;
    platformClock.onChange(() => (told += 1));
    stopListening();
    reply();
    reply();
    expect({ told, changes }).toEqual({ told: 1, changes: [] });
  });

  it('gives up the measurement under way when it is closed', async () => {
    const clock = new FakeClock();
    let seen: AbortSignal | undefined;
    const measure = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        seen = signal;
        signal.addEventListener('abort', () => reject(new Error('given up')));
      });
    const platformClock = new PlatformClock({ clock, correction: true, measure });
    platformClock.ensureMeasured();
    await clock.advance(START_DELAY_MS);
    platformClock.close();
    await flushMicrotasks();
    expect(seen?.aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('does not begin to measure once it is closed', async () => {
    const { clock, platform, platformClock } = setup();
    platformClock.ensureMeasured();
    platformClock.close();
    platformClock.ensureMeasured();
    expect(clock.timers).toBe(0);
    await clock.advance(MINUTE_MS);
    expect(platform.probes).toBe(0);
  });

  it('survives a measurement that throws at once', async () => {
    const clock = new FakeClock();
    const measure = () => {
      throw new Error('broken');
    };
    const platformClock = new PlatformClock({ clock, correction: true, measure });
    platformClock.ensureMeasured();
    await clock.advance(START_DELAY_MS);
    expect(clock.timers).toBe(1);
    platformClock.close();
  });
});
