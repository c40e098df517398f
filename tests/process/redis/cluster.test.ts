// The store at a node of a Redis Cluster: keys in one slot are found wherever they are, others are refused with what to write.
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command, RedisStores } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

const FIRST = { replacing: undefined, lifeMs: 3_600_000 };
/** All slots, in three parts: with the tag {lark} keys lie in slot 1578, at the first node. */
const SLOTS = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

describeWith('redis-server', 'the Redis store at a cluster of three nodes and a replica', () => {
  const stores = new RedisStores();
  const nodes: RedisServer[] = [];
  const urlOf = ({ port }: RedisServer): string => `redis://127.0.0.1:${port}`;
  let replica: RedisServer;

  // The gossip between the nodes takes seconds.
  beforeAll(async () => {
    for (let n = 0; n < 4; n += 1)
      nodes.push(await RedisServer.start({ cluster: true, args: ['--cluster-node-timeout', '2000'] }));
    const [first, second, third, fourth] = nodes as [RedisServer, RedisServer, RedisServer, RedisServer];
    replica = fourth;
    for (const { port, busPort } of [second, third, fourth])
      await command(urlOf(first), 'CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort));
    for (const [index, [from, to]] of SLOTS.entries())
      await command(urlOf(nodes[index]!), 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    const id = String(await command(urlOf(first), 'CLUSTER', 'MYID'));
    await waitUntil('known', () =>
      command(urlOf(replica), 'CLUSTER', 'REPLICATE', id).then(
        () => true,
        () => false,
      ),
    );
    for (const node of nodes)
      await waitUntil('the cluster', async () => {
        const [state, known] = [
          await command(urlOf(node), 'CLUSTER', 'INFO'),
          await command(urlOf(node), 'CLUSTER', 'NODES'),
        ];
        return String(state).includes('cluster_state:ok') && String(known).includes('slave');
      });
  });
  afterEach(() => stores.close());
  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  const flush = async (): Promise<void> => {
    for (const node of nodes) await command(urlOf(node), 'FLUSHALL').catch(() => undefined);
  };

  test('with a hash tag it reads, writes, locks and announces, whichever node the address names', async () => {
    await flush();
    const opened = nodes.map((node) => stores.open(`${urlOf(node)}?prefix={lark}:`));
    const told: (string | undefined)[][] = opened.map(() => []);
    opened.forEach(({ store }, index) => store.watch((name) => told[index]?.push(name)));
    await waitUntil('subscribed', () => told.every((names) => names.length === 1));
    expect(await Promise.all(opened.map(({ store }) => store.write('a', 'one', FIRST)))).toEqual(
      expect.arrayContaining([true, false, false, false]),
    );
    for (const { store } of opened) expect(await store.read('a')).toBe('one');
    const locks = await Promise.all(opened.map(({ store }) => store.lock('a', 60_000)));
    expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
    await locks.find((lock) => lock !== undefined)?.release();
    expect(await opened[2]?.store.lock('a', 60_000)).toBeDefined();
    await waitUntil('told', () => told.filter((names) => names.includes('a')).length === 3);
    for (const { errors, warnings } of opened) expect([errors, warnings]).toEqual([[], []]);
  });

  test('without a hash tag the store is not connected, at any node, and says what to write', async () => {
    for (const node of nodes) {
      const { store, errors } = stores.open(urlOf(node));
      await expect(store.read('a')).rejects.toThrow('Redis is not connected: CROSSSLOT');
      expect(errors[0]).toMatch(
        /^connect: CROSSSLOT .*: Redis runs as a cluster.*\?prefix=\{lark-jsapi-signer\}:/,
      );
    }
  });

  test('another database than 0 is refused with what to write', async () => {
    const { store } = stores.open(`${urlOf(nodes[0]!)}/1?prefix={lark}:`);
    await expect(store.read('a')).rejects.toThrow('a cluster has database 0 only');
  });

  test('after a failover the new master of the slot is found', async () => {
    await flush();
    const { store, errors } = stores.open(`${urlOf(nodes[1]!)}?prefix={lark}:`);
    expect(await store.write('a', 'one', FIRST)).toBe(true);
    await command(urlOf(replica), 'CLUSTER', 'FAILOVER');
    await waitUntil('a failover', async () =>
      String(await command(urlOf(nodes[1]!), 'CLUSTER', 'NODES'))
        .split('\n')
        .some((line) => line.includes(`:${replica.port}@`) && line.includes('master')),
    );
    await waitUntil('read', async () => (await store.read('a').catch(() => undefined)) === 'one');
    expect(await store.write('a', 'two', { ...FIRST, replacing: 'one' })).toBe(true);
    expect(await command(urlOf(replica), 'GET', '{lark}:ticket:a')).toBe('two');
    for (const error of errors) expect(error).toContain('MOVED');
  });
});
