// Which failures of tenants are logged in full, together or in detail, and when an outage is over.
import { TenantFailures } from '../../../src/observability/tenant-failures';
import { FakeClock } from '../../support/fake-clock';

function setUp() {
  const clock = new FakeClock();
  const failures = new TenantFailures(clock);
  const fail = (tenantKey: string, fault = 'down', retryInMs: number | undefined = 10_000, appId = 'cli_a') =>
    failures.onFailed({ appId, tenantKey, fault, retryInMs });
  return { clock, failures, fail };
}

test('each fault of each app is logged at once, and others that have it together a minute later', async () => {
  const { clock, fail } = setUp();
  expect([fail('one'), fail('two'), fail('one')]).toEqual(['full', 'detail', 'detail']);
  expect([fail('two', 'other'), fail('one', 'down', 10_000, 'cli_b')]).toEqual(['full', 'full']);
  await clock.advance(59_999);
  expect(fail('three')).toBe('detail');
  await clock.advance(1);
  expect(fail('one')).toEqual({ tenantKeys: ['two', 'one', 'three'] });
  expect(fail('two')).toBe('detail');
});

test('a tenant that fails alone is logged in full once a minute', async () => {
  const { clock, fail } = setUp();
  fail('one');
  await clock.advance(60_000);
  expect(fail('one')).toBe('full');
});

test('it is over when the last tenant has a ticket; those that are not tried again do not count', async () => {
  const { clock, failures, fail } = setUp();
  fail('one');
  fail('two');
  failures.onFailed({ appId: 'cli_a', tenantKey: 'stranger', fault: 'down', retryInMs: undefined });
  expect(failures.onLoaded('cli_a', 'three')).toBeUndefined();
  await clock.advance(30_000);
  expect(failures.onLoaded('cli_a', 'one')).toBeUndefined();
  expect(failures.onLoaded('cli_a', 'two')).toEqual({ tenants: 2, lastedMs: 30_000 });
  expect(fail('one')).toBe('full');
});

test('a tenant that no page asks for any more does not keep an outage from being over', async () => {
  const { clock, failures, fail } = setUp();
  fail('one');
  fail('gone');
  await clock.advance(69_999);
  fail('one');
  await clock.advance(1);
  expect(failures.onLoaded('cli_a', 'one')).toEqual({ tenants: 2, lastedMs: 70_000 });
});

test('a platform that fails in ever new ways is logged at a bounded pace, and tenants are counted up to a limit', async () => {
  const { clock, failures, fail } = setUp();
  const logged = (): number =>
    Array.from({ length: 100 }, (_, code) => fail('one', `code ${code}`)).filter((how) => how === 'full')
      .length;
  expect(logged()).toBe(20);
  await clock.advance(60_000);
  expect(logged()).toBe(20);
  for (let n = 0; n < 11_000; n += 1) fail(`tenant-${n}`);
  for (let n = 0; n < 11_000; n += 1) {
    const over = failures.onLoaded('cli_a', `tenant-${n}`);
    if (over) expect(over.tenants).toBe(10_000);
  }
});
