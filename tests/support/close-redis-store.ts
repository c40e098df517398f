// A process that opens the Redis store of STORE_URL, uses it, closes it, and says how long it then took to end.
import { systemClock } from '../../src/base/clock';
import { createRedisStore } from '../../src/tickets/stores/redis/redis-store';

async function main(): Promise<void> {
  const store = createRedisStore({
    url: process.env['STORE_URL'] ?? '',
    clock: systemClock,
    random: () => 0,
    onWarning: () => undefined,
  });
  store.watch(() => undefined);
  const reading = store.read('a').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200)); // into the first attempt, or the pause after it
  await store.close();
  await reading;
  const closedMs = performance.now();
  process.on('exit', () => {
    process.stdout.write(`ended ${Math.round(performance.now() - closedMs)} ms after close`);
  });
}

void main();
