import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../support/fake-clock';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../support/loopback-certificate';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command, RedisStores } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';
import { describeTicketStore } from '../../support/ticket-store-contract';

const HOUR = 3_600_000;
const FIRST = { replacing: undefined, lifeMs: HOUR };

// Takes time off every life, as if it had passed.
const PASS = `for _, key in ipairs(redis.call('KEYS', '*')) do
  redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1])
end`;

describeWith('redis-server', 'Redis', () => {
  const stores = new RedisStores();
  let server: RedisServer;
  let url: string;
  beforeAll(async () => {
    server = await RedisServer.start({ args: ['--repl-diskless-sync-delay', '0'] });
    url = `redis://127.0.0.1:${server.port}`;
  });
  afterEach(async () => {
    await stores.close();
    await command(url, 'FLUSHALL');
  });
  afterAll(() => server.stop());

  describeTicketStore(
    'the Redis store',
    () =>
      Promise.resolve({
        open: () => stores.open(url).store,
        pass: async (ms) => {
          await command(url, 'EVAL', PASS, '0', String(ms));
        },
        remove: () => stores.close(),
      }),
    { expires: true, locks: true, watches: true, tellsTime: true },
  );

  describe('the keys', () => {
    test('begin with the prefix, lie in the database of the address, and end by themselves', async () => {
      const { store } = stores.open(`${url}/3?prefix=signer:`);
      await store.write('a', 'text', FIRST);
      await store.lock('a', HOUR);
      expect(await command(`${url}/3`, 'GET', 'signer:ticket:a')).toBe('text');
      expect(await command(`${url}/3`, 'DBSIZE')).toBe(2);
      for (const key of ['signer:ticket:a', 'signer:lock:a'])
        expect(await command(`${url}/3`, 'PTTL', key)).toBeGreaterThan(HOUR - 60_000);
      expect(await command(url, 'DBSIZE')).toBe(0);
    });

    test('of two prefixes are two worlds', async () => {
      await stores.open(`${url}?prefix=x:`).store.write('a', 'text', FIRST);
      expect(await stores.open(`${url}?prefix=y:`).store.read('a')).toBeUndefined();
    });

    test('with garbage are read as they are; with another type of value they reject, and others work on', async () => {
      const { store, warnings } = stores.open(url);
      await command(url, 'SET', 'lark-jsapi-signer:ticket:a', '{"garbage');
      await command(url, 'RPUSH', 'lark-jsapi-signer:ticket:list', 'item');
      expect(await store.read('a')).toBe('{"garbage');
      await expect(store.read('list')).rejects.toThrow('WRONGTYPE');
      await expect(store.write('list', 'text', FIRST)).rejects.toThrow('WRONGTYPE');
      expect(await store.write('b', 'text', FIRST)).toBe(true);
      expect(warnings).toEqual([]);
    });

    test('take lives of a fraction of a millisecond', async () => {
      expect(await stores.open(url).store.write('a', 'text', { replacing: undefined, lifeMs: 0.4 })).toBe(
        true,
      );
    });
  });

  describe('a watcher', () => {
    test('is not told of what its own process writes, nor of anything that is no message of ours', async () => {
      const { store } = stores.open(url);
      const told: (string | undefined)[] = [];
      store.watch((name) => told.push(name));
      await waitUntil('subscribed', () => told.length > 0);
      await store.write('mine', 'text', FIRST);
      await command(url, 'PUBLISH', 'lark-jsapi-signer:changed', 'nonsense');
      await stores.open(url).store.write('theirs', 'text', FIRST);
      await waitUntil('told', () => told.includes('theirs'));
      expect(told).toEqual([undefined, 'theirs']);
    });

    test('of one name is not called for others, but when changes may have been missed', async () => {
      const { store } = stores.open(url);
      const told: Record<'mine' | 'all', (string | undefined)[]> = { mine: [], all: [] };
      const end = store.watch((name) => told.mine.push(name), 'mine');
      store.watch((name) => told.all.push(name));
      await waitUntil('subscribed', () => told.all.length > 0 && told.mine.length > 0);
      const other = stores.open(url).store;
      await other.write('mine', 'text', FIRST);
      await other.write('theirs', 'text', FIRST);
      await waitUntil('told', () => told.all.includes('theirs'));
      end();
      await other.write('mine', 'other', { replacing: 'text', lifeMs: HOUR });
      await other.write('theirs', 'other', { replacing: 'text', lifeMs: HOUR });
      expect(told.mine).toEqual([undefined, 'mine']);
      expect(told.all.slice(0, 3)).toEqual([undefined, 'mine', 'theirs']);
    });

    test('shares one connection with the others, which ends with the last of them', async () => {
      const { store } = stores.open(url);
      const ends = [1, 2, 3].map(() => store.watch(() => undefined));
      const subscribed = async () =>
        String(await command(url, 'PUBSUB', 'NUMSUB', 'lark-jsapi-signer:changed'));
      await waitUntil('one subscription', async () => (await subscribed()).endsWith(',1'));
      const other = stores.open(url).store;
      await other.read('a');
      ends.forEach((end) => end());
      await waitUntil('none', async () => (await subscribed()).endsWith(',0'));
    });
  });

  describe('an account', () => {
    const RIGHTS = ['on', '>pa/ss', '~*', '&*', '+get', '+set', '+ping', '+select'];
    const account = () => `redis://signer:pa%2Fss@127.0.0.1:${server.port}`;

    test('with every right needs no fallback', async () => {
      await command(url, 'ACL', 'SETUSER', 'signer', ...RIGHTS, '+eval', '+del', '+publish', '+subscribe');
      const { store, warnings, errors } = stores.open(account());
      expect(await store.write('a', 'text', FIRST)).toBe(true);
      await (await store.lock('a', HOUR))!.release();
      expect(await store.lock('a', HOUR)).toBeDefined();
      // The script may run, and PTTL in it is refused.
      expect(await store.leftMs('a', 'text')).toBeUndefined();
      expect([warnings, errors]).toEqual([[], []]);
    });

    test('without scripts and channels still reads, writes and locks, and is warned of each once', async () => {
      await command(url, 'ACL', 'SETUSER', 'signer', 'reset', ...RIGHTS);
      const { store, warnings, errors } = stores.open(account());
      store.watch(() => undefined);
      expect(await store.write('a', 'one', FIRST)).toBe(true);
      expect(await store.write('a', 'two', FIRST)).toBe(false);
      expect(await store.write('a', 'two', { replacing: 'one', lifeMs: HOUR })).toBe(true);
      expect(await store.read('a')).toBe('two');
      expect(await command(url, 'PTTL', 'lark-jsapi-signer:ticket:a')).toBeGreaterThan(HOUR - 60_000);
      expect(await store.leftMs('a', 'two')).toBeUndefined();
      const lock = await store.lock('a', HOUR);
      await lock!.release();
      expect(await store.lock('a', HOUR)).toBeUndefined(); // it ends by its lease
      await waitUntil('three warnings', () => warnings.length === 3);
      expect(warnings.map((warning) => /refuses (\w+)/.exec(warning)?.[1]).sort()).toEqual([
        'EVAL',
        'PUBLISH',
        'SUBSCRIBE',
      ]);
      expect(errors).toEqual([expect.stringMatching(/^watch: NOPERM /)]);
    });

    test('a subscription that is refused is tried again every minute, and a new address at once', async () => {
      await command(url, 'ACL', 'SETUSER', 'signer', 'reset', ...RIGHTS);
      const clock = new FakeClock();
      const readUrl = jest.fn(() => Promise.resolve(account()));
      const { store, errors, connected } = stores.open(account(), undefined, clock, { readUrl });
      const changes: (string | undefined)[] = [];
      store.watch((name) => changes.push(name));
      const refusals = () => errors.filter((error) => error.startsWith('watch: NOPERM')).length;
      const refused = (count: number) => waitUntil(`refusal ${count}`, () => refusals() === count);
      await refused(1);
      await clock.advance(59_999);
      expect(refusals()).toBe(1);
      await clock.advance(1);
      await refused(2);
      await command(url, 'ACL', 'SETUSER', 'signer', '+subscribe', '+ping', '&*');
      await clock.advance(60_000);
      await waitUntil('subscribed', () => connected.includes('watch'));
      // What was written before may have been missed.
      expect(changes).toEqual([undefined]);
      await command(url, 'PUBLISH', 'lark-jsapi-signer:changed', 'other a');
      await waitUntil('an announcement', () => changes.includes('a'));
      // Rights that are withdrawn end the subscription, and it is tried again.
      await command(url, 'ACL', 'SETUSER', 'signer', 'resetchannels');
      const isLost = () => errors.some((error) => /^watch: (?!NOPERM)/.test(error));
      await waitUntil('lost', isLost);
      await clock.advance(100);
      await refused(3);
      await command(url, 'ACL', 'SETUSER', 'signer', '&*');
      readUrl.mockResolvedValue(`${account()}?prefix=lark-jsapi-signer:`);
      expect(await store.reload()).toBe(true);
      await waitUntil('subscribed again', () => connected.filter((what) => what === 'watch').length === 2);
    });

    test('with a wrong password is refused by name, without the password', async () => {
      const { store, errors } = stores.open(`redis://signer:hunter2@127.0.0.1:${server.port}`);
      await expect(store.read('a')).rejects.toThrow('WRONGPASS');
      expect(errors[0]).toContain('connect: WRONGPASS');
      expect(errors.join()).not.toContain('hunter2');
    });
  });

  describe('a server of its own kind:', () => {
    const servers: RedisServer[] = [];
    async function start(...of: Parameters<typeof RedisServer.start>): Promise<RedisServer> {
      const started = await RedisServer.start(...of);
      servers.push(started);
      return started;
    }
    afterEach(async () => {
      await stores.close();
      await Promise.all(servers.splice(0).map((started) => started.stop()));
    });

    test('one with a password and no users', async () => {
      const { port } = await start({ args: ['--requirepass', 'secret'] });
      expect(await stores.open(`redis://:secret@127.0.0.1:${port}`).store.read('a')).toBeUndefined();
      await expect(stores.open(`redis://127.0.0.1:${port}`).store.read('a')).rejects.toThrow('NOAUTH');
    });

    test('one that does not know the commands: scripts are done without, and nothing repeats a password', async () => {
      const { port } = await start({
        args: ['--rename-command', 'EVAL', '', '--rename-command', 'AUTH', ''],
      });
      const { store, warnings } = stores.open(`redis://127.0.0.1:${port}`);
      expect(await store.write('a', 'text', FIRST)).toBe(true);
      expect(warnings).toEqual([expect.stringContaining('refuses EVAL')]);
      const withPassword = stores.open(`redis://:hunter2@127.0.0.1:${port}`);
      await expect(withPassword.store.read('a')).rejects.toThrow(/unknown command 'AUTH'$/);
      expect(withPassword.errors.join()).not.toContain('hunter2');
    });

    test('one without memory left: a write rejects, a read works', async () => {
      const { port } = await start();
      const { store, warnings } = stores.open(`redis://127.0.0.1:${port}`);
      await store.write('a', 'text', FIRST);
      await command(`redis://127.0.0.1:${port}`, 'CONFIG', 'SET', 'maxmemory', '1');
      await expect(store.write('b', 'text', FIRST)).rejects.toThrow('OOM');
      expect(await store.read('a')).toBe('text');
      expect(warnings).toEqual([]);
    });

    test('a replica: a write rejects, a read works', async () => {
      await stores.open(url).store.write('a', 'text', FIRST);
      const { port } = await start({ args: ['--replicaof', '127.0.0.1', String(server.port)] });
      const { store, warnings } = stores.open(`redis://127.0.0.1:${port}`);
      await waitUntil('replicated', async () => (await store.read('a')) === 'text', 20_000);
      await expect(store.write('b', 'text', FIRST)).rejects.toThrow('READONLY');
      await waitUntil('connected again', () =>
        store.read('a').then(
          (text) => text === 'text',
          () => false,
        ),
      );
      expect(warnings).toEqual([]);
    });

    test('one behind TLS, trusted by the given CA and by nothing less', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
      const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
      writeFileSync(tls.certFile, LOOPBACK_CERTIFICATE);
      writeFileSync(tls.keyFile, LOOPBACK_KEY);
      try {
        const { port } = await start({ tls });
        for (const host of ['127.0.0.1', 'localhost'])
          expect(
            await stores.open(`rediss://${host}:${port}`, LOOPBACK_CERTIFICATE).store.read('a'),
          ).toBeUndefined();
        await expect(stores.open(`rediss://127.0.0.1:${port}`).store.read('a')).rejects.toThrow(
          'self-signed',
        );
        await expect(stores.open(`redis://127.0.0.1:${port}`).store.read('a')).rejects.toThrow();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
