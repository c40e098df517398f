// What makes a keeper look again at the ticket it has: a doubt, an operator, and a platform whose time is another.
import { Secret } from '../../../src/base/secret';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { renewAhead } from '../../../src/tickets/renewal-policy';
import { Sealer } from '../../../src/tickets/sealer';
import { TICKET_FORM } from '../../../src/tickets/stored-ticket';
import { TicketKeeper, type TicketEvent, type TicketKeeperOptions } from '../../../src/tickets/ticket-keeper';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

const MINUTE = 60_000;
const LIFE = 120 * MINUTE;
const NAME = 'https://open.feishu.cn cli_a';

let clock: FakeClock;
let keeper: TicketKeeper;
let events: TicketEvent[];
/** Loads so far; each brings the next ticket, or fails with `failure`. */
let loads: number;
let failure: Error | undefined;
let policy: TicketKeeperOptions['policy'];
/** How far the platform's clock is ahead of ours. */
let aheadMs: number;
/** Who wants to know when that changes. */
let listeners: Set<(change: { offsetMs: number | undefined }) => void>;
const clockChanged = (change: { offsetMs?: number } = { offsetMs: aheadMs }): void => {
  for (const listener of listeners) listener({ offsetMs: change.offsetMs });
};

/** A keeper over a store that holds `stored`, if anything, with `leftMs` to live. */
async function start(stored?: { ticket: string; leftMs: number }): Promise<void> {
  const store = createMemoryStore();
  const sealer = new Sealer(new Secret('the app secret'));
  if (stored) {
    const { ticket, leftMs } = stored;
    const text = { value: new Secret(ticket), endsAtMs: clock.wallMs() + leftMs, lifeMs: LIFE };
    await store.write(NAME, sealer.seal(NAME, TICKET_FORM.toText(text)), {
      replacing: undefined,
      lifeMs: LIFE,
    });
  }
  keeper = new TicketKeeper({
    name: NAME,
    load: () => {
      loads += 1;
      if (failure) return Promise.reject(failure);
      const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
      return Promise.resolve({ value: new Secret(`ticket-${loads}`), lifeMs: LIFE, sentAt });
    },
    store,
    sealer,
    clock,
    time: {
      nowMs: () => clock.wallMs() + aheadMs,
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    random: () => 0,
    policy,
    onEvent: (event) => events.push(event),
  });
  keeper.value.warmUp();
  await flushMicrotasks();
}

const ticket = (): string | undefined => keeper.value.peek()?.reveal();
const count = (type: TicketEvent['type']): number => events.filter((event) => event.type === type).length;

beforeEach(() => {
  clock = new FakeClock();
  listeners = new Set();
  events = [];
  loads = 0;
  failure = undefined;
  policy = undefined;
  aheadMs = 0;
});
afterEach(() => keeper.close());

test('a doubt loads once, tells of it, and leaves the ticket in use until another one is there', async () => {
  await start();
  expect(keeper.suspect(new Secret('ticket-0'))).toBe(false);
  expect(count('suspected')).toBe(0);
  expect(keeper.suspect(new Secret('ticket-1'))).toBe(true);
  expect(ticket()).toBe('ticket-1');
  expect(keeper.suspect(new Secret('ticket-1'))).toBe(false);
  expect(count('suspected')).toBe(1);
  await flushMicrotasks();
  expect(ticket()).toBe('ticket-2');
  expect(loads).toBe(2);
});

test('without a timer a ticket is renewed, and a doubt that failed is repeated, when a caller asks and not before', async () => {
  policy = { ...renewAhead, byTimer: false };
  await start();
  failure = new Error('the platform is down');
  expect(keeper.suspect(new Secret('ticket-1'))).toBe(true);
  await clock.advance(10 * MINUTE);
  expect(loads).toBe(2);
  failure = undefined;
  expect(ticket()).toBe('ticket-1');
  await flushMicrotasks();
  expect(ticket()).toBe('ticket-3');
  await clock.advance(100 * MINUTE);
  expect(loads).toBe(3);
  expect(ticket()).toBe('ticket-3');
  await flushMicrotasks();
  expect(ticket()).toBe('ticket-4');
  await clock.advance(1_000 * MINUTE);
  expect([loads, clock.timers]).toEqual([4, 0]);
});

test('an operator is not kept waiting by the back-off', async () => {
  failure = new Error('the platform is down');
  await start();
  expect(keeper.value.state).toMatchObject({ loading: false, failures: 1 });
  failure = undefined;
  keeper.value.warmUp();
  await flushMicrotasks();
  expect(loads).toBe(1);
  keeper.value.loadNow();
  await flushMicrotasks();
  expect(ticket()).toBe('ticket-2');
});

test('the end of a ticket from the store is counted again when the platform’s time turns out to be another', async () => {
  await start({ ticket: 'ticket-0', leftMs: 60 * MINUTE });
  expect(keeper.value.state.usableForMs).toBe(60 * MINUTE - 10_000);
  aheadMs = 20 * MINUTE;
  // While it is being measured again, nothing is known that would be better.
  clockChanged({});
  expect(keeper.value.state.usableForMs).toBe(60 * MINUTE - 10_000);
  clockChanged();
  expect(keeper.value.state.usableForMs).toBe(40 * MINUTE - 10_000);
  expect(ticket()).toBe('ticket-0');
  expect(loads).toBe(0);
  // One that has run out is left as it is.
  failure = new Error('the platform is down');
  await clock.advance(60 * MINUTE);
  clockChanged();
  expect(ticket()).toBeUndefined();
  keeper.close();
  expect(listeners.size).toBe(0);
});

test.each([
  ['that was loaded here', undefined],
  ['that came after one from the store', { ticket: 'ticket-0', leftMs: 60 * MINUTE }],
])('the end of a ticket %s does not depend on the platform’s time', async (_, stored) => {
  await start(stored);
  if (stored) keeper.suspect(new Secret('ticket-0'));
  await flushMicrotasks();
  expect(ticket()).toBe('ticket-1');
  const before = { usableForMs: keeper.value.state.usableForMs, taken: count('taken-from-store') };
  aheadMs = 20 * MINUTE;
  clockChanged();
  expect({ usableForMs: keeper.value.state.usableForMs, taken: count('taken-from-store') }).toEqual(before);
});
