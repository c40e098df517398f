// The app ticket: only a newer one is taken, the store carries it to others, a missing one is asked for at a bounded pace.
import { Secret } from '../../../../src/base/secret';
import {
  PushedTicketKeeper,
  type PushedTicketEvent,
  type AppTicketKeeperOptions,
} from '../../../../src/apps/store/pushed-ticket-keeper';
import { createMemoryStore } from '../../../../src/tickets/stores/memory-store';
import { Sealer } from '../../../../src/tickets/sealer';
import type { TicketStore } from '../../../../src/tickets/ticket-store';
import { FakeClock, flushMicrotasks } from '../../../support/fake-clock';

const NAME = 'https://open.feishu.cn cli_store app-ticket';

function setUp(options: Partial<AppTicketKeeperOptions> = {}) {
  const clock = new FakeClock();
  const resend = jest.fn(() => Promise.resolve());
  const events: PushedTicketEvent[] = [];
  const parts = {
    name: NAME,
    store: createMemoryStore(),
    sealer: new Sealer(new Secret('secret')),
    clock,
    nowMs: () => clock.wallMs(),
    resend,
    onEvent: (event: PushedTicketEvent) => void events.push(event),
    ...options,
  };
  return { keeper: new PushedTicketKeeper(parts), clock, resend, events, parts };
}

const types = (events: PushedTicketEvent[]) => events.map(({ type }) => type);

const value = async (keeper: PushedTicketKeeper) => (await keeper.get())?.reveal();

test('takes the first, then only what the platform made later', async () => {
  const { keeper, resend } = setUp();
  expect(await keeper.offer(new Secret('b'), 2_000)).toBe(true);
  expect(await keeper.offer(new Secret('a'), 1_000)).toBe(false);
  expect(await keeper.offer(new Secret('b2'), 2_000)).toBe(false);
  expect(await value(keeper)).toBe('b');
  expect(await keeper.offer(new Secret('c'), 2_001)).toBe(true);
  expect(await value(keeper)).toBe('c');
  expect(resend).not.toHaveBeenCalled();
});

const MINUTE = 60_000;

test('one that claims to be made in the future is taken as made now, and replaced by the next', async () => {
  const { keeper, clock } = setUp();
  const now = clock.wallMs();
  await keeper.offer(new Secret('in the year 5138'), 1e14);
  expect(await keeper.offer(new Secret('late'), now)).toBe(false);
  expect(await keeper.offer(new Secret('next'), now + 1)).toBe(true);
  expect(await value(keeper)).toBe('next');
  // A minute is what two clocks may differ by, so the platform's order holds within it.
  expect(await keeper.offer(new Secret('a minute ahead'), now + MINUTE)).toBe(true);
  expect(await keeper.offer(new Secret('before that'), now + MINUTE - 1)).toBe(false);
  expect(await keeper.offer(new Secret('more'), now + MINUTE + 1)).toBe(false);
  await clock.advance(MINUTE + 1);
  expect(await keeper.offer(new Secret('more'), now + MINUTE + 1)).toBe(true);
});

test('one in the store that was made in the future is used while there is no other, and does not block newer ones', async () => {
  const store = createMemoryStore();
  const text = JSON.stringify({ appTicket: 'of an older version', tsMs: 1e14 });
  const sealed = new Sealer(new Secret('secret')).seal(NAME, text);
  await store.write(NAME, sealed, { replacing: undefined, lifeMs: 1e9 });
  const { keeper, clock } = setUp({ store });
  expect(await value(keeper)).toBe('of an older version');
  expect(await keeper.offer(new Secret('event'), clock.wallMs())).toBe(true);
  // The store has it too.
  expect(await value(setUp({ store }).keeper)).toBe('event');
});

test('what was noted while our clock was ahead is replaced when the clock is right', async () => {
  const { keeper, clock } = setUp();
  await keeper.set(new Secret('handed over'));
  keeper.refuse(new Secret('handed over'));
  await keeper.set(new Secret('handed over again'));
  clock.setWallBack(60 * MINUTE);
  expect(await keeper.offer(new Secret('event'), clock.wallMs())).toBe(true);
});

test('what an operator hands over is taken, whatever is kept, stored or was refused, and by all processes', async () => {
  const { keeper, clock, parts } = setUp();
  const other = setUp({ store: parts.store });
  const now = clock.wallMs();
  const ahead = now + MINUTE;
  await keeper.offer(new Secret('event'), ahead);
  await keeper.set(new Secret('set by an operator'));
  expect(await value(keeper)).toBe('set by an operator');
  expect(await value(other.keeper)).toBe('set by an operator');
  keeper.refuse(new Secret('set by an operator'));
  await keeper.set(new Secret('set by an operator'));
  expect(await value(keeper)).toBe('set by an operator');
  // Another process has stored a newer one that this one has not seen.
  await other.keeper.offer(new Secret('newer'), ahead + 100);
  await clock.advance(200);
  await other.keeper.offer(new Secret('newer'), ahead + 100);
  await keeper.set(new Secret('set again'));
  expect(await value(setUp({ store: parts.store }).keeper)).toBe('set again');
  // The next event of the platform is newer again.
  await clock.advance(10 * MINUTE);
  expect(await keeper.offer(new Secret('next'), now + 10 * MINUTE)).toBe(true);
});

test('is found by another process in the store, sealed, and never replaced there by an older one', async () => {
  const first = setUp();
  await first.keeper.offer(new Secret('the-app-ticket'), 2_000);
  expect(await first.parts.store.read(NAME)).not.toContain('the-app-ticket');
  const late = setUp({ store: first.parts.store });
  // It has not looked yet, so the older one is taken here; the store keeps the newer one.
  await late.keeper.offer(new Secret('older'), 1_000);
  const third = setUp({ store: first.parts.store });
  expect(await value(third.keeper)).toBe('the-app-ticket');
  expect(third.resend).not.toHaveBeenCalled();
  expect(types(first.events)).toEqual(['app-ticket-received']);
  expect(types(third.events)).toEqual(['app-ticket-taken-from-store']);
});

test('the same one, received by two processes, is written once, for two days; one at hand is not looked for', async () => {
  const store = createMemoryStore();
  const [read, write] = [jest.spyOn(store, 'read'), jest.spyOn(store, 'write')];
  const [one, other] = [setUp({ store }), setUp({ store })];
  await one.keeper.offer(new Secret('a'), 1_000);
  await other.keeper.offer(new Secret('a'), 1_000);
  expect(write.mock.calls.map(([, , { lifeMs }]) => lifeMs)).toEqual([172_800_000]);
  read.mockClear();
  expect(await value(other.keeper)).toBe('a');
  expect(read).not.toHaveBeenCalled();
});

test('one that another process overwrites is written again, three times at most', async () => {
  const store = createMemoryStore();
  // The tenth is taken, so that more than three attempts end.
  let writes = 0;
  store.write = () => Promise.resolve((writes += 1) === 10);
  const { keeper } = setUp({ store });
  expect(await keeper.offer(new Secret('a'), 1_000)).toBe(true);
  expect(writes).toBe(3);
});

test('a foreign envelope is no app ticket', async () => {
  const store = createMemoryStore();
  await store.write(NAME, new Sealer(new Secret('another')).seal(NAME, '{}'), {
    replacing: undefined,
    lifeMs: 1,
  });
  const { keeper } = setUp({ store });
  expect(await keeper.get()).toBeUndefined();
  expect(await keeper.offer(new Secret('a'), 1_000)).toBe(true);
  expect(await value(setUp({ store }).keeper)).toBe('a');
});

test('reaches processes that watch the store', async () => {
  const store: TicketStore = createMemoryStore();
  const watchers: ((name: string | undefined) => void)[] = [];
  store.watch = (onChange) => {
    watchers.push(onChange);
    return () => void watchers.splice(0);
  };
  const { keeper: watching } = setUp({ store });
  await setUp({ store: { ...store, watch: () => () => undefined } }).keeper.offer(new Secret('a'), 1_000);
  expect(watching.isKept).toBe(false);
  for (const onChange of watchers) onChange('something else');
  await flushMicrotasks();
  expect(watching.isKept).toBe(false);
  for (const onChange of watchers) onChange(NAME);
  await flushMicrotasks();
  expect(watching.isKept).toBe(true);
  // Changes may have been missed.
  await setUp({ store: { ...store, watch: () => () => undefined } }).keeper.offer(new Secret('b'), 2_000);
  for (const onChange of watchers) onChange(undefined);
  await flushMicrotasks();
  expect(await value(watching)).toBe('b');
  watching.close();
  expect(watchers).toEqual([]);
});

test('a missing one is asked for at once, then after pauses from ten seconds up to an hour, however many need it', async () => {
  const { keeper, clock, resend } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => keeper.get()));
  expect(resend).toHaveBeenCalledTimes(1);
  const askedAtSeconds: number[] = [];
  for (let seconds = 10; seconds <= 14_400; seconds += 10) {
    await clock.advance(10_000);
    const before = resend.mock.calls.length;
    expect(await keeper.get()).toBeUndefined();
    if (resend.mock.calls.length > before) askedAtSeconds.push(seconds);
  }
  expect(askedAtSeconds).toEqual([10, 30, 70, 150, 310, 630, 1_270, 2_550, 5_110, 8_710, 12_310]);
});

test('refused repeatedly, one is requested less and less often; once one is accepted, at once', async () => {
  const { keeper, clock, resend } = setUp();
  for (let index = 0; index < 360; index += 1) {
    await keeper.offer(new Secret(`made up ${index}`), clock.wallMs());
    keeper.refuse(new Secret(`made up ${index}`));
    await clock.advance(10_000);
  }
  // An hour: at 0, 10, 30, 70, 150, 310, 630, 1270 and 2550 seconds.
  expect(resend).toHaveBeenCalledTimes(9);
  await keeper.offer(new Secret('good'), clock.wallMs());
  keeper.accepted();
  await clock.advance(60 * MINUTE);
  resend.mockClear();
  for (let time = 0; time < 2; time += 1) {
    await keeper.offer(new Secret('good for an hour'), clock.wallMs());
    keeper.refuse(new Secret('good for an hour'));
    await clock.advance(10_000);
  }
  expect(resend).toHaveBeenCalledTimes(2);
});

test('one that the platform refuses is dropped, asked for anew, and not taken from the store again', async () => {
  const { keeper, resend, events } = setUp();
  await keeper.offer(new Secret('dead'), 1_000);
  keeper.refuse(new Secret('another'));
  expect(await value(keeper)).toBe('dead');
  expect(resend).not.toHaveBeenCalled();
  keeper.refuse(new Secret('dead'));
  expect(resend).toHaveBeenCalledTimes(1);
  expect(await keeper.get()).toBeUndefined();
  expect(await keeper.offer(new Secret('dead'), 1_000)).toBe(false);
  // The platform has said it anew: whatever was wrong with it may be over.
  expect(await keeper.offer(new Secret('dead'), 1_001)).toBe(true);
  await flushMicrotasks();
  expect(types(events)).toEqual([
    'app-ticket-received',
    'app-ticket-refused',
    'resend-asked',
    'resend-accepted',
    'app-ticket-received',
  ]);
});

test('an unknown one can be refused: one is requested, and nothing else happens', async () => {
  const { keeper, resend, events } = setUp();
  keeper.refuse(new Secret('dead'));
  await flushMicrotasks();
  expect(resend).toHaveBeenCalledTimes(1);
  expect(types(events)).toEqual(['resend-asked', 'resend-accepted']);
  // Its store cannot be watched, so there is nothing to end.
  expect(() => keeper.close()).not.toThrow();
});

test('a store that fails or never answers is done without', async () => {
  const broken: TicketStore = {
    read: () => Promise.reject(new Error('down')),
    write: () => new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  const { keeper, clock } = setUp({ store: broken });
  const offered = keeper.offer(new Secret('a'), 1_000);
  await clock.advance(1_000);
  expect(await offered).toBe(true);
  expect(await value(keeper)).toBe('a');
});

test('a store that hangs when it is read is done without after a second', async () => {
  const { keeper, clock } = setUp({
    store: { ...createMemoryStore(), read: () => new Promise(() => undefined) },
  });
  const got = keeper.get();
  await clock.advance(1_000);
  expect(await got).toBeUndefined();
});

test('a patient caller gets the one that comes in answer', async () => {
  const { keeper, clock } = setUp();
  const patient = keeper.get(3_000);
  const gaveUp = keeper.get(1_000);
  await clock.advance(1_000);
  expect(await gaveUp).toBeUndefined();
  await keeper.offer(new Secret('a'), 1_000);
  expect((await patient)?.reveal()).toBe('a');
  expect(clock.timers).toBe(0);
});

test('a request that fails is reported, and made again after a minute', async () => {
  const resend = jest.fn(() => Promise.reject(new Error('no')));
  const { keeper, clock, events } = setUp({ resend });
  await keeper.get();
  await flushMicrotasks();
  expect(types(events)).toEqual(['resend-asked', 'resend-failed']);
  await clock.advance(60_000);
  await keeper.get();
  expect(resend).toHaveBeenCalledTimes(2);
});

test('the store is looked into once a second, however many need an app ticket', async () => {
  const store = createMemoryStore();
  const read = jest.spyOn(store, 'read');
  const { keeper, clock } = setUp({ store });
  await Promise.all(Array.from({ length: 100 }, () => value(keeper)));
  expect(await value(keeper)).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(1);
  await clock.advance(1_000);
  await value(keeper);
  expect(read).toHaveBeenCalledTimes(2);
});
