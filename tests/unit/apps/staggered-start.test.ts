// Many starts: five at a time, one that a page waits for first, a pause after each that called the platform.
import { StaggeredStart } from '../../../src/apps/staggered-start';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

let clock: FakeClock;
let queue: StaggeredStart;
/** The starts that have begun, in order. */
let begun: number[];
const ends = new Map<number, (hasCalled: boolean) => void>();

beforeEach(() => {
  clock = new FakeClock();
  queue = new StaggeredStart({ clock, random: () => 0.5 });
  begun = [];
  ends.clear();
});

const enter = (index: number) =>
  queue.enter(() => {
    begun.push(index);
    return new Promise((resolve) => ends.set(index, resolve));
  });

async function end(index: number, hasCalled = true): Promise<void> {
  ends.get(index)!(hasCalled);
  await flushMicrotasks();
}

it('begins five at once and the next after one has ended and rested', async () => {
  for (let index = 0; index < 7; index += 1) enter(index);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  await end(2);
  await clock.advance(499);
  expect(begun).toHaveLength(5);
  await clock.advance(1);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

it('begins the next at once after one that made no call to the platform', async () => {
  for (let index = 0; index < 8; index += 1) enter(index);
  await end(2, false);
  await end(3, true);
  await end(5, false);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  await clock.advance(500);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('begins the one that is waited for before the others', async () => {
  const places = Array.from({ length: 9 }, (_, index) => enter(index));
  let isBegun = false;
  void places[8]!.prioritise()!.then(() => (isBegun = true));
  void places[7]!.prioritise();
  await flushMicrotasks();
  expect({ isBegun, begun: begun.length }).toEqual({ isBegun: false, begun: 5 });
  // In the order in which they entered, and without a rest.
  await end(0);
  await end(1);
  expect({ isBegun, begun }).toEqual({ isBegun: true, begun: [0, 1, 2, 3, 4, 7, 8] });
});

it('ends a rest for one that is waited for, and never has more than five under way', async () => {
  const places = Array.from({ length: 12 }, (_, index) => enter(index));
  await end(0);
  expect(begun).toHaveLength(5);
  void places[9]!.prioritise();
  expect(begun).toEqual([0, 1, 2, 3, 4, 9]);
  void places[10]!.prioritise();
  await clock.advance(10_000);
  expect(begun).toHaveLength(6);
});

it('lets a late caller go ahead', () => {
  const place = enter(0);
  expect(place.prioritise()).toBeUndefined();
});

it('forgets a released slot, unless a request waits', async () => {
  const places = Array.from({ length: 8 }, (_, index) => enter(index));
  void places[6]!.prioritise();
  for (const place of [places[5]!, places[6]!]) place.cancel();
  for (let index = 0; index < 5; index += 1) await end(index);
  await clock.advance(10_000);
  expect(begun).toEqual([0, 1, 2, 3, 4, 6, 7]);
});

it('lets everybody go who waits when it is closed, and begins nothing more', async () => {
  const places = Array.from({ length: 7 }, (_, index) => enter(index));
  const waiting = places[6]!.prioritise();
  await end(0);
  queue.close();
  await waiting;
  await clock.advance(10_000);
  expect(begun).toHaveLength(6);
  expect(clock.timers).toBe(0);
});
