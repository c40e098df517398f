// The race of a promise against a timer, in a process that may stand still.
import type { Clock } from '../../../src/base/clock';
import { withDeadline } from '../../../src/base/deadline';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

const LIMIT_MS = 1_000;

/** A clock of a process that stands still: its timers fire when it resumes, after their time. */
class StoppedClock implements Clock {
  readonly #clock = new FakeClock();
  #due: (() => void)[] = [];
  #isStopped = false;

  wallMs = (): number => this.#clock.wallMs();
  monotonicMs = (): number => this.#clock.monotonicMs();
  setTimer: Clock['setTimer'] = (callback, delayMs) =>
    this.#clock.setTimer(() => (this.#isStopped ? void this.#due.push(callback) : callback()), delayMs);

  advance = (ms: number): Promise<void> => this.#clock.advance(ms);

  async stop(ms: number): Promise<void> {
    this.#isStopped = true;
    await this.#clock.advance(ms);
    this.#isStopped = false;
    for (const callback of this.#due.splice(0)) callback();
    await flushMicrotasks();
  }
}

function race() {
  const clock = new StoppedClock();
  let finish: (value: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => (finish = resolve));
  let outcome: string | undefined;
  withDeadline(work, LIMIT_MS, clock, 'reading').then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = (error as Error).message),
  );
  return { clock, finish: () => finish('read'), outcome: () => outcome };
}

it('settles as the work does, and rejects at the limit', async () => {
  const inTime = race();
  await inTime.clock.advance(LIMIT_MS - 1);
  inTime.finish();
  await flushMicrotasks();
  expect(inTime.outcome()).toBe('read');

  const late = race();
  await late.clock.advance(LIMIT_MS - 1);
  expect(late.outcome()).toBeUndefined();
  await late.clock.advance(1);
  expect(late.outcome()).toBe('reading took over 1000 ms');
});

it('takes what has arrived while the process stood still', async () => {
  const { clock, finish, outcome } = race();
  await clock.stop(LIMIT_MS + 500);
  // The event loop runs timers first, and reads what has arrived afterwards.
  expect(outcome()).toBeUndefined();
  finish();
  await flushMicrotasks();
  expect(outcome()).toBe('read');
});

it('waits no longer than the process stood still, once, and never longer than the limit', async () => {
  const { clock, outcome } = race();
  await clock.stop(LIMIT_MS + 500);
  await clock.advance(499);
  expect(outcome()).toBeUndefined();
  await clock.advance(1);
  expect(outcome()).toBe('reading took over 1000 ms');

  const another = race();
  await another.clock.stop(20 * LIMIT_MS);
  await another.clock.advance(LIMIT_MS);
  expect(another.outcome()).toBe('reading took over 1000 ms');
});

it('rejects at once when its timer was hardly late', async () => {
  const { clock, outcome } = race();
  await clock.stop(LIMIT_MS + 99);
  expect(outcome()).toBe('reading took over 1000 ms');
});
