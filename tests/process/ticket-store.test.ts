// A store in Redis as an operator meets it: an outage in metrics and log, and a password that is changed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/needs-program';
import { RedisServer } from '../support/redis-server';
import { command } from '../support/redis-stores';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

// The first test makes the bundle, and machines that run tests are busy.
describeWith('redis-server', 'the ticket store of a running service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticket-store-'));
  const file = join(folder, 'ticket_store');
  const servers: RedisServer[] = [];
  let main: RunningProcess;
  afterEach(async () => {
    main.child.kill('SIGKILL');
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function startRedis(...of: Parameters<typeof RedisServer.start>): Promise<RedisServer> {
    const started = await RedisServer.start(...of);
    servers.push(started);
    return started;
  }

  /** Resolves with a function that reads a metric of the store. */
  async function run(store: Record<string, string>): Promise<(metric: string) => Promise<number>> {
    // Nothing listens on port 9: the app cannot sign, and the store is used all the same.
    const app = {
      LARK_APP_ID: 'cli_store00000001',
      LARK_APP_SECRET: 'secret',
      LARK_DOMAIN: 'http://127.0.0.1:9',
    };
    const ports = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' };
    main = runMain([], { ...app, ...ports, ALLOWED_ORIGINS: 'https://h5.example.com', ...store });
    const [, port] = await main.said(/"adminPort":(\d+),.*"msg":"listening"/);
    return async (metric) => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`lark_jsapi_store_${metric} `));
      return Number(line?.split(' ')[1]);
    };
  }

  const CONNECT = 'failures_total{operation="connect"}';
  const linesWith = (text: string): string[] =>
    main
      .stdout()
      .split('\n')
      .filter((line) => line.includes(text));

  test('an outage is counted attempt by attempt, shows in store_up, and is logged with its reason and its end', async () => {
    const redis = await startRedis();
    const read = await run({ TICKET_STORE: `redis://127.0.0.1:${redis.port}` });
    await waitUntil('up', async () => (await read('up')) === 1);
    expect(await read(CONNECT)).toBe(0);
    await redis.kill();
    await waitUntil('down', async () => (await read('up')) === 0);
    await waitUntil('five attempts', async () => (await read(CONNECT)) >= 5, 20_000);
    // "Socket closed" and "ECONNREFUSED", however many attempts.
    expect(linesWith('"operation":"connect"').length).toBeLessThanOrEqual(2);
    await redis.restart();
    await main.said(/"operation":"connect","goneSeconds":\d+,"msg":"the ticket store is connected again"/);
    await waitUntil('up again', async () => (await read('up')) === 1);
    expect(await main.end('SIGTERM')).toBe(0);
  });

  test('a new password in TICKET_STORE_FILE is found when the old one is refused', async () => {
    const redis = await startRedis({ args: ['--requirepass', 'old-password'] });
    const url = (password: string): string => `redis://:${password}@127.0.0.1:${redis.port}`;
    writeFileSync(file, `${url('old-password')}\n`);
    const read = await run({ TICKET_STORE_FILE: file });
    await waitUntil('up', async () => (await read('up')) === 1);
    await command(url('old-password'), 'CONFIG', 'SET', 'requirepass', 'new-password');
    await command(url('new-password'), 'CLIENT', 'KILL', 'TYPE', 'normal');
    await main.said(/"error":"WRONGPASS [^"]*: check the user and the password in the address"/);
    writeFileSync(file, `${url('new-password')}\n`);
    await main.said(/"operation":"connect","goneSeconds":\d+,"msg":"the ticket store is connected again"/);
    await waitUntil('up again', async () => (await read('up')) === 1);
    expect(main.stdout()).not.toMatch(/(?:old|new)-password/);
  });

  test('SIGHUP has TICKET_STORE_FILE read again, and ends nothing', async () => {
    const [before, after] = [await startRedis(), await startRedis()];
    const urlOf = ({ port }: RedisServer): string => `redis://127.0.0.1:${port}`;
    writeFileSync(file, urlOf(before));
    const read = await run({ TICKET_STORE_FILE: file });
    await waitUntil('up', async () => (await read('up')) === 1);
    writeFileSync(file, urlOf(after));
    main.child.kill('SIGHUP');
    await main.said(/"isChanged":true,"msg":"the address of the ticket store was read again"/);
    // Beside the one that asks: commands and announcements.
    const clients = async (server: RedisServer): Promise<number> =>
      String(await command(urlOf(server), 'CLIENT', 'LIST'))
        .trim()
        .split('\n').length - 1;
    await waitUntil('at the new server', async () => (await clients(after)) === 2);
    await waitUntil('gone from the old one', async () => (await clients(before)) === 0);
    expect([...linesWith('"operation":"connect"'), ...linesWith('"operation":"watch"')]).toEqual([]);
    expect(await main.end('SIGTERM')).toBe(0);
  });
});
