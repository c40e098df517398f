// When the ticket store counts as up.
import { StoreHealth } from '../../../src/observability/store-health';
import { RedisFailure } from '../../../src/tickets/stores/redis/redis-failure';
import type { StoreEvent, StoreOperation } from '../../../src/tickets/stores/store-event';

const failed = (operation: StoreOperation, message = 'connect ECONNREFUSED'): StoreEvent => ({
  ...{ type: 'failed', operation },
  error: new RedisFailure(new Error(message)),
});
const succeeded = (operation: StoreOperation): StoreEvent => ({ type: 'succeeded', operation });
const CONNECTED: StoreEvent = { type: 'connected', operation: 'connect' };

/** Whether it is up after each event. */
const history = (...events: StoreEvent[]): boolean[] => {
  const health = new StoreHealth();
  return events.map((event) => {
    health.onEvent(event);
    return health.isUp;
  });
};

test('a store nothing is known of is up', () => {
  expect(new StoreHealth().isUp).toBe(true);
});

test('what failed must succeed itself: a read that works does not mend a full disk', () => {
  expect(history(failed('write'), succeeded('read'), succeeded('write'))).toEqual([false, false, true]);
});

test('a connection ends the consequences of its loss', () => {
  expect(history(failed('connect'), failed('read', 'Redis is not connected: x'), CONNECTED)).toEqual([
    ...[false, false, true],
  ]);
});

test('a connection ends what kept it from being made, though it was a reply', () => {
  expect(history(failed('connect', 'WRONGPASS invalid username-password pair'), CONNECTED)).toEqual([
    false,
    true,
  ]);
});

test.each([
  ['OOM command not allowed when used memory > maxmemory', false],
  ["NOPERM this user has no permissions to run the 'set' command", false],
  ["READONLY You can't write against a read only replica.", true],
  ['MOVED 3999 127.0.0.1:6381', true],
  ['NOAUTH Authentication required.', true],
])('a new connection after %s: up is %s', (message, isUp) => {
  expect(history(failed('write', message), CONNECTED)).toEqual([false, isUp]);
});

test.each(['watch', 'announce', 'release'] as const)(
  'without %s tickets are shared all the same',
  (operation) => {
    expect(history(failed(operation))).toEqual([true]);
  },
);

test('the event that ends an outage says so, and no other', () => {
  const health = new StoreHealth();
  const events = [
    succeeded('read'),
    failed('read'),
    failed('write'),
    succeeded('read'),
    succeeded('write'),
    CONNECTED,
  ];
  expect(events.map((event) => health.onEvent(event))).toEqual([false, false, false, false, true, false]);
});
