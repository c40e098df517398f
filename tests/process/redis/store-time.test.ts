// A replica whose clock is wrong, with a ticket from Redis, while the platform is down: signatures carry the time by Redis.
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';
import { createWorld, MINUTE, type World, type WorldOptions } from '../../support/world';

describeWith('redis-server', 'the time by Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());
  const worlds: World[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });

  it.each([-20 * MINUTE, 20 * MINUTE])(
    'signs what the platform will accept, with a clock %d ms off',
    async (aheadMs) => {
      const startMs = Date.UTC(2026, 0, 1);
      const address = `redis://127.0.0.1:${server.port}`;
      const env = { TICKET_STORE: `${address}?prefix=${aheadMs}:` };
      const open = async (options: WorldOptions): Promise<World> => {
        const world = await createWorld({ env, ...options });
        worlds.push(world);
        return world;
      };
      const writer = await open({ clock: new FakeClock(startMs) });
      writer.sandbox.addFault({ kind: 'http-error' });
      const stored = async () => (await command(address, 'KEYS', `${aheadMs}:ticket:*`)) as string[];
      await waitUntil('the ticket is stored', async () => (await stored()).length === 1);

      const replica = await open({
        clock: new FakeClock(startMs + aheadMs),
        way: () => Promise.resolve({ LARK_DOMAIN: writer.platformUrl }),
        cold: true,
      });
      // A load that came before the connection is repeated.
      await waitUntil('the replica is ready', async () => {
        await replica.advance(100);
        return (await replica.get('/readyz')).status === 200;
      });
      const { status, body } = await replica.config();
      expect(status).toBe(200);
      // As long as the writer's request and the wait took.
      expect(Math.abs(body.timestamp - startMs)).toBeLessThan(MINUTE);
    },
  );
});
