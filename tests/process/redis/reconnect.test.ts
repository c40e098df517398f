// What counts as a connection to Redis: one that has answered. Before that the pauses between attempts grow.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../support/fake-clock';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../support/loopback-certificate';
import { describeWith } from '../../support/needs-program';
import { RedisServer } from '../../support/redis-server';
import { RedisStores, type OpenedStore } from '../../support/redis-stores';
import { waitUntil } from '../../support/wait-until';

/** The pauses of a store that gets no connection, with the jitter at its least. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1600, 2500, 2500];

describeWith('redis-server', 'a connection to Redis', () => {
  const stores = new RedisStores();
  const servers: RedisServer[] = [];
  const proxies: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    await stores.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const proxy of proxies.splice(0)) proxy.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  async function start(...of: Parameters<typeof RedisServer.start>): Promise<RedisServer> {
    const started = await RedisServer.start(...of);
    servers.push(started);
    return started;
  }

  async function startProxy(serve: (socket: Socket) => void): Promise<number> {
    const proxy = createServer((socket) => serve(socket.on('error', () => undefined)));
    proxies.push(proxy.listen(0, '127.0.0.1'));
    await once(proxy, 'listening');
    return (proxy.address() as AddressInfo).port;
  }

  async function expectGrowingPauses(clock: FakeClock): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      await waitUntil(`a pause of ${pauseMs} ms`, () => clock.untilNextTimerMs === pauseMs);
      await clock.advance(pauseMs);
    }
    await waitUntil('the next pause', () => clock.untilNextTimerMs === 2500);
  }

  /** One line an attempt, all of which say the same. */
  function expectOneReason({ errors, connected }: OpenedStore, reason: RegExp): void {
    expect(errors).toHaveLength(PAUSES_MS.length + 1);
    for (const error of errors) expect(error).toMatch(reason);
    expect(connected).toEqual([]);
  }

  test('does not count behind a proxy that accepts and has no server: the pauses grow', async () => {
    const port = await startProxy((socket) => socket.end());
    const clock = new FakeClock();
    const opened = stores.open(`redis://127.0.0.1:${port}`, undefined, clock);
    await expectGrowingPauses(clock);
    expectOneReason(opened, /^connect: .*: nothing answered there: a proxy may have no server behind it/);
  });

  test('does not count at a server with maxclients connections: the pauses grow, and it says so', async () => {
    const { port } = await start({ args: ['--maxclients', '1'] });
    const only = connect(port, '127.0.0.1');
    sockets.push(only);
    only.write('PING\r\n');
    await once(only, 'data');
    const clock = new FakeClock();
    const opened = stores.open(`redis://127.0.0.1:${port}`, undefined, clock);
    await expectGrowingPauses(clock);
    expectOneReason(opened, /^connect: ERR max number of clients reached: raise the server's maxclients/);
  });

  describe('with TLS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
    const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    writeFileSync(tls.certFile, LOOPBACK_CERTIFICATE);
    writeFileSync(tls.keyFile, LOOPBACK_KEY);
    afterAll(() => rmSync(folder, { recursive: true }));
    const mutual = { tls, args: ['--tls-auth-clients', 'yes', '--tls-ca-cert-file', tls.certFile] };

    test.each(['TLSv1.2', 'TLSv1.3'])(
      'does not count at a server that wants a client certificate (%s): the pauses grow, and it says so',
      async (version) => {
        const { port } = await start({ ...mutual, args: [...mutual.args, '--tls-protocols', version] });
        const clock = new FakeClock();
        const opened = stores.open(`rediss://127.0.0.1:${port}`, LOOPBACK_CERTIFICATE, clock);
        await expectGrowingPauses(clock);
        // Of TLS 1.3 the server's refusal comes after the handshake, and may meet what we send.
        expectOneReason(
          opened,
          /^connect: (?:TLS: .*|(?:write|read) E[A-Z]+|Socket.*): .*client certificate/,
        );
      },
    );

    test('is made with the client certificate of the address, which is read for every connection', async () => {
      const server = await start(mutual);
      const own = { cert: join(folder, 'own.pem'), key: join(folder, 'own-key.pem') };
      const url = `rediss://127.0.0.1:${server.port}?cert=${own.cert}&key=${own.key}`;
      const clock = new FakeClock();
      const { store, errors } = stores.open(url, LOOPBACK_CERTIFICATE, clock);
      await waitUntil('a failure', () => errors.length === 1);
      expect(errors[0]).toMatch(/^connect: the file of \?cert= cannot be read \(ENOENT\): check its path/);
      writeFileSync(own.cert, LOOPBACK_CERTIFICATE);
      writeFileSync(own.key, LOOPBACK_KEY);
      await clock.advance(50);
      await waitUntil('connected', () =>
        store.read('a').then(
          () => true,
          () => false,
        ),
      );
    });

    test('is named a port without TLS, or with it, where the address says otherwise', async () => {
      const [plain, secure] = [await start(), await start({ tls })];
      const toSecure = stores.open(`redis://127.0.0.1:${secure.port}`);
      await waitUntil('refused', () => toSecure.errors.length > 0);
      expect(toSecure.errors[0]).toContain('a port with TLS needs rediss://');
      const clock = new FakeClock();
      const toPlain = stores.open(`rediss://127.0.0.1:${plain.port}`, LOOPBACK_CERTIFICATE, clock);
      await waitUntil('the limit of an attempt', () => clock.untilNextTimerMs === 5_000);
      await clock.advance(5_000);
      await waitUntil('given up', () => toPlain.errors.length > 0);
      expect(toPlain.errors[0]).toContain('a port without TLS does not answer either, and needs redis://');
    });
  });

  test('that answers and is closed again and again is made ever more slowly, until one has held for 5 s', async () => {
    const { port } = await start();
    const open = new Set<Socket>();
    const proxyPort = await startProxy((socket) => {
      const upstream = connect(port, '127.0.0.1').on('error', () => undefined);
      open.add(socket);
      socket.on('close', () => {
        open.delete(socket);
        upstream.destroy();
      });
      socket.pipe(upstream).pipe(socket);
    });
    const clock = new FakeClock();
    const { errors, connected } = stores.open(`redis://127.0.0.1:${proxyPort}`, undefined, clock);
    const closeConnection = async (): Promise<void> => {
      await waitUntil('a connection', () => clock.untilNextTimerMs === 30_000);
      for (const socket of open) socket.destroy();
    };
    for (const pauseMs of [50, 100, 200, 400]) {
      await closeConnection();
      await waitUntil(`a pause of ${pauseMs} ms`, () => clock.untilNextTimerMs === pauseMs);
      await clock.advance(pauseMs);
    }
    await waitUntil('a connection', () => clock.untilNextTimerMs === 30_000);
    expect(connected).toHaveLength(5);
    await clock.advance(5_000);
    for (const socket of open) socket.destroy();
    await waitUntil('the first pause', () => clock.untilNextTimerMs === 50);
    expect(errors).toHaveLength(5);
  });

  test('that gets a reply to no command is lost for that reason, in words', async () => {
    const waiting: Socket[] = [];
    const proxyPort = await startProxy((socket) => {
      waiting.push(socket);
      socket.on('data', (chunk) => {
        if (chunk.includes('PING')) socket.write('+PONG\r\n');
        if (chunk.includes('DEL')) socket.write(':0\r\n');
      });
    });
    const clock = new FakeClock();
    const { errors } = stores.open(`redis://127.0.0.1:${proxyPort}`, undefined, clock);
    await waitUntil('a connection', () => clock.untilNextTimerMs === 30_000);
    waiting[0]?.write('-ERR the proxy is tired\r\n');
    await waitUntil('lost', () => errors.length === 1);
    expect(errors).toEqual(['connect: Redis, or a proxy before it, sent a reply to no command']);
  });
});
