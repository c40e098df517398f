// The renewing value's zones, failures, doubts and clocks, on a clock that moves only when a test says so.
import type { Moment, Timed } from '../../../src/base/clock';
import { flushMicrotasks, FakeClock } from '../../support/fake-clock';
import { renewAhead, renewOnDemand } from '../../../src/tickets/renewal-policy';
import {
  ValueUnavailableError,
  type RenewingEvent,
  type RenewingValueOptions,
} from '../../../src/tickets/renewal';
import { RenewingValue } from '../../../src/tickets/renewing-value';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LIFE = 2 * HOUR;

interface Ticket {
  name: string;
}

interface Call {
  sentAt: Moment;
  signal: AbortSignal;
  resolve: (loaded: Timed<Ticket>) => void;
  reject: (error: unknown) => void;
}

/** How often a value that is renewed by a timer is loaded in an hour in which no caller asks for it. */
async function loadsInAnHour(load: (now: Moment) => Promise<Timed<Ticket>>): Promise<number> {
  const clock = new FakeClock();
  let loads = 0;
  const renewing = new RenewingValue<Ticket>({
    load() {
      loads += 1;
      return load({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
    },
    policy: renewAhead,
    clock,
    random: () => 0.5,
    same: (a, b) => a.name === b.name,
  });
  renewing.warmUp();
  await clock.advance(HOUR, flushMicrotasks);
  renewing.close();
  return loads;
}

/** A renewing value on a fake clock, whose loads wait until the test answers them. */
function setUp(options: Partial<RenewingValueOptions<Ticket>> = {}) {
  const clock = new FakeClock();
  const calls: Call[] = [];
  const events: RenewingEvent<Ticket>[] = [];
  const renewing = new RenewingValue<Ticket>({
    load: (signal) =>
      new Promise((resolve, reject) => {
        calls.push({ sentAt: now(), signal, resolve, reject });
      }),
    policy: renewAhead,
    clock,
    random: () => 0,
    same: (a, b) => a.name === b.name,
    onEvent: (event) => events.push(event),
    ...options,
  });

  function now(): Moment {
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }

  /** Answers the newest call, as if the platform had counted the life from the moment it was sent. */
  async function answer(name: string, lifeMs = LIFE): Promise<void> {
    const call = calls.at(-1)!;
    call.resolve({ value: { name }, lifeMs, sentAt: call.sentAt });
    await flushMicrotasks();
  }

  async function fail(error: unknown = new Error('down')): Promise<void> {
    calls.at(-1)!.reject(error);
    await flushMicrotasks();
  }

  /** Loads a first value. */
  async function hold(name = 'first', lifeMs = LIFE): Promise<void> {
    renewing.warmUp();
    await answer(name, lifeMs);
  }

  return { renewing, clock, calls, events, answer, fail, hold };
}

/** What became of a `get()`: its value, its failure, or `waiting`. */
function watch(got: Ticket | Promise<Ticket>) {
  const result: { value?: Ticket; error?: unknown; waiting: boolean } = { waiting: true };
  void Promise.resolve(got).then(
    (value) => Object.assign(result, { value, waiting: false }),
    (error: unknown) => Object.assign(result, { error, waiting: false }),
  );
  return result;
}

/** When the window opens for LIFE with no jitter: 30 minutes before the end, and 5 s. */
const OPENS = 90 * MINUTE + 5 * SECOND;
/** The age from which a value of LIFE is withheld. */
const ENDS = LIFE - 10 * SECOND;

describe('zones', () => {
  it('empty: makes no call and sets no timer until a caller asks', async () => {
    const { renewing, clock, calls } = setUp();
    await clock.advance(HOUR);
    expect(calls).toHaveLength(0);
    expect(clock.timers).toBe(0);
    expect(renewing.peek()).toBeUndefined();
    expect(renewing.state).toEqual({
      zone: 'empty',
      isDoubted: false,
      loading: false,
      usableForMs: undefined,
      renewsInMs: undefined,
      nextAttemptInMs: 0,
      failures: 0,
      lastFailure: undefined,
    });
  });

  it('empty: 1,000 concurrent callers share one load', async () => {
    const { renewing, calls, answer } = setUp();
    const got = Array.from({ length: 1_000 }, () => watch(renewing.get()));
    expect(calls).toHaveLength(1);
    expect(renewing.state.loading).toBe(true);
    await answer('first');
    const values = new Set(got.map(({ value }) => value));
    expect([...values]).toEqual([{ name: 'first' }]);
    expect(calls).toHaveLength(1);
  });

  it('empty: warmUp starts the load that callers then share', async () => {
    const { renewing, calls, answer } = setUp();
    renewing.warmUp();
    renewing.warmUp();
    const got = renewing.get();
    expect(calls).toHaveLength(1);
    await answer('first');
    await expect(got).resolves.toEqual({ name: 'first' });
    renewing.warmUp();
    expect(calls).toHaveLength(1);
  });

  it('fresh: hands the value out at once, without a call, until the window opens', async () => {
    const { renewing, clock, calls, events, hold } = setUp();
    await hold();
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(renewing.get()).toBe(renewing.peek());
    expect(renewing.state).toMatchObject({
      zone: 'fresh',
      loading: false,
      usableForMs: ENDS,
      renewsInMs: OPENS,
      nextAttemptInMs: 0,
    });
    expect(events).toEqual([{ type: 'loaded', value: { name: 'first' }, previous: undefined, lifeMs: LIFE }]);
    await clock.advance(OPENS - 1);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
  });

  it('renewing: hands the old value out at once while one load runs, then the new one', async () => {
    const { renewing, clock, calls, events, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    expect(renewing.state).toMatchObject({ zone: 'renewing', loading: true, renewsInMs: 0 });
    for (let i = 0; i < 100; i += 1) expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
    await answer('second');
    expect(renewing.get()).toEqual({ name: 'second' });
    expect(renewing.state).toMatchObject({ zone: 'fresh', renewsInMs: OPENS });
    expect(events.at(-1)).toMatchObject({ type: 'loaded', previous: { name: 'first' } });
  });

  it('renewing: a caller starts the load when the timer comes late', async () => {
    const clock = new FakeClock();
    const load = jest.fn(() => new Promise<never>(() => undefined));
    const stalled = {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      setTimer: () => ({ cancel: () => undefined }),
    };
    const { renewing } = setUp({ clock: stalled, load });
    const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    renewing.offer({ value: { name: 'first' }, lifeMs: LIFE, sentAt });
    await clock.advance(OPENS - 1);
    renewing.peek();
    expect(load).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(renewing.peek()).toEqual({ name: 'first' });
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('renewing: failures back off and never take the value away before its end', async () => {
    const { renewing, clock, calls, events, fail, hold } = setUp({ random: () => 0.5 });
    await hold();
    const opensMs = OPENS + 30 * SECOND;
    await clock.advance(opensMs);
    const error = new Error('the platform is down');
    // The first seven delays sum to 61.5 s; then it is 30 s each, so 55 failures pass most of the window.
    for (let n = 1; n <= 55; n += 1) {
      await fail(error);
      expect(renewing.get()).toEqual({ name: 'first' });
      expect(renewing.state).toMatchObject({ zone: 'renewing', loading: false, lastFailure: error });
      const before = calls.length;
      await clock.advance(renewing.state.nextAttemptInMs - 1);
      expect(calls).toHaveLength(before);
      await clock.advance(1);
      expect(calls).toHaveLength(before + 1);
    }
    const retries = events.filter((event) => event.type === 'failed').map(({ retryInMs }) => retryInMs);
    expect(retries.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(renewing.state).toMatchObject({ zone: 'renewing', failures: 55 });
  });

  it('renewing: a success ends the back-off and forgets the failure', async () => {
    const { renewing, clock, answer, fail, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await fail();
    await clock.advance(500);
    await answer('second');
    expect(renewing.state).toMatchObject({ zone: 'fresh', failures: 0, lastFailure: undefined });
  });

  it('expired: withholds the value from its margin on and shares one load', async () => {
    const { renewing, clock, calls, answer, fail, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    const retryAfterMs = ENDS - OPENS;
    await fail({ retryAfterMs });
    await clock.advance(retryAfterMs - 1);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(renewing.peek()).toBeUndefined();
    expect(renewing.state).toMatchObject({ zone: 'expired', usableForMs: 0 });
    const got = Array.from({ length: 100 }, () => watch(renewing.get()));
    expect(calls).toHaveLength(3);
    await answer('second');
    expect([...new Set(got.map(({ value }) => value))]).toEqual([{ name: 'second' }]);
  });

  it.each([
    ['empty', 0],
    ['expired', LIFE],
  ])('%s: during the back-off callers are refused at once and make no call', async (zone, heldForMs) => {
    const { renewing, clock, calls, fail, hold } = setUp();
    if (heldForMs > 0) {
      await hold();
      await clock.advance(heldForMs);
    } else renewing.warmUp();
    const error = Object.assign(new Error('limited'), { retryAfterMs: 20 * SECOND });
    await fail(error);
    expect(renewing.state.zone).toBe(zone);
    const before = calls.length;
    await clock.advance(5 * SECOND);
    for (let i = 0; i < 100; i += 1) {
      const refusal = await Promise.resolve(renewing.get()).catch((reason: unknown) => reason);
      expect(refusal).toBeInstanceOf(ValueUnavailableError);
      expect(refusal).toMatchObject({ retryAfterMs: 15 * SECOND, cause: error });
    }
    expect(calls).toHaveLength(before);
    await clock.advance(15 * SECOND);
    expect(calls).toHaveLength(before + 1);
  });
});

describe('the window', () => {
  it.each([
    ['7,200 s', LIFE, OPENS, OPENS + MINUTE],
    ['31 min', 31 * MINUTE, 65 * SECOND, 125 * SECOND],
    ['30 min', 30 * MINUTE, 22 * MINUTE + 52.5 * SECOND, 23 * MINUTE + 37.5 * SECOND],
    ['44 s', 44 * SECOND, 33_550, 34_650],
  ])(
    'of a life of %s opens a timer at its earliest and latest',
    async (_life, lifeMs, earliestMs, latestMs) => {
      for (const [random, opensMs] of [
        [0, earliestMs],
        [1 - Number.EPSILON / 2, latestMs],
      ] as const) {
        const { clock, calls, hold, renewing } = setUp({ random: () => random });
        await hold('first', lifeMs);
        await clock.advance(opensMs - 1);
        expect(calls).toHaveLength(1);
        await clock.advance(1);
        expect(calls).toHaveLength(2);
        expect(renewing.get()).toEqual({ name: 'first' });
      }
    },
  );

  it('is still found when it opens later than the longest timer', async () => {
    const { clock, calls, hold } = setUp();
    await hold('first', 24 * HOUR);
    expect(clock.untilNextTimerMs).toBe(HOUR);
    await clock.advance(23.5 * HOUR + 5 * SECOND - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
  });

  it('counts the life from when the request was sent, not from when it was answered', async () => {
    const { renewing, clock, calls, answer } = setUp();
    renewing.warmUp();
    await clock.advance(10 * SECOND);
    await answer('first');
    expect(renewing.state).toMatchObject({
      usableForMs: ENDS - 10 * SECOND,
      renewsInMs: OPENS - 10 * SECOND,
    });
    await clock.advance(OPENS - 10 * SECOND);
    expect(calls).toHaveLength(2);
  });
});

describe('a load', () => {
  it('has a deadline; its signal is aborted and its late answer discarded', async () => {
    const { renewing, clock, calls, events, answer } = setUp();
    renewing.warmUp();
    await clock.advance(15 * SECOND - 1);
    expect(calls[0]!.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(calls[0]!.signal.aborted).toBe(true);
    expect(events).toMatchObject([{ type: 'failed', failures: 1, retryInMs: 500 }]);
    expect(String(renewing.state.lastFailure)).toContain('15000 ms');
    await clock.advance(500);
    expect(calls).toHaveLength(2);
    await answer('second');
    const [late] = calls;
    late!.resolve({ value: { name: 'late' }, lifeMs: LIFE, sentAt: late!.sentAt });
    await flushMicrotasks();
    expect(renewing.get()).toEqual({ name: 'second' });
    expect(events.map(({ type }) => type)).toEqual(['failed', 'loaded']);
  });

  it('that answers or fails late says nothing while the next one runs', async () => {
    const { renewing, clock, calls, answer } = setUp();
    renewing.warmUp();
    await clock.advance(15 * SECOND + 500);
    expect(calls).toHaveLength(2);
    calls[0]!.reject(new Error('late'));
    await flushMicrotasks();
    expect(renewing.state).toMatchObject({ loading: true, failures: 1 });
    await answer('second');
    expect(renewing.get()).toEqual({ name: 'second' });
  });

  it('may have another deadline', async () => {
    const { renewing, clock, events } = setUp({ loadDeadlineMs: 700 });
    renewing.warmUp();
    await clock.advance(700);
    expect(events).toMatchObject([{ type: 'failed' }]);
  });

  it('that throws at once is a failure like any other', async () => {
    const error = new Error('no settings');
    const { renewing, events, clock } = setUp({
      load: () => {
        throw error;
      },
    });
    const got = watch(renewing.get());
    await flushMicrotasks();
    expect(got.error).toBeInstanceOf(ValueUnavailableError);
    expect(got.error).toMatchObject({ cause: error, retryAfterMs: 500 });
    expect(events).toEqual([{ type: 'failed', error, failures: 1, retryInMs: 500 }]);
    expect(renewing.state.loading).toBe(false);
    await clock.advance(500);
    expect(renewing.state.failures).toBe(2);
  });

  it('of a value that has run out on arrival is a failure, and backs off', async () => {
    const { renewing, clock, calls, answer } = setUp();
    const got = watch(renewing.get());
    await clock.advance(SECOND);
    await answer('stillborn', SECOND);
    expect(got.error).toMatchObject({
      retryAfterMs: 500,
      cause: { message: expect.stringContaining('expired') as string },
    });
    expect(renewing.peek()).toBeUndefined();
    expect(renewing.state).toMatchObject({ zone: 'empty', failures: 1 });
    expect(calls).toHaveLength(1);
  });

  it('of a value that has run out on arrival never replaces a usable one', async () => {
    const { renewing, clock, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await answer('stillborn', 0);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(renewing.state).toMatchObject({ zone: 'renewing', failures: 1, nextAttemptInMs: 500 });
  });

  it.each([NaN, -1])(
    'of a value that lives %p ms is a failure and is not repeated at once',
    async (lifeMs) => {
      const { renewing, calls, clock, answer } = setUp();
      const got = watch(renewing.get());
      await answer('nonsense', lifeMs);
      expect(got.error).toBeInstanceOf(ValueUnavailableError);
      expect(clock.untilNextTimerMs).toBe(500);
      expect(calls).toHaveLength(1);
    },
  );

  it.each([
    ['0', 0, [500, 500, 500, 500, 500, 500, 500, 500]],
    ['just under 1', 1 - Number.EPSILON / 2, [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND)],
  ])('is tried again after the back-off, with the random source at %s', async (_random, random, delays) => {
    const { renewing, clock, calls, fail } = setUp({ random: () => random });
    renewing.warmUp();
    for (const [i, delayMs] of delays.entries()) {
      await fail();
      await clock.advance(delayMs - 1);
      expect(calls).toHaveLength(i + 1);
      await clock.advance(1);
      expect(calls).toHaveLength(i + 2);
    }
  });

  it('is tried again when the error says so, within an hour', async () => {
    const { renewing, clock, calls, fail } = setUp();
    renewing.warmUp();
    await fail({ retryAfterMs: 7 * MINUTE });
    expect(renewing.state.nextAttemptInMs).toBe(7 * MINUTE);
    await clock.advance(7 * MINUTE - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    await fail({ retryAfterMs: 30 * 24 * HOUR });
    expect(renewing.state.nextAttemptInMs).toBe(HOUR);
    await clock.advance(HOUR);
    expect(calls).toHaveLength(3);
  });
});

describe('a caller without a value', () => {
  it('waits 5 s at most; the load continues and serves the next caller', async () => {
    const { renewing, clock, calls, answer } = setUp();
    const early = watch(renewing.get());
    await clock.advance(2 * SECOND);
    const late = watch(renewing.get());
    await clock.advance(3 * SECOND - 1);
    expect(early.waiting).toBe(true);
    await clock.advance(1);
    expect(early.error).toBeInstanceOf(ValueUnavailableError);
    expect(late.waiting).toBe(true);
    await answer('first');
    expect(late.value).toEqual({ name: 'first' });
    expect(calls).toHaveLength(1);
    // The waiters' timers and the deadline are gone: only the renewal's is left.
    expect(clock.timers).toBe(1);
  });

  it('is rejected with the reason, by name', async () => {
    const { renewing, clock, fail } = setUp();
    const late = watch(renewing.get());
    await clock.advance(5 * SECOND);
    expect(late.error).toMatchObject({
      name: 'ValueUnavailableError',
      message: expect.stringMatching(/still loading/) as string,
    });
    await fail();
    const backedOff = watch(renewing.get());
    await flushMicrotasks();
    expect(backedOff.error).toMatchObject({
      message: expect.stringMatching(/last load failed/) as string,
      cause: { message: 'down' },
    });
    renewing.loadNow();
    const waiting = watch(renewing.get());
    await fail();
    expect(waiting.error).toMatchObject({ message: expect.stringMatching(/load failed/) as string });
    renewing.loadNow();
    const closed = watch(renewing.get());
    renewing.close();
    await flushMicrotasks();
    expect(closed.error).toMatchObject({ message: expect.stringMatching(/closed/) as string });
  });

  it('may have another patience', async () => {
    const { renewing, clock } = setUp({ waitMs: 300 });
    const got = watch(renewing.get());
    await clock.advance(300);
    expect(got.error).toBeInstanceOf(ValueUnavailableError);
  });

  it('is rejected as soon as the load fails', async () => {
    const { renewing, fail } = setUp();
    const got = [watch(renewing.get()), watch(renewing.get())];
    const error = new Error('down');
    await fail(error);
    for (const { error: refusal } of got) expect(refusal).toMatchObject({ retryAfterMs: 500, cause: error });
  });
});

describe('the same value back', () => {
  it('keeps its expiry and is asked for again a little later each time', async () => {
    const { renewing, clock, calls, events, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    for (const minutes of [1, 2, 4, 5, 5]) {
      // The whole life again: a source that does not count down.
      await answer('first');
      expect(events.at(-1)).toEqual({
        type: 'unchanged',
        value: { name: 'first' },
        retryInMs: minutes * MINUTE,
      });
      const before = calls.length;
      await clock.advance(minutes * MINUTE - 1);
      expect(calls).toHaveLength(before);
      expect(renewing.get()).toEqual({ name: 'first' });
      await clock.advance(1);
      expect(calls).toHaveLength(before + 1);
    }
    expect(renewing.state.usableForMs).toBe(ENDS - OPENS - 17 * MINUTE);
  });

  it.each([LIFE, 20 * MINUTE, MINUTE])(
    'keeps its end while no clock has jumped, whatever life is reported (%i ms)',
    async (lifeMs) => {
      const { renewing, clock, answer, hold } = setUp();
      await hold();
      await clock.advance(OPENS);
      await answer('first', lifeMs);
      expect(renewing.state.usableForMs).toBe(ENDS - OPENS);
    },
  );

  it('starts the delays again with the next value', async () => {
    const { renewing, clock, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await answer('first');
    await clock.advance(MINUTE);
    await answer('second');
    expect(renewing.state.nextAttemptInMs).toBe(0);
    await clock.advance(OPENS);
    await answer('second');
    expect(renewing.state.nextAttemptInMs).toBe(MINUTE);
  });

  it('delays the next load no longer than it can be used', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    // Asked at 0, 1, 3, 7, 12, 17, 22 and 27 minutes of the window: the next delay of 5 would pass its end.
    for (let n = 1; n <= 8; n += 1) {
      expect(renewing.get()).toEqual({ name: 'first' });
      await answer('first');
      await clock.advance(renewing.state.nextAttemptInMs);
    }
    expect(clock.monotonicMs() - calls[0]!.sentAt.monotonicMs).toBe(ENDS);
    const got = watch(renewing.get());
    expect(renewing.state.loading).toBe(true);
    await answer('second');
    expect(got.value).toEqual({ name: 'second' });
  });

  it('after its end is a failure: its expiry was not extended', async () => {
    const { renewing, clock, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await clock.advance(ENDS - OPENS);
    const got = watch(renewing.get());
    await answer('first');
    expect(got.error).toBeInstanceOf(ValueUnavailableError);
    expect(renewing.state).toMatchObject({ zone: 'expired' });
  });

  it('is compared by identity unless the owner says otherwise', async () => {
    const clock = new FakeClock();
    const ticket = { name: 'one' };
    const events: string[] = [];
    const renewing = new RenewingValue<Ticket>({
      load: () =>
        Promise.resolve({
          value: ticket,
          lifeMs: LIFE,
          sentAt: { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() },
        }),
      policy: renewAhead,
      clock,
      random: () => 0,
      onEvent: ({ type }) => events.push(type),
    });
    await renewing.get();
    expect(renewing.suspect({ name: 'one' })).toBe(false);
    expect(renewing.suspect(ticket)).toBe(true);
    await flushMicrotasks();
    expect(events).toEqual(['loaded', 'unchanged']);
  });
});

describe('suspect', () => {
  it('starts one load per value and keeps handing the value out', async () => {
    const { renewing, calls, answer, hold } = setUp();
    await hold();
    expect(renewing.suspect({ name: 'first' })).toBe(true);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
    await answer('first');
    for (let i = 0; i < 100; i += 1) expect(renewing.suspect({ name: 'first' })).toBe(false);
    expect(calls).toHaveLength(2);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(renewing.state).toMatchObject({ zone: 'fresh', renewsInMs: OPENS });
  });

  it('keeps the value when its load fails, and repeats the load by the back-off until it succeeds', async () => {
    const { renewing, clock, calls, answer, fail, hold } = setUp();
    await hold();
    renewing.suspect({ name: 'first' });
    await fail({ retryAfterMs: 10 * SECOND });
    expect(renewing.get()).toEqual({ name: 'first' });
    await clock.advance(10 * SECOND - 1);
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(calls).toHaveLength(3);
    await answer('first');
    await clock.advance(HOUR);
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    expect(calls).toHaveLength(3);
  });

  it('costs an outage of an hour a handful of loads, and holds none back that the window wants', async () => {
    const { renewing, clock, calls, fail, hold } = setUp();
    await hold();
    renewing.suspect({ name: 'first' });
    while (clock.monotonicMs() < HOUR) {
      await fail();
      await clock.advance(clock.untilNextTimerMs!);
    }
    // The two before, those half of 1, 4, 16 … 1,024 s later at the earliest, and one more.
    expect(calls.length).toBeLessThanOrEqual(10);
    while (renewing.state.zone === 'fresh') {
      await fail();
      await clock.advance(clock.untilNextTimerMs!);
    }
    expect(renewing.state).toMatchObject({ zone: 'renewing', renewsInMs: 0, loading: true });
  });

  it('is ended by a different value, which may be doubted in its turn', async () => {
    const { renewing, calls, answer, hold } = setUp();
    await hold();
    renewing.suspect({ name: 'first' });
    await answer('second');
    expect(renewing.get()).toEqual({ name: 'second' });
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    expect(calls).toHaveLength(2);
    expect(renewing.suspect({ name: 'second' })).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it('cannot break a back-off, and is not used up by one', async () => {
    const { renewing, clock, calls, fail, hold } = setUp();
    await hold();
    clock.suspend(MINUTE);
    renewing.peek();
    await fail({ retryAfterMs: 10 * SECOND });
    await clock.advance(10 * SECOND - 1);
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(renewing.suspect({ name: 'first' })).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it('can be told again after a doubt that met a running load', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    clock.suspend(MINUTE);
    renewing.peek();
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    await answer('first', LIFE - MINUTE);
    expect(renewing.suspect({ name: 'first' })).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it('does nothing while nothing is held', () => {
    const { renewing, calls } = setUp();
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    expect(calls).toHaveLength(0);
  });
});

describe('offer', () => {
  const offered = (clock: FakeClock, name: string, lifeMs = LIFE): Timed<Ticket> => ({
    value: { name },
    lifeMs,
    sentAt: { wallMs: clock.wallMs() - MINUTE, monotonicMs: clock.monotonicMs() - MINUTE },
  });

  it('serves everybody who waits, ends the running load and takes no late answer of it', async () => {
    const { renewing, clock, calls, events, answer } = setUp();
    const got = watch(renewing.get());
    renewing.offer(offered(clock, 'offered'));
    await flushMicrotasks();
    expect(got.value).toEqual({ name: 'offered' });
    expect(calls[0]!.signal.aborted).toBe(true);
    expect(renewing.state).toMatchObject({ zone: 'fresh', loading: false, usableForMs: ENDS - MINUTE });
    await answer('late');
    expect(renewing.get()).toEqual({ name: 'offered' });
    expect(events.map(({ type }) => type)).toEqual(['loaded']);
    expect(clock.timers).toBe(1);
    await clock.advance(OPENS - MINUTE);
    expect(calls).toHaveLength(2);
  });

  it('is taken before anything was asked for', () => {
    const { renewing, clock, calls } = setUp();
    renewing.offer(offered(clock, 'offered'));
    expect(renewing.get()).toEqual({ name: 'offered' });
    expect(calls).toHaveLength(0);
  });

  it('ends a back-off', async () => {
    const { renewing, clock, fail } = setUp();
    renewing.warmUp();
    await fail({ retryAfterMs: HOUR });
    renewing.offer(offered(clock, 'offered'));
    expect(renewing.get()).toEqual({ name: 'offered' });
    expect(renewing.state).toMatchObject({ failures: 0, lastFailure: undefined, nextAttemptInMs: 0 });
  });

  it('of a value that has run out changes nothing', async () => {
    const { renewing, clock, calls, events, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    for (const lifeMs of [MINUTE, NaN]) renewing.offer(offered(clock, 'offered', lifeMs));
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(renewing.state).toMatchObject({ loading: true, failures: 0 });
    expect(calls[1]!.signal.aborted).toBe(false);
    expect(events).toHaveLength(1);
  });

  it('of the same value keeps the doubt that was cast on it', async () => {
    const { renewing, clock, answer, hold } = setUp();
    await hold();
    renewing.suspect({ name: 'first' });
    await answer('first');
    renewing.offer(offered(clock, 'first'));
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    renewing.offer(offered(clock, 'second'));
    expect(renewing.suspect({ name: 'second' })).toBe(true);
  });

  it('of the value that is held counts its age anew, and leaves the running load to answer', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    renewing.suspect({ name: 'first' });
    renewing.offer(offered(clock, 'first'));
    expect(renewing.state).toMatchObject({ loading: true, usableForMs: ENDS - MINUTE });
    expect(calls[1]!.signal.aborted).toBe(false);
    await answer('second');
    expect(renewing.get()).toEqual({ name: 'second' });
    expect(clock.timers).toBe(1);
  });

  it('is not taken after close', () => {
    const { renewing, clock } = setUp();
    renewing.close();
    renewing.offer(offered(clock, 'offered'));
    expect(renewing.peek()).toBeUndefined();
    expect(clock.timers).toBe(0);
  });
});

describe('loadNow', () => {
  it('starts a load even while failures back off', async () => {
    const { renewing, calls, answer, fail } = setUp();
    renewing.warmUp();
    await fail({ retryAfterMs: HOUR });
    renewing.warmUp();
    expect(calls).toHaveLength(1);
    renewing.loadNow();
    expect(calls).toHaveLength(2);
    await answer('first');
    expect(renewing.get()).toEqual({ name: 'first' });
  });

  it('starts one for a value that is fresh, and none beside one that runs', async () => {
    const { renewing, calls, answer, hold } = setUp();
    await hold();
    renewing.loadNow();
    renewing.loadNow();
    expect(calls).toHaveLength(2);
    await answer('second');
    expect(renewing.get()).toEqual({ name: 'second' });
  });
});

describe('invalidate', () => {
  it('does nothing while nothing is held', () => {
    const { renewing, calls } = setUp();
    renewing.invalidate({ name: 'first' });
    expect(renewing.state.zone).toBe('empty');
    expect(calls).toHaveLength(0);
  });

  it('drops the value it names, and one load replaces it', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    renewing.invalidate({ name: 'first' });
    expect(renewing.peek()).toBeUndefined();
    expect(renewing.state.zone).toBe('empty');
    await clock.advance(0);
    const got = watch(renewing.get());
    expect(calls).toHaveLength(2);
    await answer('second');
    expect(got.value).toEqual({ name: 'second' });
  });

  it('does not hit another value', async () => {
    const { renewing, clock, calls, hold } = setUp();
    await hold('second');
    renewing.invalidate({ name: 'first' });
    await clock.advance(MINUTE);
    expect(renewing.get()).toEqual({ name: 'second' });
    expect(calls).toHaveLength(1);
  });

  it('ends the delay that followed a repeat of the value', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await answer('first');
    renewing.invalidate({ name: 'first' });
    expect(renewing.state.nextAttemptInMs).toBe(0);
    const got = watch(renewing.get());
    expect(calls).toHaveLength(3);
    await answer('second');
    expect(got.value).toEqual({ name: 'second' });
  });

  it('does not end the back-off after a failure', async () => {
    const { renewing, clock, calls, fail, hold } = setUp();
    await hold();
    await clock.advance(OPENS);
    await fail({ retryAfterMs: 10 * SECOND });
    renewing.invalidate({ name: 'first' });
    expect(watch(renewing.get()).value).toBeUndefined();
    expect(calls).toHaveLength(2);
    expect(renewing.state.nextAttemptInMs).toBe(10 * SECOND);
  });
});

describe('a clock that jumps', () => {
  /** Moves the wall clock an hour ahead of the monotonic one, or behind it. */
  const jumps: [string, (clock: FakeClock) => void, number, number][] = [
    ['set forward', (clock) => clock.setWallBack(-HOUR), HOUR, MINUTE],
    ['set back', (clock) => clock.setWallBack(HOUR), -HOUR, MINUTE],
    ['standing while the machine was suspended', (clock) => clock.suspend(HOUR), HOUR, MINUTE + HOUR],
  ];

  it.each(jumps)('%s: one load is started, and the value stays in use', async (_what, jump, jumpMs) => {
    const { renewing, clock, calls, events, hold, fail } = setUp();
    await hold();
    await clock.advance(MINUTE);
    jump(clock);
    for (let i = 0; i < 100; i += 1) expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
    expect(events.at(-1)).toEqual({ type: 'clock-jump', jumpMs });
    await fail();
    expect(renewing.get()).toEqual({ name: 'first' });
    await clock.advance(MINUTE);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
  });

  it.each(jumps)('%s: until a reply decides, the older clock counts', async (_what, jump, jumpMs) => {
    const { renewing, clock, hold } = setUp();
    await hold();
    await clock.advance(MINUTE);
    jump(clock);
    const leftMs = ENDS - MINUTE - Math.max(0, jumpMs);
    expect(renewing.state.usableForMs).toBe(leftMs);
    await clock.advance(leftMs - 1);
    expect(renewing.get()).toEqual({ name: 'first' });
    await clock.advance(1);
    expect(renewing.peek()).toBeUndefined();
  });

  it.each(jumps)('%s: a reply that counts down decides', async (_what, jump, _jumpMs, trueAgeMs) => {
    const { renewing, clock, calls, events, answer, hold } = setUp();
    await hold();
    await clock.advance(MINUTE);
    jump(clock);
    renewing.peek();
    await answer('first', LIFE - trueAgeMs);
    expect(renewing.state).toMatchObject({
      zone: 'fresh',
      usableForMs: ENDS - trueAgeMs,
      renewsInMs: OPENS - trueAgeMs,
    });
    expect(events.at(-1)).toMatchObject({ type: 'unchanged', retryInMs: 0 });
    await clock.advance(OPENS - trueAgeMs - 1);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(calls).toHaveLength(3);
  });

  it.each(jumps)('%s: without a count-down the monotonic clock decides', async (_what, jump) => {
    const { renewing, clock, answer, hold } = setUp();
    await hold();
    await clock.advance(MINUTE);
    jump(clock);
    renewing.peek();
    // Never more than that clock leaves: it may stand still, but it never runs ahead.
    await answer('first', LIFE);
    expect(renewing.state.usableForMs).toBe(ENDS - MINUTE);
  });

  it.each(jumps)('%s: a new value ends the doubt', async (_what, jump) => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    jump(clock);
    renewing.peek();
    await answer('second');
    expect(renewing.state).toMatchObject({ zone: 'fresh', usableForMs: ENDS });
    renewing.peek();
    expect(calls).toHaveLength(2);
  });

  it.each(jumps)('%s while a load runs: its reply does not decide, another one does', async (_what, jump) => {
    for (const name of ['first', 'second']) {
      const { renewing, clock, calls, answer, hold } = setUp();
      await hold();
      renewing.suspect({ name: 'first' });
      jump(clock);
      renewing.peek();
      expect(calls).toHaveLength(2);
      await answer(name);
      expect(renewing.get()).toEqual({ name });
      expect(calls).toHaveLength(3);
      await answer(name);
      expect(renewing.state.usableForMs).toBe(ENDS);
      renewing.peek();
      expect(calls).toHaveLength(3);
    }
  });

  it('and jumps back is two jumps', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    clock.setWallBack(HOUR);
    renewing.peek();
    await answer('first');
    clock.setWallBack(-HOUR);
    renewing.peek();
    expect(calls).toHaveLength(3);
    await answer('first');
    expect(renewing.state.usableForMs).toBe(ENDS);
  });

  it('past the end: withholds the value until the reply says it lives', async () => {
    const { renewing, clock, calls, answer, hold } = setUp();
    await hold();
    clock.setWallBack(-LIFE);
    const got = watch(renewing.get());
    await flushMicrotasks();
    expect(got.waiting).toBe(true);
    expect(calls).toHaveLength(2);
    await answer('first', LIFE);
    expect(got.value).toEqual({ name: 'first' });
    expect(renewing.state.usableForMs).toBe(ENDS);
  });

  it('is noticed by the timer when no caller asks', async () => {
    const { clock, calls, events, hold } = setUp();
    await hold();
    clock.suspend(HOUR);
    await clock.advance(HOUR);
    expect(calls).toHaveLength(2);
    expect(events.at(-1)).toEqual({ type: 'clock-jump', jumpMs: HOUR });
  });

  it('by 2 s or less is drift and starts nothing', async () => {
    const { renewing, clock, calls, hold } = setUp();
    await hold();
    clock.setWallBack(2 * SECOND);
    renewing.peek();
    clock.suspend(4 * SECOND);
    renewing.peek();
    expect(calls).toHaveLength(1);
    clock.suspend(1);
    renewing.peek();
    expect(calls).toHaveLength(2);
  });

  it('is known before it is reported, so that a listener may ask for the value', async () => {
    let asked = 0;
    const { renewing, clock, hold } = setUp({
      onEvent: ({ type }) => {
        if (type !== 'clock-jump') return;
        asked += 1;
        renewing.peek();
      },
    });
    await hold();
    clock.suspend(HOUR);
    renewing.peek();
    expect(asked).toBe(1);
  });
});

describe('a listener that throws', () => {
  it('costs neither the value, nor the waiting callers, nor the renewal', async () => {
    const { renewing, clock, calls, answer, fail } = setUp({
      onEvent: () => {
        throw new Error('the log is full');
      },
    });
    const refused = watch(renewing.get());
    await fail();
    expect(refused.error).toBeInstanceOf(ValueUnavailableError);
    await clock.advance(500);
    const got = watch(renewing.get());
    await answer('first');
    expect(got.value).toEqual({ name: 'first' });
    await clock.advance(OPENS);
    expect(calls).toHaveLength(3);
  });
});

describe('on demand', () => {
  it('sets no timer for a value that is held, and loads after its end when a caller asks', async () => {
    const { renewing, clock, calls, answer, hold } = setUp({ policy: renewOnDemand });
    await hold();
    expect(clock.timers).toBe(0);
    expect(renewing.state).toMatchObject({ zone: 'fresh', renewsInMs: undefined, usableForMs: ENDS });
    await clock.advance(ENDS - 1);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(calls).toHaveLength(1);
    await clock.advance(HOUR);
    expect(calls).toHaveLength(1);
    const got = watch(renewing.get());
    expect(calls).toHaveLength(2);
    await answer('second');
    expect(got.value).toEqual({ name: 'second' });
    expect(clock.timers).toBe(0);
  });

  it('sets no timer after a failure or an invalidation; only the back-off holds', async () => {
    const { renewing, clock, calls, fail, hold } = setUp({ policy: renewOnDemand });
    await hold();
    renewing.invalidate({ name: 'first' });
    expect(clock.timers).toBe(0);
    const got = watch(renewing.get());
    await fail({ retryAfterMs: MINUTE });
    expect(got.error).toMatchObject({ retryAfterMs: MINUTE });
    expect(clock.timers).toBe(0);
    await clock.advance(MINUTE - 1);
    expect(watch(renewing.get()).value).toBeUndefined();
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    void watch(renewing.get());
    expect(calls).toHaveLength(3);
  });
});

describe('close', () => {
  it('refuses everybody who waits, aborts the load, leaves no timer and takes no late answer', async () => {
    const { renewing, clock, calls, events, answer } = setUp();
    const got = [watch(renewing.get()), watch(renewing.get())];
    renewing.close();
    await flushMicrotasks();
    for (const { error } of got) expect(error).toBeInstanceOf(ValueUnavailableError);
    expect(calls[0]!.signal.aborted).toBe(true);
    expect(clock.timers).toBe(0);
    await answer('late');
    expect(renewing.peek()).toBeUndefined();
    expect(renewing.state).toMatchObject({ zone: 'empty', loading: false });
    expect(events).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('leaves no timer whatever was being waited for', async () => {
    for (const prepare of ['window', 'renewal', 'back-off'] as const) {
      const { renewing, clock, fail, hold } = setUp();
      await hold();
      if (prepare !== 'window') await clock.advance(OPENS);
      if (prepare === 'back-off') await fail();
      expect(clock.timers).toBe(1);
      renewing.close();
      expect(clock.timers).toBe(0);
      renewing.close();
      expect(clock.timers).toBe(0);
    }
  });

  it('starts no load ever after; a usable value stays readable to its end', async () => {
    const { renewing, clock, calls, hold } = setUp();
    await hold();
    renewing.close();
    await clock.advance(OPENS);
    expect(renewing.get()).toEqual({ name: 'first' });
    expect(renewing.suspect({ name: 'first' })).toBe(false);
    await clock.advance(ENDS - OPENS);
    renewing.warmUp();
    const refused = watch(renewing.get());
    renewing.invalidate({ name: 'first' });
    await flushMicrotasks();
    expect(refused.error).toMatchObject({ message: 'closed' });
    expect(calls).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });
});

test.each([0, 1_000])(
  'a platform that always tells to try again in %d ms is asked as in any outage',
  async (retryAfterMs) => {
    const told = await loadsInAnHour(() =>
      Promise.reject(Object.assign(new Error('limited'), { retryAfterMs })),
    );
    const untold = await loadsInAnHour(() => Promise.reject(new Error('down')));
    expect(untold).toBeLessThan(130);
    expect(told).toBeLessThanOrEqual(untold);
  },
);

test.each([1, 5, 20])(
  'a value that lives %d s is loaded 121 times in an hour in which no caller asks for it',
  async (lifeSeconds) => {
    let made = 0;
    const lifeMs = lifeSeconds * SECOND;
    const load = (sentAt: Moment) =>
      Promise.resolve({ value: { name: `value-${(made += 1)}` }, lifeMs, sentAt });
    expect(await loadsInAnHour(load)).toBe(121);
  },
);

it('is loaded when asked for, however soon after the last load', async () => {
  const { renewing, clock, calls, answer, hold } = setUp();
  await hold('first', SECOND);
  await clock.advance(2 * SECOND);
  expect(calls).toHaveLength(1);
  const asked = renewing.get();
  await answer('second', SECOND);
  expect(await asked).toEqual({ name: 'second' });
});
