// The limit of failures: a network by itself, all of them together, and no network without a failure.
import { FailureLimit } from '../../../src/limits/failure-limit';
import { FakeClock } from '../../support/fake-clock';

function setUp() {
  const clock = new FakeClock();
  const limit = new FailureLimit({ clock, perNetwork: 3, inAll: 5 });
  const fail = (address: string, times = 1): void => {
    for (let time = 0; time < times; time += 1) limit.count(address);
  };
  return { clock, limit, fail };
}

test('a network is over its limit from its third failure on, until the minute of the first is over', async () => {
  const { clock, limit, fail } = setUp();
  fail('1.2.3.4', 2);
  await clock.advance(10_000);
  expect(limit.waitMs('1.2.3.4')).toBe(0);
  fail('1.2.3.4');
  expect(limit.waitMs('1.2.3.4')).toBe(50_000);
  expect(limit.waitMs('1.2.3.5')).toBe(0);
  await clock.advance(49_999);
  expect(limit.waitMs('1.2.3.4')).toBe(1);
  await clock.advance(1);
  expect(limit.waitMs('1.2.3.4')).toBe(0);
  fail('1.2.3.4', 2);
  expect(limit.waitMs('1.2.3.4')).toBe(0);
});

test('when all have failed five times, each of them is over the limit, and no other client', () => {
  const { limit, fail } = setUp();
  for (const last of [1, 2, 3, 4, 5]) fail(`10.0.0.${last}`);
  expect(limit.waitMs('10.0.0.1')).toBe(60_000);
  expect(limit.waitMs('10.0.0.6')).toBe(0);
});

test('addresses of an IPv6 /48 are one network, and texts that are no address too', () => {
  const { limit, fail } = setUp();
  for (const address of ['2001:db8:1::1', '2001:db8:1:2::', '2001:db8:1:ffff:1:2:3:4']) fail(address);
  expect(limit.waitMs('2001:db8:1:3::7')).toBe(60_000);
  expect(limit.waitMs('2001:db8:2::1')).toBe(0);
});
