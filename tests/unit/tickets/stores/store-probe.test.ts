// What has failed at a store is tried until it works: a full memory, a full disk, an answer that came late once.
import { StoreHealth } from '../../../../src/observability/store-health';
import { observeStore } from '../../../../src/tickets/stores/observe-store';
import { RedisFailure } from '../../../../src/tickets/stores/redis/redis-failure';
import type { StoreEvent } from '../../../../src/tickets/stores/store-event';
import { StoreProbe } from '../../../../src/tickets/stores/store-probe';
import type { TicketStore } from '../../../../src/tickets/ticket-store';
import { FakeClock } from '../../../support/fake-clock';

const OOM = new RedisFailure(new Error("OOM command not allowed when used memory > 'maxmemory'."));
const WRITE = { replacing: undefined, lifeMs: 7_200_000 };

function setUp() {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const health = new StoreHealth();
  const calls: string[] = [];
  let failure: Error | undefined;
  const call = <Result>(what: string, result: Result): Promise<Result> => {
    calls.push(`${(clock.monotonicMs() - startMs) / 1_000} ${what}`);
    return failure ? Promise.reject(failure) : Promise.resolve(result);
  };
  const store: TicketStore = {
    read: () => call('read', undefined),
    write: (name, _text, { lifeMs }) => call(`write ${name.split(' ')[0]} for ${lifeMs}`, true),
    lock: () => call('lock', { release: () => call('release', undefined) }),
    close: () => Promise.resolve(),
  };
  const onEvent = (event: StoreEvent): void => {
    health.onEvent(event);
    probe.onEvent(event);
  };
  const observed = observeStore(store, { clock, onEvent });
  const probe = new StoreProbe(observed, clock);
  const fail = (error?: Error) => void (failure = error);
  return { clock, health, calls, observed, probe, onEvent, fail };
}

test('after a write that was refused small writes follow, until one succeeds; reads that work do not end it', async () => {
  const { clock, health, calls, observed, fail } = setUp();
  fail(OOM);
  await expect(observed.write('ticket', 'text', WRITE)).rejects.toThrow('OOM');
  fail();
  await observed.read('ticket');
  expect(health.isUp).toBe(false);
  fail(OOM);
  calls.length = 0;
  await clock.advance(4_999);
  expect(calls).toEqual([]);
  await clock.advance(200_000);
  expect(calls.map((line) => Number(line.split(' ')[0]))).toEqual([5, 15, 35, 75, 135, 195]);
  expect(new Set(calls.map((line) => line.slice(line.indexOf(' ') + 1)))).toEqual(
    new Set(['write probe for 1000']),
  );
  fail();
  await clock.advance(60_000);
  expect(health.isUp).toBe(true);
  calls.length = 0;
  await clock.advance(3_600_000);
  expect(calls).toEqual([]);
});

test('a lock and a read are tried by themselves, and what succeeds in between is not', async () => {
  const { clock, health, calls, observed, fail } = setUp();
  fail(OOM);
  await expect(observed.lock!('ticket', 1_000)).rejects.toThrow('OOM');
  await expect(observed.read('ticket')).rejects.toThrow('OOM');
  fail();
  await observed.read('ticket');
  calls.length = 0;
  await clock.advance(5_000);
  expect(calls).toEqual(['5 lock', '5 release']);
  expect(health.isUp).toBe(true);
});

test('while there is no connection nothing is tried, and nothing once it is closed', async () => {
  const { clock, calls, observed, probe, onEvent, fail } = setUp();
  fail(new Error('Redis is not connected'));
  onEvent({ type: 'failed', operation: 'connect', error: new Error('ECONNREFUSED') });
  await expect(observed.read('ticket')).rejects.toThrow('not connected');
  calls.length = 0;
  await clock.advance(600_000);
  expect(calls).toEqual([]);
  onEvent({ type: 'connected', operation: 'connect' });
  await clock.advance(60_000);
  expect(calls).toHaveLength(1);
  probe.close();
  await clock.advance(600_000);
  expect(calls).toHaveLength(1);
});
