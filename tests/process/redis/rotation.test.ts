// A password of Redis that is changed while the store runs: the address is read again, and the new one used.
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { command, RedisStores } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

const FIRST = { replacing: undefined, lifeMs: 3_600_000 };

describeWith('redis-server', 'the Redis store when its address changes', () => {
  const stores = new RedisStores();
  const servers: RedisServer[] = [];
  afterEach(async () => {
    await stores.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  async function start(...of: Parameters<typeof RedisServer.start>): Promise<RedisServer> {
    const started = await RedisServer.start(...of);
    servers.push(started);
    return started;
  }

  /** A store whose address is in `file`, at a server that wants the password `old`. */
  async function setUp(clock = new FakeClock()) {
    const { port } = await start({ args: ['--requirepass', 'old'] });
    const url = (password: string): string => `redis://:${password}@127.0.0.1:${port}`;
    const file = { text: url('old') };
    const readUrl = jest.fn(() => Promise.resolve(file.text));
    const opened = stores.open(file.text, undefined, clock, { readUrl });
    expect(await opened.store.write('a', 'text', FIRST)).toBe(true);
    return { url, file, clock, readUrl, ...opened };
  }

  test('a password that is refused is read again before the next attempt, and never logged', async () => {
    const { url, file, clock, readUrl, store, errors, connected } = await setUp();
    expect(readUrl).not.toHaveBeenCalled();
    await command(url('old'), 'CONFIG', 'SET', 'requirepass', 'fresh-password');
    await command(url('fresh-password'), 'CLIENT', 'KILL', 'TYPE', 'normal');
    await waitUntil('lost', () => errors.length === 1);
    await clock.advance(50);
    await waitUntil('refused', () => errors.length === 2);
    expect(errors[1]).toMatch(/^connect: WRONGPASS .*: check the user and the password in the address$/);
    // The file is not changed yet; it is looked at before each attempt.
    await clock.advance(100);
    await waitUntil('refused again', () => errors.length === 3);
    expect(readUrl).toHaveBeenCalledTimes(1);
    file.text = url('fresh-password');
    await clock.advance(200);
    await waitUntil('connected', () => connected.length === 2);
    expect(await store.read('a')).toBe('text');
    expect(errors.join()).not.toMatch(/fresh-password|:old@/);
  });

  test('one that the server begins to want is read too', async () => {
    const { port } = await start();
    const file = { text: `redis://127.0.0.1:${port}` };
    const clock = new FakeClock();
    const { store, errors, connected } = stores.open(file.text, undefined, clock, {
      readUrl: () => Promise.resolve(file.text),
    });
    await store.read('a');
    await command(file.text, 'CONFIG', 'SET', 'requirepass', 'fresh');
    file.text = `redis://:fresh@127.0.0.1:${port}`;
    await command(file.text, 'CLIENT', 'KILL', 'TYPE', 'normal');
    await waitUntil('lost', () => errors.length === 1);
    await clock.advance(50);
    await waitUntil('refused', () => errors.length === 2);
    expect(errors[1]).toContain('NOAUTH');
    await clock.advance(100);
    await waitUntil('connected', () => connected.length === 2);
  });

  test('at a reload the store goes to the address as it is now, without a failure', async () => {
    const { file, store, errors, connected } = await setUp();
    await store.reload();
    expect(connected).toHaveLength(1); // nothing has changed
    const other = await start();
    const told: (string | undefined)[] = [];
    store.watch((name) => told.push(name));
    await waitUntil('subscribed', () => told.length === 1);
    file.text = `redis://127.0.0.1:${other.port}`;
    await store.reload();
    expect(await store.read('a')).toBeUndefined();
    await waitUntil('subscribed there', () => told.length === 2);
    await command(file.text, 'PUBLISH', 'lark-jsapi-signer:changed', 'another b');
    await waitUntil('told', () => told.includes('b'));
    expect(errors).toEqual([]);
  });

  test.each([
    ['that cannot be read', 'nonsense', 'it is no Redis address'],
    [
      'with another prefix',
      'redis://127.0.0.1:1?prefix=x:',
      'another prefix than before, which needs a restart',
    ],
  ])('an address %s is not used, and warned of once', async (_, text, says) => {
    const { file, store, warnings } = await setUp();
    file.text = text;
    for (let n = 0; n < 2; n += 1) await store.reload();
    expect(await store.read('a')).toBe('text');
    expect(warnings).toEqual([expect.stringContaining(says)]);
  });

  test('a store that is closed stays closed', async () => {
    const { file, store } = await setUp();
    await store.close();
    file.text = `redis://127.0.0.1:${(await start()).port}`;
    await store.reload();
    await expect(store.read('a')).rejects.toThrow('was closed');
  });
});
