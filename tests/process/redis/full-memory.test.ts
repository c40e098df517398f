// A Redis with a full memory: the store counts as down while writes are refused, and as up soon after, without a renewal.
import { StoreHealth } from '../../../src/observability/store-health';
import { createTicketStore } from '../../../src/tickets/stores/create-ticket-store';
import { parseRedisUrl } from '../../../src/tickets/stores/redis/parse-redis-url';
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

describeWith('redis-server', 'Redis with a full memory', () => {
  test('is down until a small write succeeds, which leaves nothing behind', async () => {
    const server = await RedisServer.start();
    const url = `redis://127.0.0.1:${server.port}`;
    const clock = new FakeClock();
    const health = new StoreHealth();
    const failures: string[] = [];
    const store = createTicketStore({
      setting: { kind: 'redis', address: parseRedisUrl(url) },
      clock,
      random: () => 0.5,
      onWarning: (message) => failures.push(message),
      onEvent(event) {
        health.onEvent(event);
        if (event.type === 'failed') failures.push(`${event.operation}: ${event.error.message}`);
      },
    });
    try {
      await store.read('a');
      await command(url, 'CONFIG', 'SET', 'maxmemory', '1');
      const write = store.write('a', 'text', { replacing: undefined, lifeMs: 3_600_000 });
      await expect(write).rejects.toThrow(/OOM/);
      expect(await store.read('a')).toBeUndefined();
      expect(health.isUp).toBe(false);
      await clock.advance(5_000);
      await waitUntil('tried again', () => failures.length === 2);
      expect(failures[1]).toMatch(/^write: OOM/);
      await command(url, 'CONFIG', 'SET', 'maxmemory', '0');
      await clock.advance(10_000);
      await waitUntil('up', () => health.isUp);
      const lives = Number(await command(url, 'DBSIZE'));
      expect(lives).toBeLessThanOrEqual(1);
      await waitUntil('nothing left', async () => (await command(url, 'DBSIZE')) === 0);
    } finally {
      await store.close();
      await server.stop();
    }
  });
});
