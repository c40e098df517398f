// The budget of new tenants: per client, inside the app's.
import { TenantBudget } from '../../../src/tickets/tenant-budget';
import { FakeClock } from '../../support/fake-clock';

function setUp() {
  const clock = new FakeClock();
  return { clock, budget: new TenantBudget({ clock, perClient: 3, perApp: 10 }) };
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
  const budget = new TenantBudget({ clock: new FakeClock(), perClient: 1, perApp: 10 });
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

test('without a client only the limit of the app holds', () => {
  const { budget } = setUp();
  const given = Array.from({ length: 20 }, () => budget.take(undefined)).filter((waitMs) => waitMs === 0);
  expect(given).toHaveLength(10);
});
