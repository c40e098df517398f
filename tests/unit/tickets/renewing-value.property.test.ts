// Random lives of a renewing value against a model that has its own idea of when each value really ends.
import type { Moment, Timed } from '../../../src/base/clock';
import fc from 'fast-check';
import { flushMicrotasks, FakeClock } from '../../support/fake-clock';
import { renewAhead, renewOnDemand } from '../../../src/tickets/renewal-policy';
import { ValueUnavailableError, type RenewingEvent } from '../../../src/tickets/renewal';
import { RenewingValue } from '../../../src/tickets/renewing-value';
import { runs } from '../../support/runs';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LOAD_DEADLINE_MS = 15 * SECOND;
const WAIT_MS = 5 * SECOND;

interface Ticket {
  id: number;
}

type Step =
  | { type: 'advance'; ms: number }
  | { type: 'get' }
  | { type: 'warmUp' }
  | { type: 'answer'; which: number; isNew: boolean; lifeMs: number }
  | { type: 'fail'; which: number; retryAfterMs: number | undefined }
  | { type: 'throwNext' }
  | { type: 'offer'; lifeMs: number; agoMs: number }
  | { type: 'suspect'; isHeld: boolean }
  | { type: 'invalidate'; isHeld: boolean }
  | { type: 'jump'; ms: number };

interface Run {
  byTimer: boolean;
  /** Whether the source reports the rest of a life (rounded down to seconds), or the whole life every time. */
  countsDown: boolean;
  /**
   * What a jump is. In one run either the wall clock is set, both ways, or the machine is suspended: when both happen
   * to one value no clock of the machine knows its age, and nothing can be promised before the next reply.
   */
  jumps: 'clock set' | 'machine suspended';
  randoms: number[];
  steps: Step[];
}

/** When a value was asked for: by both clocks, in truth, and after how many jumps. */
interface Sent {
  sentAt: Moment;
  sentAtTrueMs: number;
  jumpsBefore: number;
}

interface ModelLoad extends Sent {
  isSettled: boolean;
  /** An offer was taken in its place. */
  isReplaced: boolean;
  signal: AbortSignal;
  resolve: (loaded: Timed<Ticket>) => void;
  reject: (error: unknown) => void;
}

/** The value that must be in use, by the model. */
interface ModelHeld {
  id: number;
  firstSentAt: Moment;
  lifeMs: number;
  marginMs: number;
  trueEndMs: number;
  /** By each reply that brought this value: its end on both clocks. */
  ends: Moment[];
  isSuspected: boolean;
  /** It was, and no load has succeeded since: loads before the window are then asked for. */
  isDoubtOpen: boolean;
}

/** Lets every promise advance; cheaper than a turn of the event loop, and there is no I/O here. */
async function settle(): Promise<void> {
  // An answer passes through at most four promises before it reaches the last caller.
  for (let i = 0; i < 8; i += 1) await Promise.resolve();
}

/** A source of the drawn numbers, over and over. */
function cycle(numbers: readonly number[]): () => number {
  let i = 0;
  return () => numbers[i++ % numbers.length]!;
}

/** The system under test and its model, moved together; the first broken promise is thrown after its step. */
class World {
  readonly clock = new FakeClock();
  readonly loads: ModelLoad[] = [];
  readonly broken: string[] = [];
  readonly #run: Run;
  readonly #renewing: RenewingValue<Ticket>;
  readonly #waiting = new Set<{ sinceMs: number }>();

  #held: ModelHeld | undefined;
  #issued = 0;
  #suspendedMs = 0;
  #jumps = 0;
  /** Loads before the window that a jump still excuses. */
  #excused = 0;
  #notBeforeMs = -Infinity;
  #failures = 0;
  #askedMs: number | undefined;
  #isSuspecting = false;
  #throwsNext = false;

  constructor(run: Run) {
    this.#run = run;
    this.#renewing = new RenewingValue<Ticket>({
      load: (signal) => this.#load(signal),
      policy: run.byTimer ? renewAhead : renewOnDemand,
      clock: this.clock,
      random: cycle(run.randoms),
      same: (a, b) => a.id === b.id,
      onEvent: (event) => this.#hear(event),
      loadDeadlineMs: LOAD_DEADLINE_MS,
      waitMs: WAIT_MS,
    });
  }

  async step(step: Step): Promise<void> {
    await this.#take(step);
    await settle();
    this.#checkBetweenSteps();
    if (this.broken.length > 0) throw new Error(this.broken.join('\n'));
  }

  async end(): Promise<void> {
    await this.step({ type: 'get' });
    this.#renewing.close();
    await settle();
    const kept = this.#renewing.peek();
    for (const load of this.loads) {
      this.#demand(load.isSettled || load.signal.aborted, 'close() left a load running');
      load.resolve({ value: { id: -1 }, lifeMs: HOUR, sentAt: this.#now() });
    }
    await settle();
    this.#demand(this.#renewing.peek() === kept, 'an answer was taken after close()');
    this.#demand(this.#waiting.size === 0, 'close() left a caller waiting');
    this.#demand(this.clock.timers === 0, 'close() left a timer');
    if (this.broken.length > 0) throw new Error(this.broken.join('\n'));
  }

  async #take(step: Step): Promise<void> {
    switch (step.type) {
      case 'advance':
        // Long waits for an answer are but more of the same back-off: the second property's matter.
        await this.clock.advance(this.#isSurelyUsable() ? step.ms : Math.min(step.ms, 2 * MINUTE), settle);
        break;
      case 'get':
        this.#get();
        break;
      case 'warmUp':
        this.#renewing.warmUp();
        break;
      case 'answer':
        this.#answer(step);
        break;
      case 'fail':
        this.#fail(step);
        break;
      case 'throwNext':
        this.#throwsNext = true;
        break;
      case 'offer':
        this.#offer(step);
        break;
      case 'suspect':
        this.#suspect(step.isHeld);
        break;
      case 'invalidate':
        this.#invalidate(step.isHeld);
        break;
      case 'jump':
        this.#jump(step.ms);
    }
  }

  #jump(ms: number): void {
    this.#jumps += 1;
    this.#excused += 1;
    if (this.#run.jumps === 'clock set') {
      this.clock.setWallBack(ms);
      return;
    }
    this.#suspendedMs += Math.abs(ms);
    this.clock.suspend(Math.abs(ms));
  }

  #load(signal: AbortSignal): Promise<Timed<Ticket>> {
    this.#checkLoad();
    const isThrowing = this.#throwsNext;
    this.#throwsNext = false;
    const loaded = new Promise<Timed<Ticket>>((resolve, reject) => {
      const sent = this.#sentAgo(0);
      this.loads.push({ ...sent, isSettled: isThrowing, isReplaced: false, signal, resolve, reject });
    });
    if (isThrowing) throw new Error('thrown at once');
    return loaded;
  }

  #checkLoad(): void {
    this.#demand(this.#live() === undefined, 'a second load began while one was running');
    this.#demand(this.clock.monotonicMs() >= this.#notBeforeMs, 'a load began before its delay had passed');
    const isDoubted = this.#isSuspecting || this.#held?.isDoubtOpen === true;
    if (!this.#isSurelyFresh() || isDoubted) return;
    this.#demand(this.#excused > 0, 'a load began before the window, with nothing that asked for it');
    this.#excused -= 1;
  }

  #get(): void {
    const isSurelyUsable = this.#isSurelyUsable();
    const got = this.#renewing.get();
    if (!(got instanceof Promise)) {
      this.#checkHandedOut(got);
      return;
    }
    this.#demand(!isSurelyUsable, 'a valid value was withheld');
    const waiting = { sinceMs: this.clock.monotonicMs() };
    const mayWaitMs = this.#live() === undefined ? 0 : WAIT_MS;
    const settled = () => {
      this.#waiting.delete(waiting);
      const waitedMs = this.clock.monotonicMs() - waiting.sinceMs;
      this.#demand(waitedMs <= mayWaitMs, `a caller waited ${waitedMs} ms of ${mayWaitMs}`);
    };
    this.#waiting.add(waiting);
    got.then(
      (value) => {
        settled();
        this.#checkHandedOut(value);
      },
      (error: unknown) => {
        settled();
        const isTyped = error instanceof ValueUnavailableError && error.retryAfterMs >= 0;
        this.#demand(isTyped, `a caller was refused with ${String(error)}`);
      },
    );
  }

  #answer({ which, isNew, lifeMs }: Step & { type: 'answer' }): void {
    const load = this.#pick(which);
    if (load === undefined) return;
    const isLive = load === this.#live();
    load.isSettled = true;
    const held = this.#held;
    if (isNew || held === undefined) {
      const id = (this.#issued += 1);
      if (isLive) this.#acceptNew(load, id, lifeMs);
      load.resolve({ value: { id }, lifeMs, sentAt: load.sentAt });
      return;
    }
    // The platform rounds what is left down to seconds.
    const leftMs = Math.max(0, Math.floor((held.trueEndMs - load.sentAtTrueMs) / SECOND) * SECOND);
    const toldMs = this.#run.countsDown ? leftMs : held.lifeMs;
    if (isLive) this.#acceptRepeat(load, held, toldMs);
    load.resolve({ value: { id: held.id }, lifeMs: toldMs, sentAt: load.sentAt });
  }

  /** Holds a new value unless it has run out already; says which. */
  #acceptNew({ sentAt, sentAtTrueMs, jumpsBefore }: Sent, id: number, lifeMs: number): boolean {
    const marginMs = Math.min(10 * SECOND, lifeMs / 20);
    const end = { wallMs: sentAt.wallMs + lifeMs, monotonicMs: sentAt.monotonicMs + lifeMs };
    if (!this.#isBefore(end, marginMs)) return false;
    const trueEndMs = sentAtTrueMs + lifeMs;
    const doubts = { isSuspected: false, isDoubtOpen: false };
    this.#held = { id, firstSentAt: sentAt, lifeMs, marginMs, trueEndMs, ends: [end], ...doubts };
    this.#excused = this.#jumps - jumpsBefore;
    return true;
  }

  #offer({ lifeMs, agoMs }: Step & { type: 'offer' }): void {
    const sent = this.#sentAgo(agoMs);
    const live = this.#live();
    const id = (this.#issued += 1);
    if (this.#acceptNew(sent, id, lifeMs) && live !== undefined) live.isReplaced = true;
    this.#renewing.offer({ value: { id }, lifeMs, sentAt: sent.sentAt });
  }

  #acceptRepeat({ sentAt, jumpsBefore }: ModelLoad, held: ModelHeld, toldMs: number): void {
    // A reply never prolongs a life beyond what the monotonic clock leaves of it.
    const leftMs = Math.min(toldMs, held.lifeMs - (sentAt.monotonicMs - held.firstSentAt.monotonicMs));
    held.ends.push({ wallMs: sentAt.wallMs + leftMs, monotonicMs: sentAt.monotonicMs + leftMs });
    held.isDoubtOpen = false;
    this.#excused = this.#jumps - jumpsBefore;
  }

  #fail({ which, retryAfterMs }: Step & { type: 'fail' }): void {
    const load = this.#pick(which);
    if (load === undefined) return;
    if (load === this.#live()) this.#askedMs = retryAfterMs;
    load.isSettled = true;
    load.reject(retryAfterMs === undefined ? new Error('down') : { retryAfterMs });
  }

  #suspect(isHeld: boolean): void {
    const held = this.#held;
    const before = this.loads.length;
    this.#isSuspecting = true;
    const isStarted = this.#renewing.suspect({ id: isHeld && held ? held.id : -1 });
    this.#isSuspecting = false;
    this.#demand(this.loads.length - before === (isStarted ? 1 : 0), 'suspect() told another count of loads');
    if (!isStarted) return;
    this.#demand(
      isHeld && held?.isSuspected === false,
      'a doubt started a second load, or one for another value',
    );
    if (held) held.isSuspected = held.isDoubtOpen = true;
  }

  #invalidate(isHeld: boolean): void {
    const isHit = isHeld && this.#held !== undefined;
    const id = isHit ? this.#held!.id : -1;
    if (isHit) this.#held = undefined;
    if (isHit && this.#failures === 0) this.#notBeforeMs = -Infinity;
    this.#renewing.invalidate({ id });
  }

  #hear(event: RenewingEvent<Ticket>): void {
    const nowMs = this.clock.monotonicMs();
    if (event.type === 'clock-jump') {
      this.#demand(this.#jumps > 0, 'a jump was told and none had happened');
      return;
    }
    if (event.type === 'failed') {
      this.#failures += 1;
      const mostMs = Math.min(SECOND * 2 ** (this.#failures - 1), MINUTE);
      const [least, most] =
        this.#askedMs === undefined
          ? [500, Math.max(500, mostMs)]
          : [
              Math.min(Math.max(500, this.#askedMs), HOUR),
              Math.min(Math.max(500, this.#askedMs + 500, mostMs), HOUR),
            ];
      // A doubt that is open may wait four times longer with every failure.
      const doubtMs = this.#held?.isDoubtOpen ? Math.min(SECOND * 4 ** (this.#failures - 1), HOUR) : 0;
      const isInBounds = event.retryInMs >= least && event.retryInMs <= Math.max(most, doubtMs);
      this.#demand(
        isInBounds,
        `failure ${this.#failures} waits ${event.retryInMs} ms, not ${least} to ${Math.max(most, doubtMs)}`,
      );
    } else this.#failures = 0;
    this.#askedMs = undefined;
    this.#notBeforeMs = event.type === 'loaded' ? -Infinity : nowMs + event.retryInMs;
  }

  #checkHandedOut(value: Ticket): void {
    const held = this.#held;
    this.#demand(value.id === held?.id, `${value.id} was handed out, not ${String(held?.id)}`);
    if (held === undefined) return;
    const isVouchedFor = held.ends.some((end) => this.#isBefore(end, held.marginMs));
    this.#demand(isVouchedFor, 'a value was handed out past its end by the clocks');
    // A source that does not count down cannot tell a suspended machine what has passed.
    if (!this.#run.countsDown && this.#run.jumps === 'machine suspended') return;
    this.#demand(this.#trueMs() < held.trueEndMs - held.marginMs, 'a value was handed out past its true end');
  }

  #checkBetweenSteps(): void {
    const live = this.#live();
    this.#demand(this.#renewing.state.loading === (live !== undefined), 'state.loading is wrong');
    for (const load of this.loads)
      this.#demand(
        load.isSettled || load === live || load.signal.aborted,
        'an abandoned load was not aborted',
      );
    for (const { sinceMs } of this.#waiting)
      this.#demand(this.clock.monotonicMs() - sinceMs < WAIT_MS, 'a caller waits beyond the limit');
    this.#demand(live !== undefined || this.#waiting.size === 0, 'a caller waits for nothing');
    const needsTimer = this.#run.byTimer && this.loads.length > 0;
    this.#demand(!needsTimer || this.clock.timers > 0, 'no timer will ever renew the value');
    const isIdle = live === undefined && this.#waiting.size === 0;
    this.#demand(
      this.#run.byTimer || !isIdle || this.clock.timers === 0,
      'a timer runs for a value on demand',
    );
  }

  /** Whether every reply about the value says, by both clocks, that it can be handed out. */
  #isSurelyUsable(): boolean {
    const held = this.#held;
    return held?.ends.every((end) => this.#isBefore(end, held.marginMs)) ?? false;
  }

  /** Whether every reply about the value says, by both clocks, that a load would only bring it back. */
  #isSurelyFresh(): boolean {
    const held = this.#held;
    if (held === undefined) return false;
    const windowMs = held.lifeMs > 30 * MINUTE ? 30 * MINUTE : held.lifeMs / 4;
    return held.ends.every((end) => this.#isBefore(end, this.#run.byTimer ? windowMs : held.marginMs));
  }

  /** Whether now, by both clocks, is earlier than `aheadMs` before `end`. */
  #isBefore(end: Moment, aheadMs: number): boolean {
    const { wallMs, monotonicMs } = this.#now();
    return wallMs < end.wallMs - aheadMs && monotonicMs < end.monotonicMs - aheadMs;
  }

  #live(): ModelLoad | undefined {
    const last = this.loads.at(-1);
    if (last === undefined || last.isSettled || last.isReplaced) return undefined;
    return this.clock.monotonicMs() < last.sentAt.monotonicMs + LOAD_DEADLINE_MS ? last : undefined;
  }

  /** One of the unanswered loads, abandoned ones included: answers come late and out of order. 0 is the newest. */
  #pick(which: number): ModelLoad | undefined {
    const open = this.loads.filter((load) => !load.isSettled).reverse();
    return open[which % Math.max(1, open.length)];
  }

  #sentAgo(agoMs: number): Sent {
    const { wallMs, monotonicMs } = this.#now();
    const sentAt = { wallMs: wallMs - agoMs, monotonicMs: monotonicMs - agoMs };
    return { sentAt, sentAtTrueMs: this.#trueMs() - agoMs, jumpsBefore: this.#jumps };
  }

  #now(): Moment {
    return { wallMs: this.clock.wallMs(), monotonicMs: this.clock.monotonicMs() };
  }

  /** Time as it really passes, which no clock of the machine needs to know. */
  #trueMs(): number {
    return this.clock.monotonicMs() + this.#suspendedMs;
  }

  #demand(isKept: boolean, broken: string): void {
    if (!isKept) this.broken.push(broken);
  }
}

const lifeMs = fc.oneof(
  fc.constantFrom(1, 20, 1_800, 1_801, 7_200).map((seconds) => seconds * SECOND),
  fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds * SECOND),
);
const passingMs = fc.oneof(
  fc.constantFrom(0, 1, 499, 500, WAIT_MS, LOAD_DEADLINE_MS, 90 * MINUTE),
  fc.integer({ min: 0, max: 20 * SECOND }),
  fc.integer({ min: 0, max: 2 * HOUR }),
);
const retryAfterMs = fc.option(fc.integer({ min: -SECOND, max: 2 * HOUR }), { nil: undefined });
// Mostly the newest load, and now and then one that was abandoned.
const which = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 3 }));
const isHeld = fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false));
const jumpMs = fc.oneof(
  fc.constantFrom(HOUR, -HOUR, 2 * HOUR, -2 * HOUR),
  fc.integer({ min: -3 * SECOND, max: 3 * SECOND }),
  fc.integer({ min: -3 * HOUR, max: 3 * HOUR }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('advance'), ms: passingMs }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('get') }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('answer'), which, isNew: fc.boolean(), lifeMs }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('fail'), which, retryAfterMs }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('suspect'), isHeld }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('jump'), ms: jumpMs }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('invalidate'), isHeld }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('warmUp') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('throwNext') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('offer'), lifeMs, agoMs: passingMs }) },
);

const random = fc.oneof(
  fc.constantFrom(0, 1 - Number.EPSILON / 2),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
);
const randoms = fc.array(random, { minLength: 1, maxLength: 5 });

const run: fc.Arbitrary<Run> = fc.record({
  byTimer: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  countsDown: fc.boolean(),
  jumps: fc.constantFrom('clock set', 'machine suspended'),
  randoms,
  steps: fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
});

/** Seconds on an idle machine; this much on a busy one, and for shrinking a failure. */
const SLOW_MS = 2 * MINUTE;

it(
  'keeps every promise, whatever is asked, answered, doubted or set in whatever order',
  async () => {
    await fc.assert(
      fc.asyncProperty(run, async (drawn) => {
        const world = new World(drawn);
        for (const taken of drawn.steps) await world.step(taken);
        await world.end();
        // A turn of the event loop: Node reports unhandled rejections at its end, and Jest fails the test for one
        // (a listener of our own would not be called: inside a test `process` is a copy).
        await flushMicrotasks();
      }),
      { numRuns: runs(1_000) },
    );
  },
  SLOW_MS,
);

it(
  'calls exactly as often as the back-off says in an hour of failure, however many ask',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        randoms,
        fc.array(fc.integer({ min: 0, max: HOUR }), { maxLength: 50 }),
        fc.option(fc.integer({ min: 0, max: 10 * MINUTE }), { nil: undefined }),
        async (drawn, asksAtMs, askedMs) => {
          const clock = new FakeClock();
          let calls = 0;
          const renewing = new RenewingValue<Ticket>({
            load: () => {
              calls += 1;
              // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a cause need not be an Error
              return Promise.reject(askedMs === undefined ? new Error('down') : { retryAfterMs: askedMs });
            },
            policy: renewAhead,
            clock,
            random: cycle(drawn),
          });
          renewing.warmUp();
          let nowMs = 0;
          for (const atMs of [...asksAtMs, HOUR].sort((a, b) => a - b)) {
            await clock.advance(atMs - nowMs, settle);
            nowMs = atMs;
            const asked = await Promise.allSettled(Array.from({ length: 10 }, async () => renewing.get()));
            expect(asked.filter(({ status }) => status === 'fulfilled')).toEqual([]);
          }
          renewing.close();

          const draw = cycle(drawn);
          let expected = 0;
          for (let atMs = 0; atMs <= HOUR;) {
            expected += 1;
            const mostMs = Math.min(SECOND * 2 ** (expected - 1), MINUTE);
            const toldMs = askedMs === undefined ? 0 : askedMs + draw() * 500;
            const delayMs = Math.max(toldMs, draw() * mostMs);
            // Timers count whole milliseconds.
            atMs += Math.ceil(Math.max(500, delayMs));
          }
          expect(calls).toBe(expected);
        },
      ),
      { numRuns: 50 },
    );
  },
  SLOW_MS,
);
