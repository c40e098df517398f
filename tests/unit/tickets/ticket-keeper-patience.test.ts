// How long a keeper with a valid ticket waits for the lock of another process: never so long that its ticket ends.
import type { Timed } from '../../../src/base/clock';
import { Secret } from '../../../src/base/secret';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { Sealer } from '../../../src/tickets/sealer';
import { TicketKeeper } from '../../../src/tickets/ticket-keeper';
import type { TicketStore } from '../../../src/tickets/ticket-store';
import { FakeClock } from '../../support/fake-clock';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let clock: FakeClock;
let keepers: TicketKeeper[];
beforeEach(() => {
  clock = new FakeClock();
  keepers = [];
});
afterEach(() => {
  for (const keeper of keepers) keeper.close();
});

/** A store whose lock can be lost: then no process gets it any more, as after the death of its holder. */
function losingLock() {
  let isLost = false;
  const free = { release: () => Promise.resolve() };
  const lock = () => Promise.resolve(isLost ? undefined : free);
  return { store: { ...createMemoryStore(), lock }, lose: () => (isLost = true) };
}

/** A keeper on `store`; each load takes 100 ms and brings another ticket that lives `lifeMs`. */
function createKeeper(store: TicketStore, lifeMs: number) {
  const loads: number[] = [];
  const load = (): Promise<Timed<Secret>> => {
    const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    const value = new Secret(`ticket ${loads.push(clock.monotonicMs())}`);
    return new Promise((resolve) => clock.setTimer(() => resolve({ value, lifeMs, sentAt }), 100));
  };
  const keeper = new TicketKeeper({
    name: 'the ticket',
    load,
    store,
    sealer: new Sealer(new Secret('the secret')),
    clock,
    time: { nowMs: () => clock.wallMs() },
    random: () => 0.5,
  });
  keepers.push(keeper);
  return { keeper, loads };
}

describe('while a process that died has the lock', () => {
  test.each([8, 20, 120])('a ticket of %i s is renewed while it is valid', async (lifeSeconds) => {
    const { store, lose } = losingLock();
    const { keeper, loads } = createKeeper(store, lifeSeconds * SECOND);
    keeper.value.warmUp();
    await clock.advance(SECOND);
    lose();
    let missing = 0;
    for (let passedMs = 0; passedMs < lifeSeconds * SECOND; passedMs += 50) {
      await clock.advance(50);
      if (keeper.value.peek() === undefined) missing += 1;
    }
    expect({ missing, loads: loads.length }).toEqual({ missing: 0, loads: 2 });
  });

  test('a ticket with half an hour left waits 8 s for the lock, no longer', async () => {
    const { store, lose } = losingLock();
    const { keeper, loads } = createKeeper(store, 120 * MINUTE);
    keeper.value.warmUp();
    await clock.advance(SECOND);
    lose();
    await clock.advance(keeper.value.state.renewsInMs! + 7 * SECOND);
    expect(loads).toHaveLength(1);
    await clock.advance(2 * SECOND);
    expect(loads).toHaveLength(2);
  });
});
