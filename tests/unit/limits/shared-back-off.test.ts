import { SharedBackOff } from '../../../src/limits/shared-back-off';
import { FakeClock } from '../../support/fake-clock';

class HeldOff extends Error {
  constructor(readonly waitMs: number) {
    super('held off');
  }
}

function setUp() {
  const clock = new FakeClock();
  const made: string[] = [];
  let recoveries = 0;
  let outcome: (caller: string) => Promise<string> = (caller) => Promise.resolve(caller);
  const backOff = new SharedBackOff({
    clock,
    isOutage: (error) => error instanceof Error && error.message === 'outage',
    heldOff: (waitMs) => new HeldOff(waitMs),
    onRecovered: () => (recoveries += 1),
  });
  const run = (caller: string, isStranger = false): Promise<unknown> =>
    backOff
      .run(
        caller,
        (isProbe) => {
          made.push(isProbe ? `${caller}, a probe` : caller);
          return outcome(caller);
        },
        isStranger,
      )
      .catch((error: unknown) => (error instanceof HeldOff ? error.waitMs : 'failed'));
  return {
    clock,
    run,
    recoveries: () => recoveries,
    /** The calls since the last time. */
    made: () => made.splice(0),
    answer: (next: typeof outcome) => {
      outcome = next;
    },
  };
}

const outage = () => Promise.reject(new Error('outage'));

test('one goes ahead alone, and its success lets all who wait go at once, for ten seconds', async () => {
  const { run, made, answer, clock } = setUp();
  let finish = (): void => undefined;
  answer((caller) => new Promise((resolve) => (finish = () => resolve(caller))));
  const all = ['a', 'b', 'c'].map((caller) => run(caller));
  await clock.advance(0);
  expect(made()).toEqual(['a']);
  answer((caller) => Promise.resolve(caller));
  finish();
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
  expect(made()).toEqual(['b', 'c']);
  await clock.advance(10_000);
  answer((caller) => new Promise((resolve) => (finish = () => resolve(caller))));
  void run('a');
  const last = run('b');
  await clock.advance(0);
  expect(made()).toEqual(['a']);
  finish();
  await clock.advance(0);
  finish();
  expect(await last).toBe('b');
});

test('a second caller’s failure holds all off, one probe at a time, with growing pauses', async () => {
  const { run, made, answer, clock } = setUp();
  answer(outage);
  const first = await Promise.all(['a', 'b', 'c', 'd'].map((caller) => run(caller)));
  expect(first).toEqual(['failed', 'failed', 1_000, 1_000]);
  expect(made()).toEqual(['a', 'b']);
  // The second time d goes first: c has failed.
  for (const [pauseMs, first] of [
    [1_000, 'c'],
    [4_000, 'd'],
    [16_000, 'c'],
    [45_000, 'c'],
    [45_000, 'c'],
  ] as const) {
    await clock.advance(pauseMs - 1);
    expect(await run('d')).toBe(1);
    await clock.advance(1);
    expect(await Promise.all(['c', 'd'].map((caller) => run(caller)))).toContain('failed');
    expect(made()).toEqual([`${first}, a probe`]);
  }
});

test('a success after an outage is reported once, and ends the pauses', async () => {
  const { run, made, answer, clock, recoveries } = setUp();
  answer(outage);
  await Promise.all(['a', 'b', 'c'].map((caller) => run(caller)));
  await clock.advance(1_000);
  answer((caller) => Promise.resolve(caller));
  expect(await Promise.all(['c', 'a', 'b'].map((caller) => run(caller)))).toEqual(['c', 'a', 'b']);
  expect(recoveries()).toBe(1);
  expect(made()).toEqual(['a', 'b', 'c, a probe', 'a', 'b']);
});

test('after a pause those that have failed yield to those that have not, and strangers to both, for two seconds', async () => {
  const { run, answer, clock } = setUp();
  answer((caller) => (caller === 'c' ? Promise.resolve(caller) : outage()));
  await Promise.all(['a', 'b'].map((caller) => run(caller)));
  await run('a');
  await clock.advance(1_000);
  expect(await run('s', true)).toBe(2_000);
  expect(await run('a')).toBe('failed');
  expect(await run('c')).toBe(4_000);
  await clock.advance(5_999);
  expect(await run('s', true)).toBe(1);
  expect(await run('a')).toBe(1);
  await clock.advance(1);
  expect(await run('s', true)).toBe('failed');
  expect(await run('c')).toBe(16_000);
  await clock.advance(16_000);
  expect(await run('a')).toBe(2_000);
  expect(await run('c')).toBe('c');
  expect(await run('a')).toBe('failed');
});

test('without a failure for a minute and a half a call is no probe', async () => {
  const { run, made, answer, clock } = setUp();
  answer(outage);
  await Promise.all(['a', 'b'].map((caller) => run(caller)));
  answer(() => Promise.reject(new Error('no call may be made')));
  await clock.advance(89_999);
  await run('a');
  await clock.advance(1);
  await run('a');
  expect(made()).toEqual(['a', 'b', 'a, a probe', 'a']);
});

test('one caller that fails alone, and failures of its own, hold off no other caller', async () => {
  const { run, answer, recoveries } = setUp();
  answer((caller) => (caller === 'a' ? outage() : Promise.resolve(caller)));
  for (let time = 0; time < 5; time += 1) expect(await run('a')).toBe('failed');
  expect(await run('b')).toBe('b');
  answer(() => Promise.reject(new Error('not installed')));
  expect(await Promise.all(['a', 'b', 'c'].map((caller) => run(caller)))).toEqual([
    'failed',
    'failed',
    'failed',
  ]);
  expect(recoveries()).toBe(0);
});
