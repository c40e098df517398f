// What another program that reaches the same Redis can do to a process: values and announcements of any kind cost it little.
import { describeWith } from '../../support/needs-program';
import { FakeClock } from '../../support/fake-clock';
import { RedisServer } from '../../support/redis-server';
import { command, RedisStores } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

const KEY = 'lark-jsapi-signer:ticket:a';
const CHANNEL = 'lark-jsapi-signer:changed';
const MIB = 1_048_576;
/** ARGV: the channel, how many messages, the message. */
const FLOOD = `for i = 1, ARGV[2] do redis.call('PUBLISH', ARGV[1], (ARGV[3]:gsub('#', i))) end`;

describeWith('redis-server', 'a Redis that others write to', () => {
  const stores = new RedisStores();
  let server: RedisServer;
  let url: string;
  beforeAll(async () => {
    server = await RedisServer.start();
    url = `redis://127.0.0.1:${server.port}`;
  });
  afterEach(async () => {
    await stores.close();
    await command(url, 'FLUSHALL');
  });
  afterAll(() => server.stop());

  const sentBytes = async (): Promise<number> =>
    Number(/total_net_output_bytes:(\d+)/.exec(String(await command(url, 'INFO', 'stats')))?.[1]);

  test('may hold 200 MB under the name of a ticket: a mebibyte of it is read, and it is replaced', async () => {
    // First, since Redis answers no client while it allocates the memory.
    await command(url, 'SETRANGE', KEY, String(200 * MIB - 1), 'x');
    const { store, errors } = stores.open(url);
    const before = await sentBytes();
    const kept = await store.read('a');
    expect((await sentBytes()) - before).toBeLessThan(1.1 * MIB);
    expect(kept).toMatch(/^foreign value [\da-f]{40}$/);
    const how = { lifeMs: 60_000 };
    expect(await store.write('a', 'ours', { ...how, replacing: undefined })).toBe(false);
    expect(await store.write('a', 'ours', { ...how, replacing: `${kept}0` })).toBe(false);
    expect(await store.write('a', 'ours', { ...how, replacing: kept })).toBe(true);
    expect(await store.read('a')).toBe('ours');
    expect(errors).toEqual([]);
  });

  test('may hold what is no text: it is replaced, also by an account that may not run scripts or read parts', async () => {
    await command(url, 'ACL', 'SETUSER', 'signer', 'on', '>secret', '~*', '&*', '+get', '+set', '+select');
    const account = stores.open(`redis://signer:secret@127.0.0.1:${server.port}`);
    for (const { store } of [stores.open(url), account]) {
      await command(url, 'EVAL', `redis.call('SET', '${KEY}', '\\255\\254\\0')`, '0');
      const kept = await store.read('a');
      expect(kept).toMatch(/^foreign value [\da-f]{40}$/);
      expect(await store.write('a', 'ours', { replacing: kept, lifeMs: 60_000 })).toBe(true);
      expect(await store.read('a')).toBe('ours');
    }
  });

  test('may hold a text of exactly the limit', async () => {
    const { store } = stores.open(url);
    const text = 'é'.repeat(MIB / 2);
    expect(await store.write('a', text, { replacing: undefined, lifeMs: 60_000 })).toBe(true);
    expect((await store.read('a')) === text).toBe(true);
  });

  describe('may announce', () => {
    /** A store that is watched, on a clock that stands still; `told` is what its watcher was told. */
    async function watched() {
      const clock = new FakeClock();
      const { store, errors } = stores.open(url, undefined, clock);
      const told: (string | undefined)[] = [];
      store.watch((name) => told.push(name));
      await waitUntil('subscribed', () => told.length === 1);
      return { clock, told, errors };
    }
    const announce = (times: number, message: string): Promise<unknown> =>
      command(url, 'EVAL', FLOOD, '0', CHANNEL, String(times), message);
    const isTold = async (told: unknown[], name: string): Promise<void> => {
      await announce(1, `other ${name}`);
      await waitUntil(`told of ${name}`, () => told.includes(name));
    };

    test('one name 900 times in a second: it is reported at once, and once more a quarter of a second later', async () => {
      const { clock, told, errors } = await watched();
      await announce(900, 'other a');
      await isTold(told, 'last');
      expect(told).toEqual([undefined, 'a', 'last']);
      await clock.advance(249);
      expect(told).toHaveLength(3);
      await clock.advance(1);
      expect(told).toEqual([undefined, 'a', 'last', 'a']);
      await clock.advance(10_000);
      expect(told).toHaveLength(4);
      expect(errors).toEqual([]);
    });

    test('what is longer than any name: it is ignored', async () => {
      const { told } = await watched();
      await announce(1, `other ${'a'.repeat(4_096)}`);
      await isTold(told, 'last');
      expect(told).toEqual([undefined, 'last']);
    });

    test.each(['a', 'name #'])(
      '100,000 times %p: the first thousand are read, then none for a minute',
      async (name) => {
        const { clock, told, errors } = await watched();
        await announce(100_000, `other ${name}`);
        await waitUntil('given up', () => errors.length > 0);
        expect(errors).toEqual([
          expect.stringMatching(/^watch: over 1000 announcements came within a second: .*\?prefix=/),
        ]);
        expect(told.length).toBeLessThanOrEqual(1_001);
        await announce(1, 'other late');
        await clock.advance(59_999);
        expect(told).not.toContain('late');
        const before = told.length;
        await clock.advance(1);
        await waitUntil('subscribed again', () => told.length > before);
        // What was missed is looked for.
        expect(told.slice(before)).toEqual([undefined]);
        await isTold(told, 'heard');
        // Its clock has jumped by a minute, so a sign of life may have been waited for in vain; the flood is reported once.
        expect(errors.filter((error) => error.startsWith('watch'))).toHaveLength(1);
      },
    );
  });
});
