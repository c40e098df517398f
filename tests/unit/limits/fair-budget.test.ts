// A fair budget: per client, inside what all have, half of it for newcomers.
import * as fc from 'fast-check';
import { FairBudget } from '../../../src/limits/fair-budget';
import { FakeClock } from '../../support/fake-clock';

function setUp() {
  const clock = new FakeClock();
  return { clock, budget: new FairBudget({ clock, perClient: 3, inAll: 10 }) };
}

test('gives one client three a minute, in any minute', async () => {
  const { clock, budget } = setUp();
  let given = 0;
  for (let second = 0; second < 600; second += 1) {
    if (budget.take('1.2.3.4') === 0) given += 1;
    await clock.advance(1_000);
  }
  expect(given).toBe(30);
});

test('says how long to wait, and is right', async () => {
  const { clock, budget } = setUp();
  for (let take = 0; take < 3; take += 1) {
    expect(budget.take('1.2.3.4')).toBe(0);
    await clock.advance(5_000);
  }
  expect(budget.take('1.2.3.4')).toBe(45_000);
  await clock.advance(44_999);
  expect(budget.take('1.2.3.4')).toBe(1);
  await clock.advance(1);
  expect(budget.take('1.2.3.4')).toBe(0);
  expect(budget.take('1.2.3.4')).toBe(5_000);
});

test('leaves seven a minute to others, whatever one client does', () => {
  const { budget } = setUp();
  for (let take = 0; take < 1_000; take += 1) budget.take('6.6.6.6');
  const others = Array.from({ length: 10 }, (_, index) => budget.take(`10.0.0.${index}`) === 0);
  expect(others.filter(Boolean)).toHaveLength(7);
});

test('counts all addresses of an IPv6 network as one client', () => {
  const { budget } = setUp();
  const addresses = ['2001:db8::1', '2001:db8:0:0:ffff::', '2001:db8:0:0:1:2:3:4', '2001:db8::2'];
  expect(addresses.map((address) => budget.take(address) === 0)).toEqual([true, true, true, false]);
  expect(budget.take('2001:db8:0:1::1')).toBe(0);
  expect(budget.take('::1')).toBe(0);
  expect(budget.take('::ffff:1.2.3.4')).toBe(0);
});

test.each([
  ['2001:db8::1', '2001:db8:0:0:9::', true],
  ['2001:db8:1:2::', '2001:db8:1:2:3:4:5:6', true],
  ['::1', '0:0:0:0:5:6:7:8', true],
  ['::', '::1', true],
  ['1::2:3:4:5:6:7', '1:0:2:3::', true],
  ['1::2:3:4:5:6:7', '1:0:0:0::', false],
  ['::2:3:4:5:6:7:8', '0:2:3:5::', false],
  ['1:2:3:4::', '1:2:3:5::', false],
  ['1:23:4:5::', '12:3:4:5::', false],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4', true],
  ['::ffff:1.2.3.4', '::ffff:5.6.7.8', false],
  ['::ffff:1.2.3.4', '::1', false],
  ['1.2.3.4', '1.2.3.4', true],
  ['1.2.3.4', '1.2.3.5', false],
])('%s and %s are one client: %s', (one, other, isOne) => {
  const budget = new FairBudget({ clock: new FakeClock(), perClient: 1, inAll: 10 });
  expect(budget.take(one)).toBe(0);
  expect(budget.take(other) > 0).toBe(isOne);
});

test('gives all of it again to a client that comes back after more than a minute', async () => {
  const { clock, budget } = setUp();
  for (let take = 0; take < 3; take += 1) budget.take('1.2.3.4');
  await clock.advance(90_000);
  const takes = Array.from({ length: 4 }, () => budget.take('1.2.3.4'));
  expect(takes).toEqual([0, 0, 0, 60_000]);
});

test('leaves half of a minute to newcomers, whatever those do that were refused', async () => {
  const { clock, budget } = setUp();
  const refused = Array.from({ length: 50 }, (_, index) => `6.6.6.${index}`);
  /** Each of them tries, and is refused; how many tries they had. */
  const attack = (): number => {
    const tried = refused.filter((address) => budget.take(address) === 0);
    for (const address of tried) budget.refuse(address);
    return tried.length;
  };
  // Ten newcomers, then five a minute; when all of them are known they have five a minute, for as long as they continue.
  const tries: number[] = [];
  for (let minute = 0; minute < 12; minute += 1) {
    tries.push(attack());
    await clock.advance(60_000);
  }
  expect(tries).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5, 5, 5]);
  expect(attack()).toBe(5);
  const others = Array.from({ length: 10 }, (_, index) => budget.take(`10.0.0.${index}`) === 0);
  expect(others.filter(Boolean)).toHaveLength(5);
});

test('an IPv6 customer with 65,536 networks is one newcomer, and none for an hour after a refusal', async () => {
  const { clock, budget } = setUp();
  const attack = (): number => {
    let tries = 0;
    for (let network = 0; network < 65_536; network += 1)
      if (budget.take(`2001:db8:7:${network.toString(16)}::1`) === 0) tries += 1;
    return tries;
  };
  expect(attack()).toBe(5);
  budget.refuse('2001:db8:7::1');
  for (let take = 0; take < 5; take += 1) expect(budget.take(`10.0.0.${take}`)).toBe(0);
  await clock.advance(60_000);
  for (let take = 0; take < 5; take += 1) expect(budget.take(`10.0.0.${take}`)).toBe(0);
  await clock.advance(1_000);
  // Half a minute's tries are made: the next that is open to all comes when the first is a minute old.
  expect(budget.take('2001:db8:7::1')).toBe(59_000);
  expect(budget.take('2001:db8:8::1')).toBe(0);
  await clock.advance(3_600_000);
  for (let take = 0; take < 5; take += 1) expect(budget.take(`10.0.0.${take}`)).toBe(0);
  expect(budget.take('2001:db8:7::1')).toBe(0);
});

test('the second try of a network in a minute is no newcomer’s, though none was refused', () => {
  const { budget } = setUp();
  for (let take = 0; take < 5; take += 1) expect(budget.take(`10.0.0.${take}`)).toBe(0);
  expect(budget.take('10.0.0.0')).toBe(60_000);
  expect(budget.take('10.0.0.5')).toBe(0);
});

test('says how long to wait, and is right, whatever was tried and refused before', async () => {
  const client = fc.constantFrom(
    '1.1.1.1',
    '2.2.2.2',
    '3.3.3.3',
    '2001:db8::1',
    '2001:db8:0:1::1',
    undefined,
  );
  const step = fc.record({ client, pauseMs: fc.nat(20_000), isRefused: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      client,
      fc.integer({ min: 1, max: 8 }),
      async (steps, last, inAll) => {
        const clock = new FakeClock();
        const budget = new FairBudget({ clock, perClient: 2, inAll });
        for (const { client: address, pauseMs, isRefused } of steps) {
          if (budget.take(address) === 0 && isRefused) budget.refuse(address);
          await clock.advance(pauseMs);
        }
        const waitMs = budget.take(last);
        if (waitMs === 0) return;
        await clock.advance(waitMs - 1);
        expect(budget.take(last)).toBe(1);
        await clock.advance(1);
        expect(budget.take(last)).toBe(0);
      },
    ),
  );
});

test('never gives more than all may have in any minute', async () => {
  const client = fc.constantFrom('1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4', '5.5.5.5', '6.6.6.6');
  const step = fc.record({ client, pauseMs: fc.nat(10_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
      const clock = new FakeClock();
      const budget = new FairBudget({ clock, perClient: 3, inAll: 7 });
      const given: number[] = [];
      for (const { client: address, pauseMs } of steps) {
        if (budget.take(address) === 0) given.push(clock.monotonicMs());
        await clock.advance(pauseMs);
      }
      for (let first = 0; first + 7 < given.length; first += 1)
        expect(given[first + 7]! - given[first]!).toBeGreaterThanOrEqual(60_000);
    }),
  );
});

test('without a client only the limit of all holds', () => {
  const { budget } = setUp();
  const given = Array.from({ length: 20 }, () => budget.take(undefined)).filter((waitMs) => waitMs === 0);
  expect(given).toHaveLength(10);
});

test('a try that was given back may be made again, by its client and no other', () => {
  const { budget } = setUp();
  for (let take = 0; take < 3; take += 1) budget.take('1.2.3.4');
  budget.giveBack('5.6.7.8');
  expect(budget.take('1.2.3.4')).toBeGreaterThan(0);
  budget.giveBack('1.2.3.4');
  expect(budget.take('1.2.3.4')).toBe(0);
  expect(budget.take('1.2.3.4')).toBeGreaterThan(0);
});
