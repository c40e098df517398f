import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command, RedisStores, type OpenedStore } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

const FIRST = { replacing: undefined, lifeMs: 3_600_000 };
/** What a call may take at most, by the store's own limit and a slow machine. */
const CALL_LIMIT_MS = 4_000;
/** A call that waits for nothing, on a slow machine. */
const AT_ONCE_MS = 500;

describeWith('redis-server', 'the Redis store through an outage', () => {
  const stores = new RedisStores();
  const servers: RedisServer[] = [];
  async function start(...of: Parameters<typeof RedisServer.start>): Promise<RedisServer> {
    const started = await RedisServer.start(...of);
    servers.push(started);
    return started;
  }
  afterEach(async () => {
    await stores.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  /** How long `work` takes to settle, and its error. */
  async function failing(work: Promise<unknown>): Promise<{ tookMs: number; message: string }> {
    const startedMs = performance.now();
    const message = await work.then(
      () => 'it did not fail',
      (error: unknown) => (error as Error).message,
    );
    return { tookMs: performance.now() - startedMs, message };
  }

  async function readable({ store }: OpenedStore, text: string | undefined): Promise<void> {
    await waitUntil('readable again', () =>
      store.read('a').then(
        (read) => read === text,
        () => false,
      ),
    );
  }

  test('is made for a server that is not there, rejects at once, and finds it when it comes', async () => {
    const server = await start();
    await server.kill();
    const opened = stores.open(`redis://127.0.0.1:${server.port}`);
    expect((await failing(opened.store.read('a'))).message).toContain('ECONNREFUSED');
    for (let n = 0; n < 10; n += 1) {
      const { tookMs, message } = await failing(opened.store.write('a', 'text', FIRST));
      expect(tookMs).toBeLessThan(AT_ONCE_MS);
      expect(message).toContain('not connected');
    }
    await server.restart();
    await readable(opened, undefined);
    for (const error of opened.errors) expect(error).toMatch(/^connect: .*ECONNREFUSED/);
    expect(opened.connected).toEqual(['connect']);
  });

  /** The pauses between the attempts of a store that never gets a connection, with the jitter at its least. */
  const PAUSES_MS = [50, 100, 200, 400, 800, 1600, 2500, 2500];

  async function expectGrowingPauses(clock: FakeClock): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      await waitUntil(`a pause of ${pauseMs} ms`, () => clock.untilNextTimerMs === pauseMs);
      await clock.advance(pauseMs);
    }
    await waitUntil('the next pause', () => clock.untilNextTimerMs === 2500);
  }

  test('tries indefinitely, ever more slowly up to a limit, and reports every attempt', async () => {
    const server = await start();
    await server.kill();
    const clock = new FakeClock();
    const { errors } = stores.open(`redis://127.0.0.1:${server.port}`, undefined, clock);
    await expectGrowingPauses(clock);
    expect(errors).toHaveLength(PAUSES_MS.length + 1);
  });

  test('comes back to a server that was killed, and has everything read again', async () => {
    const server = await start();
    const opened = stores.open(`redis://127.0.0.1:${server.port}`);
    const told: (string | undefined)[] = [];
    opened.store.watch((name) => told.push(name));
    await opened.store.write('a', 'text', FIRST);
    await waitUntil('subscribed', () => told.length === 1);
    await server.kill();
    await waitUntil('noticed', () => opened.errors.length >= 2);
    expect((await failing(opened.store.read('a'))).tookMs).toBeLessThan(AT_ONCE_MS);
    await server.restart();
    await readable(opened, undefined); // the server kept nothing
    await waitUntil('subscribed again', () => told.length === 2);
    expect(told).toEqual([undefined, undefined]);
    await stores.open(`redis://127.0.0.1:${server.port}`).store.write('b', 'text', FIRST);
    await waitUntil('told', () => told.includes('b'));
  });

  test('gives up on a server that hangs, piles nothing up, and works once it resumes', async () => {
    const server = await start();
    const opened = stores.open(`redis://127.0.0.1:${server.port}`);
    await opened.store.write('a', 'text', FIRST);
    server.freeze();
    const calls = Array.from({ length: 500 }, () => failing(opened.store.read('a')));
    for (const { tookMs, message } of await Promise.all(calls)) {
      expect(tookMs).toBeLessThan(CALL_LIMIT_MS);
      expect(message).toContain('took over 2000 ms');
    }
    expect((await failing(opened.store.read('a'))).tookMs).toBeLessThan(AT_ONCE_MS);
    server.thaw();
    await readable(opened, 'text');
    expect(await opened.store.write('b', 'text', FIRST)).toBe(true);
  });

  test('notices without being asked that the server hangs, on both connections', async () => {
    const server = await start();
    const url = `redis://127.0.0.1:${server.port}`;
    const clock = new FakeClock();
    const { store, errors } = stores.open(url, undefined, clock);
    store.watch(() => undefined);
    // One timer each: to the next sign of life.
    await waitUntil('both connected', () => clock.timers === 2 && clock.untilNextTimerMs === 30_000);
    const pings = async () =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(String(await command(url, 'INFO', 'commandstats')))?.[1]);
    const before = await pings(); // those that the connections begin with
    await clock.advance(30_000);
    await waitUntil('two pings', async () => (await pings()) === before + 2);
    await waitUntil('both answered', () => clock.timers === 2 && clock.untilNextTimerMs === 30_000);
    server.freeze();
    await clock.advance(30_000);
    expect(errors).toEqual([]);
    await clock.advance(2_000);
    await waitUntil('both lost', () => errors.length === 2);
    expect(errors.map((error) => error.split(':')[0]).sort()).toEqual(['connect', 'watch']);
  });

  test('closes within a second while the server hangs, and leaves no connection', async () => {
    const server = await start();
    const url = `redis://127.0.0.1:${server.port}`;
    const { store } = stores.open(url);
    const told: unknown[] = [];
    store.watch((name) => told.push(name));
    await waitUntil('subscribed', () => told.length === 1);
    await store.read('a');
    server.freeze();
    const calls = [store.read('a'), store.write('a', 'text', FIRST)].map(failing);
    const connecting = stores.open(url).store; // never gets beyond the first packets
    connecting.watch(() => undefined);
    const startedMs = performance.now();
    await Promise.all([store.close(), connecting.close()]);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    for (const { message } of await Promise.all(calls)) expect(message).toContain('was closed');
    expect((await failing(connecting.read('a'))).message).toContain('was closed');
    server.thaw();
    // Only the connection that asks is left.
    await waitUntil('alone', async () => /^id=[^\n]*\n$/.test(String(await command(url, 'CLIENT', 'LIST'))));
  });

  test.each(['a hung server', 'no server'])('lets its process end after close, with %s', async (kind) => {
    const server = await start();
    if (kind === 'a hung server') server.freeze();
    else await server.kill();
    const root = join(__dirname, '../../..');
    const child = spawn(
      process.execPath,
      ['-r', 'ts-node/register/transpile-only', join(root, 'tests/support/close-redis-store.ts')],
      {
        cwd: root,
        env: {
          ...process.env,
          TS_NODE_COMPILER_OPTIONS: JSON.stringify({ rootDir: root }),
          STORE_URL: `redis://127.0.0.1:${server.port}`,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    // The program is compiled first, which takes a busy machine more than a quarter of a minute.
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    clearTimeout(giveUp);
    expect([code, signal, said]).toEqual([
      0,
      null,
      expect.stringMatching(/^ended (\d|\d\d|[1-4]\d\d) ms after close$/),
    ]);
  });

  describe('with sentinels', () => {
    /** A master, and a sentinel that knows it as `main`. */
    async function startWatched(args: string[] = [], sentinelLines: string[] = []) {
      const master = await start({ args });
      const sentinel = await start({
        sentinel: [`sentinel monitor main 127.0.0.1 ${master.port} 1`, ...sentinelLines],
      });
      return { master, sentinel };
    }

    test('asks for the master, whichever of them answers', async () => {
      const { master, sentinel } = await startWatched();
      const [dead, hung] = [await start(), await start()];
      await dead.kill();
      hung.freeze();
      const hosts = [dead, hung, sentinel].map(({ port }) => `127.0.0.1:${port}`).join();
      const { store, errors } = stores.open(`redis+sentinel://${hosts}/main/2`);
      expect(await store.write('a', 'text', FIRST)).toBe(true);
      expect(await command(`redis://127.0.0.1:${master.port}/2`, 'GET', 'lark-jsapi-signer:ticket:a')).toBe(
        'text',
      );
      expect(errors).toEqual([]);
    });

    test('says so when none of them knows the master', async () => {
      const { sentinel } = await startWatched();
      const { store } = stores.open(`redis+sentinel://127.0.0.1:${sentinel.port}/other`);
      expect((await failing(store.read('a'))).message).toContain('knows no master of that name');
    });

    test('gives a sentinel the password only when it wants one', async () => {
      const password = ['--requirepass', 'secret'];
      const auth = 'sentinel auth-pass main secret';
      const open = await startWatched(password, [auth]);
      const closed = await startWatched(password, [auth, 'requirepass secret']);
      for (const { sentinel } of [open, closed]) {
        const { store } = stores.open(`redis+sentinel://:secret@127.0.0.1:${sentinel.port}/main`);
        expect(await store.write('a', 'text', FIRST)).toBe(true);
      }
    });

    test('gives sentinels a password of their own, and the server its own', async () => {
      const { sentinel } = await startWatched(
        ['--requirepass', 'secret'],
        ['sentinel auth-pass main secret', 'requirepass other'],
      );
      const address = `redis+sentinel://:secret@127.0.0.1:${sentinel.port}/main`;
      const { store } = stores.open(`${address}?sentinel_password=other`);
      expect(await store.write('a', 'text', FIRST)).toBe(true);
      const { store: wrong, errors } = stores.open(address);
      await expect(wrong.read('a')).rejects.toThrow('WRONGPASS');
      expect(errors[0]).toContain('add ?sentinel_password= if the sentinels have one of their own');
    });

    test('finds the new master when the old one takes no more writes', async () => {
      const { master, sentinel } = await startWatched();
      const successor = await start();
      const sentinelUrl = `redis://127.0.0.1:${sentinel.port}`;
      const { store } = stores.open(`redis+sentinel://127.0.0.1:${sentinel.port}/main`);
      await store.read('a');
      // A failover, with the connection to the old master left open: the worst case of it.
      await command(sentinelUrl, 'SENTINEL', 'REMOVE', 'main');
      await command(sentinelUrl, 'SENTINEL', 'MONITOR', 'main', '127.0.0.1', String(successor.port), '1');
      await command(`redis://127.0.0.1:${master.port}`, 'REPLICAOF', '127.0.0.1', String(successor.port));
      expect((await failing(store.write('a', 'text', FIRST))).message).toContain('READONLY');
      await waitUntil('written', () => store.write('a', 'text', FIRST).catch(() => false));
      expect(await command(`redis://127.0.0.1:${successor.port}`, 'GET', 'lark-jsapi-signer:ticket:a')).toBe(
        'text',
      );
    });
  });
});
