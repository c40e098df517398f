// What the log says of a store that fails and comes back: each reason once in a while, and for how long it was gone.
import { createStoreLog } from '../../../src/observability/store-log';
import type { StoreEvent, StoreOperation } from '../../../src/tickets/stores/store-event';
import { FakeClock } from '../../support/fake-clock';

function setUp() {
  const clock = new FakeClock();
  const lines: object[] = [];
  const write = (level: string) => (fields: object, msg: string) => lines.push({ level, ...fields, msg });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn') };
  const onEvent = createStoreLog(logger, clock);
  const fail = (operation: StoreOperation, message: string, name?: string): void => {
    onEvent({ ...{ type: 'failed', operation }, error: new Error(message), ...(name && { name }) });
  };
  return { clock, lines, onEvent, fail };
}

const FAILS = { level: 'warn', msg: 'the ticket store fails' };
const CONNECTED: StoreEvent = { type: 'connected', operation: 'connect' };

test('a reason is logged once in five minutes, however often it comes and whatever comes in between', async () => {
  const { clock, lines, fail } = setUp();
  for (let second = 0; second < 600; second += 1) {
    fail('connect', 'ECONNREFUSED');
    fail('connect', second % 2 === 0 ? 'one' : 'another');
    await clock.advance(1_000);
  }
  const of = (error: string) => ({ ...FAILS, operation: 'connect', error });
  expect(lines).toEqual([
    ...[of('ECONNREFUSED'), of('one'), of('another')],
    ...[of('ECONNREFUSED'), of('one'), of('another')],
  ]);
});

test('messages that all differ are a hundred lines in five minutes at most', () => {
  const { lines, fail } = setUp();
  for (let n = 0; n < 1_000; n += 1) fail('read', `request ${n} failed`);
  expect(lines).toHaveLength(100);
});

test('operations have their own reasons, and the first one its name', () => {
  const { lines, fail } = setUp();
  for (const name of ['a', 'b'])
    for (const operation of ['read', 'lock'] as const) fail(operation, 'gone', name);
  expect(lines).toEqual([
    { ...FAILS, operation: 'read', name: 'a', error: 'gone' },
    { ...FAILS, operation: 'lock', name: 'a', error: 'gone' },
  ]);
});

test('a connection that is back is logged with the time it was gone, when its loss was', async () => {
  const { clock, lines, onEvent, fail } = setUp();
  onEvent(CONNECTED);
  expect(lines).toEqual([]);
  fail('connect', 'ECONNREFUSED');
  await clock.advance(30_000);
  fail('connect', 'ECONNREFUSED');
  await clock.advance(31_400);
  onEvent(CONNECTED);
  // The same reason so soon is not logged, and neither is its end.
  fail('connect', 'ECONNREFUSED');
  onEvent(CONNECTED);
  expect(lines.slice(1)).toEqual([
    { level: 'info', operation: 'connect', goneSeconds: 61, msg: 'the ticket store is connected again' },
  ]);
});

test('an outage that is logged late is logged with its whole length', async () => {
  const { clock, lines, onEvent, fail } = setUp();
  fail('connect', 'ECONNREFUSED');
  onEvent(CONNECTED);
  await clock.advance(200_000);
  for (let second = 0; second < 150; second += 1) {
    fail('connect', 'ECONNREFUSED');
    await clock.advance(1_000);
  }
  onEvent(CONNECTED);
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatchObject({ goneSeconds: 150 });
});

test('a store without connections is back when what failed works', async () => {
  const { clock, lines, onEvent, fail } = setUp();
  fail('write', 'the disk is full');
  await clock.advance(30_000);
  onEvent({ type: 'succeeded', operation: 'read' });
  expect(lines).toHaveLength(1);
  await clock.advance(12_000);
  onEvent({ type: 'succeeded', operation: 'write' });
  onEvent({ type: 'succeeded', operation: 'write' });
  expect(lines.slice(1)).toEqual([
    { level: 'info', operation: 'write', goneSeconds: 42, msg: 'the ticket store works again' },
  ]);
});

test('a store that fails and works in turns is not logged at every turn', () => {
  const { lines, onEvent, fail } = setUp();
  for (let n = 0; n < 50; n += 1) {
    fail('read', 'read took over 1000 ms');
    onEvent({ type: 'succeeded', operation: 'read' });
  }
  expect(lines).toHaveLength(2);
});
