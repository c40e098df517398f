// The keeper between its store and the platform: who is asked when, what is stored, and what a failing store may cost.
import type { Timed } from '../../../src/base/clock';
import { Secret } from '../../../src/base/secret';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { Sealer } from '../../../src/tickets/sealer';
import { TicketKeeper, type TicketEvent } from '../../../src/tickets/ticket-keeper';
import type { TicketStore } from '../../../src/tickets/ticket-store';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LIFE = 120 * MINUTE;
const NAME = 'https://open.feishu.cn cli_a';
const SECRET = 'the app secret';

let clock: FakeClock;
let keepers: TicketKeeper[];
/** The platform: the tickets it gives, one after the other, `latencyMs` after they were asked for. */
let platform: { calls: number; tickets: string[]; latencyMs: number; failure: Error | undefined };

beforeEach(() => {
  clock = new FakeClock();
  keepers = [];
  platform = { calls: 0, tickets: ['ticket-1', 'ticket-2', 'ticket-3'], latencyMs: 0, failure: undefined };
});
afterEach(() => {
  for (const keeper of keepers) keeper.close();
});

async function load(): Promise<Timed<Secret>> {
  platform.calls += 1;
  const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  if (platform.latencyMs > 0)
    await new Promise<void>((resolve) => clock.setTimer(resolve, platform.latencyMs));
  if (platform.failure) throw platform.failure;
  return { value: new Secret(platform.tickets.shift()!), lifeMs: LIFE, sentAt };
}

interface Kept {
  keeper: TicketKeeper;
  events: TicketEvent[];
  /** What happened, by type. */
  types(): string[];
  ticket(): string | undefined;
}

/** A keeper as one process has it, over `store`. */
function keep(store: TicketStore, options: { aheadMs?: number; random?: number } = {}): Kept {
  const { aheadMs = 0, random = 0 } = options;
  const events: TicketEvent[] = [];
  const keeper = new TicketKeeper({
    name: NAME,
    load,
    store,
    sealer: new Sealer(new Secret(SECRET)),
    clock,
    time: { nowMs: () => clock.wallMs() + aheadMs },
    random: () => random,
    onEvent: (event) => events.push(event),
  });
  keepers.push(keeper);
  return {
    keeper,
    events,
    types: () => events.map(({ type }) => type),
    ticket: () => keeper.value.peek()?.reveal(),
  };
}

async function start(kept: Kept): Promise<void> {
  kept.keeper.value.warmUp();
  await settle();
}

/** Long enough, in turns, for every chain of promises here to come to its end. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await flushMicrotasks();
}

const advance = (ms: number): Promise<void> => clock.advance(ms, settle);

/** Stores a ticket as another process with the same secret does. */
async function store(
  into: TicketStore,
  ticket: string,
  { endsInMs = LIFE, lifeMs = LIFE, secret = SECRET, name = NAME } = {},
): Promise<void> {
  const text = JSON.stringify({ ticket, endsAtMs: clock.wallMs() + endsInMs, lifeMs });
  const replacing = await into.read(name);
  await into.write(name, new Sealer(new Secret(secret)).seal(name, text), { replacing, lifeMs });
}

/** The ticket in the store, for holders of the secret. */
async function stored(of: TicketStore): Promise<string | undefined> {
  const envelope = await of.read(NAME);
  const text = envelope && new Sealer(new Secret(SECRET)).open(NAME, envelope);
  return text === undefined ? undefined : (JSON.parse(text) as { ticket: string }).ticket;
}

describe('a cold start', () => {
  test('over an empty store asks the platform once and stores the ticket, sealed', async () => {
    const memory = createMemoryStore();
    const kept = keep(memory);
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(await stored(memory)).toBe('ticket-1');
    expect(await memory.read(NAME)).not.toContain('ticket-1');
    expect(platform.calls).toBe(1);
  });

  test('over a stored ticket makes no call, and does not prolong the ticket’s life', async () => {
    const memory = createMemoryStore();
    await store(memory, 'ticket-0', { endsInMs: 50 * MINUTE });
    const kept = keep(memory);
    await start(kept);
    expect(kept.ticket()).toBe('ticket-0');
    expect(platform.calls).toBe(0);
    expect(kept.keeper.value.state).toMatchObject({
      usableForMs: 50 * MINUTE - 10 * SECOND,
      renewsInMs: 20 * MINUTE + 5 * SECOND,
    });
    expect(kept.events[0]).toMatchObject({
      type: 'taken-from-store',
      lifeMs: LIFE,
      leftMs: 50 * MINUTE,
    });
    // Its age is the same by both clocks: nothing has jumped.
    await settle();
    expect(kept.types()).toEqual(['taken-from-store', 'loaded']);
    expect(platform.calls).toBe(0);
  });

  test('counts the life of a stored ticket by the platform’s clock', async () => {
    const memory = createMemoryStore();
    // Our clock is 20 minutes behind the platform's, by which the stored end is written.
    await store(memory, 'ticket-0', { endsInMs: 50 * MINUTE });
    const kept = keep(memory, { aheadMs: 20 * MINUTE });
    await start(kept);
    expect(kept.keeper.value.state.usableForMs).toBe(30 * MINUTE - 10 * SECOND);
  });

  test('stores the end of the life by the platform’s clock, from when the ticket was asked for', async () => {
    const memory = createMemoryStore();
    platform.latencyMs = 2 * SECOND;
    const askedAtMs = clock.wallMs();
    const kept = keep(memory, { aheadMs: -7 * MINUTE });
    await start(kept);
    await advance(2 * SECOND);
    const text = new Sealer(new Secret(SECRET)).open(NAME, (await memory.read(NAME))!);
    expect(JSON.parse(text!)).toEqual({
      ticket: 'ticket-1',
      endsAtMs: askedAtMs - 7 * MINUTE + LIFE,
      lifeMs: LIFE,
    });
  });

  test.each([
    ['has run out', -1],
    ['is about to run out', 10 * SECOND],
  ])('over a ticket that %s asks the platform and replaces it', async (_, endsInMs) => {
    const memory = createMemoryStore();
    await store(memory, 'ticket-0', { endsInMs });
    const kept = keep(memory);
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(await stored(memory)).toBe('ticket-1');
  });

  test('over a ticket with a little more left takes it, and renews at once', async () => {
    const memory = createMemoryStore();
    await store(memory, 'ticket-0', { endsInMs: 10 * SECOND + 1 });
    const kept = keep(memory);
    kept.keeper.value.warmUp();
    expect(await kept.keeper.value.get()).toEqual(new Secret('ticket-0'));
    await advance(0);
    expect(kept.ticket()).toBe('ticket-1');
    expect(platform.calls).toBe(1);
  });

  test.each([
    ['of another secret', { secret: 'another', name: NAME }],
    ['moved here from another name', { secret: SECRET, name: 'https://open.feishu.cn cli_b' }],
  ])('over an envelope %s says so, asks the platform and replaces it', async (_, sealedFor) => {
    const [memory, elsewhere] = [createMemoryStore(), createMemoryStore()];
    await store(elsewhere, 'ticket-0', sealedFor);
    const envelope = (await elsewhere.read(sealedFor.name))!;
    await memory.write(NAME, envelope, { replacing: undefined, lifeMs: LIFE });
    const kept = keep(memory);
    await start(kept);
    expect(kept.types()).toContain('store-unreadable');
    expect(kept.ticket()).toBe('ticket-1');
    expect(await stored(memory)).toBe('ticket-1');
  });

  test('is not helped by a store that claims a longer life than the ticket has', async () => {
    const memory = createMemoryStore();
    // A clock that was far ahead when it was stored.
    await store(memory, 'ticket-0', { endsInMs: 10 * LIFE });
    const kept = keep(memory);
    await start(kept);
    expect(kept.keeper.value.state.usableForMs).toBe(LIFE - 10 * SECOND);
  });
});

describe('a renewal', () => {
  test('takes the newer ticket that another process has stored, without a call', async () => {
    const memory = createMemoryStore();
    const kept = keep(memory);
    await start(kept);
    await advance(80 * MINUTE);
    await store(memory, 'ticket-9');
    await advance(11 * MINUTE);
    expect(kept.ticket()).toBe('ticket-9');
    expect(platform.calls).toBe(1);
  });

  test('asks the platform when the stored ticket is its own, and stores the new one', async () => {
    const memory = createMemoryStore();
    const kept = keep(memory);
    await start(kept);
    await advance(91 * MINUTE);
    expect(kept.ticket()).toBe('ticket-2');
    expect(await stored(memory)).toBe('ticket-2');
    expect(platform.calls).toBe(2);
  });

  test('does not take another ticket that ends no later than its own', async () => {
    const memory = createMemoryStore();
    const kept = keep(memory);
    await start(kept);
    await store(memory, 'ticket-0', { endsInMs: LIFE + 45 * SECOND });
    await advance(91 * MINUTE);
    expect(kept.ticket()).toBe('ticket-2');
    expect(kept.types()).not.toContain('taken-from-store');
  });

  test('of one of two processes serves both', async () => {
    const memory = createMemoryStore();
    const [one, other] = [keep(memory), keep(memory, { random: 0.5 })];
    await start(one);
    await start(other);
    await advance(100 * MINUTE);
    expect([one.ticket(), other.ticket()]).toEqual(['ticket-2', 'ticket-2']);
    expect(platform.calls).toBe(2);
  });
});

describe('a store that fails', () => {
  const down = (): Promise<never> => Promise.reject(new Error('the disk is full'));
  const hung = (): Promise<never> => new Promise(() => {});

  test.each([
    ['rejects', down, 0],
    ['hangs', hung, SECOND],
  ])('is gone without when reading %s', async (_, read, delayMs) => {
    const kept = keep({ ...createMemoryStore(), read });
    await start(kept);
    await advance(delayMs);
    expect(kept.ticket()).toBe('ticket-1');
  });

  test.each([
    ['rejects', down, 0],
    ['hangs', hung, SECOND],
  ])('delays no caller when writing %s', async (_, write, delayMs) => {
    const kept = keep({ ...createMemoryStore(), write });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    await advance(delayMs);
    expect(kept.events.map(({ type }) => type)).toEqual(['loaded']);
  });

  test('takes no valid ticket away, whatever it does at the renewal', async () => {
    const memory = createMemoryStore();
    const failing: TicketStore = { ...memory };
    const kept = keep(failing);
    await start(kept);
    Object.assign(failing, { read: hung, write: down });
    platform.failure = new Error('the platform is down');
    await advance(119 * MINUTE);
    expect(kept.ticket()).toBe('ticket-1');
    expect(kept.keeper.value.state).toMatchObject({ zone: 'renewing', lastFailure: platform.failure });
  });
});

describe('a store that another process writes meanwhile', () => {
  /** A memory store in which `ticket` turns up between a keeper's reading and its writing. */
  async function racing(ticket: string, endsInMs: number, before?: string): Promise<TicketStore> {
    const memory = createMemoryStore();
    if (before !== undefined) await store(memory, before, { endsInMs: 5 * SECOND });
    platform.latencyMs = SECOND;
    clock.setTimer(() => void store(memory, ticket, { endsInMs }), SECOND / 2);
    return memory;
  }

  test.each([undefined, 'ticket-0'])(
    'keeps the newer ticket that came over %p, and hands it out',
    async (before) => {
      const memory = await racing('ticket-9', LIFE + 2 * MINUTE, before);
      const kept = keep(memory);
      await start(kept);
      await advance(2 * SECOND);
      expect(kept.ticket()).toBe('ticket-9');
      expect(await stored(memory)).toBe('ticket-9');
    },
  );

  test.each([undefined, 'ticket-0'])('gets ours over an older ticket that came over %p', async (before) => {
    const memory = await racing('ticket-9', 60 * MINUTE, before);
    const kept = keep(memory);
    await start(kept);
    await advance(2 * SECOND);
    expect(kept.ticket()).toBe('ticket-1');
    expect(await stored(memory)).toBe('ticket-1');
  });

  test('is left to others who write first three times', async () => {
    // The tenth is taken, so that more than three attempts end.
    let writes = 0;
    const kept = keep({ ...createMemoryStore(), write: () => Promise.resolve((writes += 1) === 10) });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(writes).toBe(3);
  });

  test('is left alone when it has our ticket already', async () => {
    const memory = await racing('ticket-1', LIFE);
    const write = jest.spyOn(memory, 'write');
    await start(keep(memory));
    await advance(2 * SECOND);
    // Ours, refused, and the other process's.
    expect(write).toHaveBeenCalledTimes(2);
    expect(await stored(memory)).toBe('ticket-1');
  });
});

describe('a store that locks', () => {
  /** A memory store with a lock that is held until it is released, and what happened to it. */
  function locking() {
    const memory = createMemoryStore();
    const log: string[] = [];
    let isHeld = false;
    const lock = jest.fn(async (name: string, leaseMs: number) => {
      expect({ name, leaseMs }).toEqual({ name: NAME, leaseMs: 15 * SECOND });
      await Promise.resolve();
      if (isHeld) return undefined;
      isHeld = true;
      log.push('taken');
      return {
        release: async () => {
          log.push(`released over ${String(await stored(memory))}`);
          isHeld = false;
        },
      };
    });
    return { store: { ...memory, lock } satisfies TicketStore, log, hold: () => (isHeld = true) };
  }

  test('lets one of 20 processes ask the platform; the others take what it stores', async () => {
    platform.latencyMs = 400;
    const { store: shared } = locking();
    const all = Array.from({ length: 20 }, () => keep(shared));
    await Promise.all(all.map(start));
    await advance(SECOND);
    expect(all.map((kept) => kept.ticket())).toEqual(all.map(() => 'ticket-1'));
    expect(platform.calls).toBe(1);
  });

  test('gets its lock back once the ticket is stored, not before', async () => {
    const { store: shared, log } = locking();
    const kept = keep({
      ...shared,
      async write(...given) {
        await new Promise<void>((resolve) => clock.setTimer(resolve, 300));
        return shared.write(...given);
      },
    });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(log).toEqual(['taken']);
    await advance(300);
    expect(log).toEqual(['taken', 'released over ticket-1']);
  });

  test('is read once more with the lock: its previous holder may have stored a ticket', async () => {
    const { store: shared, log } = locking();
    const kept = keep({
      ...shared,
      async lock(name, leaseMs) {
        await store(shared, 'ticket-9');
        return shared.lock(name, leaseMs);
      },
    });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-9');
    expect(platform.calls).toBe(0);
    expect(log).toEqual(['taken', 'released over ticket-9']);
  });

  test('gets its lock back from a load that failed', async () => {
    platform.failure = new Error('the platform is down');
    const { store: shared, log } = locking();
    const kept = keep(shared);
    await start(kept);
    expect(log).toEqual(['taken', 'released over undefined']);
    expect(kept.keeper.value.state.lastFailure).toBe(platform.failure);
  });

  test('is not asked for a lock when its ticket can be taken', async () => {
    const { store: shared } = locking();
    await store(shared, 'ticket-0');
    await start(keep(shared));
    expect(shared.lock).not.toHaveBeenCalled();
  });

  test('whose lock is never released delays a cold start by 3 s', async () => {
    const { store: shared, hold } = locking();
    hold();
    const kept = keep(shared);
    await start(kept);
    await advance(3 * SECOND - 1);
    expect(kept.ticket()).toBeUndefined();
    expect(platform.calls).toBe(0);
    await advance(251);
    expect(kept.ticket()).toBe('ticket-1');
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('connection lost')), 0],
    ['hangs', () => new Promise<never>(() => {}), SECOND],
  ])('is gone without when locking %s', async (_, lock, delayMs) => {
    const kept = keep({ ...createMemoryStore(), lock });
    await start(kept);
    await advance(delayMs);
    expect(kept.ticket()).toBe('ticket-1');
  });

  test('gets back at once a lock that comes too late', async () => {
    const release = jest.fn(() => Promise.resolve());
    const lock = () =>
      new Promise<{ release: () => Promise<void> }>((resolve) => {
        clock.setTimer(() => resolve({ release }), 5 * SECOND);
      });
    await start(keep({ ...createMemoryStore(), lock }));
    await advance(5 * SECOND - 1);
    expect(release).not.toHaveBeenCalled();
    await advance(1);
    expect(release).toHaveBeenCalledTimes(1);
  });

  test('whose lock cannot be given back costs nothing', async () => {
    const lock = () => Promise.resolve({ release: () => Promise.reject(new Error('connection lost')) });
    const kept = keep({ ...createMemoryStore(), lock });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
  });
});

describe('a store that is watched', () => {
  function watched() {
    const watchers = new Set<(name: string | undefined) => void>();
    const shared: TicketStore = {
      ...createMemoryStore(),
      watch(onChange) {
        watchers.add(onChange);
        return () => watchers.delete(onChange);
      },
    };
    const tell = async (name: string | undefined): Promise<void> => {
      for (const watcher of watchers) watcher(name);
      await settle();
    };
    return { shared, watchers, tell };
  }

  test.each([
    ['is called with its name', NAME],
    ['is called because it may have missed something', undefined],
  ])('gives a newer ticket as soon as the keeper %s', async (_, name) => {
    const { shared, tell } = watched();
    const kept = keep(shared);
    await start(kept);
    await advance(10 * MINUTE);
    await store(shared, 'ticket-9');
    await tell(name);
    expect(kept.ticket()).toBe('ticket-9');
    expect(platform.calls).toBe(1);
  });

  test('is not read for other names', async () => {
    const { shared, tell } = watched();
    await start(keep(shared));
    const read = jest.spyOn(shared, 'read');
    await tell('https://open.feishu.cn cli_b');
    expect(read).not.toHaveBeenCalled();
  });

  test('cannot put an older ticket in the place of a newer one', async () => {
    const { shared, tell } = watched();
    const kept = keep(shared);
    await start(kept);
    await store(shared, 'ticket-0', { endsInMs: 60 * MINUTE });
    await tell(NAME);
    expect(kept.ticket()).toBe('ticket-1');
  });

  test('ends a cold start that waits for a platform which does not answer', async () => {
    platform.latencyMs = 10 * SECOND;
    const { shared, tell } = watched();
    const kept = keep(shared);
    await start(kept);
    const waiting = kept.keeper.value.get();
    await store(shared, 'ticket-9');
    await tell(NAME);
    expect(await waiting).toEqual(new Secret('ticket-9'));
  });

  test('ends a load that was just getting its turn: it asks for nothing more, and gives the lock back', async () => {
    const { shared, tell } = watched();
    const release = jest.fn(() => Promise.resolve());
    const lock = async () => {
      await new Promise<void>((resolve) => clock.setTimer(resolve, 300));
      return { release };
    };
    const kept = keep({ ...shared, lock });
    await start(kept);
    await store(shared, 'ticket-9');
    await tell(NAME);
    await advance(300);
    expect(kept.ticket()).toBe('ticket-9');
    expect(platform.calls).toBe(0);
    expect(release).toHaveBeenCalledTimes(1);
  });

  test('that fails when it is read again costs nothing', async () => {
    const { shared, tell } = watched();
    const kept = keep(shared);
    await start(kept);
    shared.read = () => Promise.reject(new Error('connection lost'));
    await tell(NAME);
    expect(kept.ticket()).toBe('ticket-1');
  });

  test('gets the ticket that could not be written as soon as it is back', async () => {
    const { shared, tell } = watched();
    const failing = jest.spyOn(shared, 'write').mockRejectedValue(new Error('connection lost'));
    await start(keep(shared));
    failing.mockRestore();
    await advance(10 * MINUTE);
    await tell(NAME);
    expect(await stored(shared)).toBeUndefined();
    await tell(undefined);
    expect(await stored(shared)).toBe('ticket-1');
    // Its end is still the one that the platform gave.
    const next = keep(shared);
    await start(next);
    expect(next.events).toMatchObject([
      { type: 'taken-from-store', leftMs: LIFE - 10 * MINUTE },
      { type: 'loaded' },
    ]);
    expect(platform.calls).toBe(1);
  });

  test('that has forgotten a ticket gets it again from the process that fetched it, while that one uses it', async () => {
    const { shared, tell } = watched();
    const [fetcher, taker] = [keep(shared), keep(shared)];
    await start(fetcher);
    await start(taker);
    const forget = (): void => void Object.assign(shared, createMemoryStore());
    forget();
    const write = jest.spyOn(shared, 'write');
    await tell(undefined);
    expect(await stored(shared)).toBe('ticket-1');
    expect(write).toHaveBeenCalledTimes(1);
    await tell(undefined);
    expect(write).toHaveBeenCalledTimes(1);

    await advance(10 * MINUTE);
    await store(shared, 'ticket-9');
    await tell(NAME);
    expect(fetcher.ticket()).toBe('ticket-9');
    forget();
    await tell(undefined);
    expect(await stored(shared)).toBeUndefined();
  });

  test('is watched no longer once the keeper is closed', async () => {
    const { shared, watchers } = watched();
    const kept = keep(shared);
    await start(kept);
    expect(watchers.size).toBe(1);
    kept.keeper.close();
    expect(watchers.size).toBe(0);
  });
});

describe('an end by a clock that was wrong', () => {
  const NEVER = Date.UTC(9999, 0, 1);

  test('in 9999 is not taken for a ticket that never expires, and is replaced', async () => {
    const memory = createMemoryStore();
    await store(memory, 'ticket-9', { endsInMs: NEVER - clock.wallMs() });
    const kept = keep(memory);
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(kept.types()).toContain('store-unreadable');
    expect(await stored(memory)).toBe('ticket-1');
  });

  test.each([0, NEVER])('at %d is not stored', async (wallMs) => {
    const memory = createMemoryStore();
    const kept = keep(memory, { aheadMs: wallMs - clock.wallMs() });
    await start(kept);
    expect(kept.ticket()).toBe('ticket-1');
    expect(await memory.read(NAME)).toBeUndefined();
  });
});

test('no event ever shows a ticket', async () => {
  const memory = createMemoryStore();
  const kept = keep(memory);
  await start(kept);
  await advance(80 * MINUTE);
  await store(memory, 'ticket-9');
  await advance(150 * MINUTE);
  expect(kept.types()).toContain('loaded');
  expect(kept.types()).toContain('taken-from-store');
  expect(JSON.stringify(kept.events)).not.toContain('ticket-1');
  expect(JSON.stringify(kept.events)).not.toContain('ticket-9');
});

test.each([
  ['an hour of the life', 60 * MINUTE, 1],
  ['the whole life and the second that writing takes', LIFE + SECOND, 1],
  ['ten years', 315_360_000_000, 0],
  ['two seconds more than the life', LIFE + 2 * SECOND, 0],
  ['nothing', 0, 0],
  ['less than nothing', -1, 0],
  ['no number', NaN, 0],
])(
  'of a store that keeps the ticket for %s the time is learnt only within its life',
  async (_, leftMs, times) => {
    const memory = createMemoryStore();
    await start(keep(memory));
    const observe = jest.fn();
    const keeper = new TicketKeeper({
      name: NAME,
      load,
      store: { ...memory, leftMs: () => Promise.resolve(leftMs) },
      sealer: new Sealer(new Secret(SECRET)),
      clock,
      time: { nowMs: () => clock.wallMs(), fromStore: { isWanted: () => true, observe } },
      random: () => 0,
    });
    keepers.push(keeper);
    keeper.value.warmUp();
    await settle();
    expect(observe).toHaveBeenCalledTimes(times);
  },
);
