import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { createOpenPlatformClient } from '../../../src/open-platform/open-platform-client';
import { createTransport, type Transport, type TransportOptions } from '../../../src/open-platform/transport';
import { Secret } from '../../../src/base/secret';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../support/loopback-certificate';
import { ScriptedServer } from '../../support/scripted-server';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(options?: TransportOptions): Transport {
  const transport = createTransport(options);
  closing.push(() => transport.close());
  return transport;
}

async function listen(server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function scripted(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  closing.push(() => server.close());
  return server;
}

/** A platform on https that answers every request with `hello`. */
async function httpsPlatform(): Promise<string> {
  const server = createHttpsServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, (_, response) =>
    response.end('hello'),
  );
  const port = await listen(server);
  closing.push(() => (server.closeAllConnections(), server.close()));
  return `https://127.0.0.1:${port}`;
}

/** A proxy that opens the tunnels it is asked for, and remembers to where. */
async function tunnelProxy(): Promise<{ url: string; targets: string[]; server: Server }> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createHttpServer();
  server.on('connect', (request, client: Socket) => {
    targets.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()));
  });
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, targets, server };
}

describe('the network path to the platform', () => {
  it('keeps the connection for the next call', async () => {
    const server = await scripted();
    const ports: (number | undefined)[] = [];
    for (let n = 0; n < 2; n += 1)
      server.answer((request, response) => {
        ports.push(request.socket.remotePort);
        response.end('hello');
      });
    const { fetch } = open();
    await (await fetch(server.url)).text();
    await flushMicrotasks(); // undici takes a turn of the event loop to call a connection free
    await (await fetch(server.url)).text();
    expect(ports[0]).toBe(ports[1]);
  });

  it('trusts no certificate that it was not told of', async () => {
    const { fetch } = open();
    await expect(fetch(await httpsPlatform())).rejects.toMatchObject({
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });

  it('trusts the certificates it is given', async () => {
    const { fetch } = open({ caPem: `# our authority\n${LOOPBACK_CERTIFICATE}\n` });
    expect(await (await fetch(await httpsPlatform())).text()).toBe('hello');
  });

  it('refuses a CA file without a certificate, or with one that cannot be read', () => {
    expect(() => createTransport({ caPem: 'nothing' })).toThrow(/no PEM certificate/);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(() => createTransport({ caPem: broken })).toThrow();
  });

  it('goes through the https proxy, and trusts the given certificates there too', async () => {
    const platform = await httpsPlatform();
    const proxy = await tunnelProxy();
    const { fetch } = open({ caPem: LOOPBACK_CERTIFICATE, proxy: { httpsProxy: proxy.url } });
    expect(await (await fetch(platform)).text()).toBe('hello');
    expect(proxy.targets).toEqual([new URL(platform).host]);
  });

  it('goes through the http proxy to an address on http', async () => {
    const server = await scripted();
    server.answer({ text: 'hello' });
    const proxy = await tunnelProxy();
    const { fetch } = open({ proxy: { httpProxy: proxy.url } });
    expect(await (await fetch(server.url)).text()).toBe('hello');
    expect(proxy.targets).toEqual([new URL(server.url).host]);
  });

  it.each(['127.0.0.1', '*', 'example.com, 127.0.0.1'])(
    'goes past the proxy to what noProxy names (%s)',
    async (noProxy) => {
      const server = await scripted();
      server.answer({ text: 'hello' });
      const proxy = await tunnelProxy();
      const { fetch } = open({ proxy: { httpProxy: proxy.url, noProxy } });
      expect(await (await fetch(server.url)).text()).toBe('hello');
      expect(proxy.targets).toEqual([]);
    },
  );

  it('does not read the environment by itself', async () => {
    const proxy = await tunnelProxy();
    const env = jest.replaceProperty(process, 'env', { HTTP_PROXY: proxy.url, http_proxy: proxy.url });
    closing.push(() => env.restore());
    const server = await scripted();
    server.answer({ text: 'hello' });
    expect(await (await open().fetch(server.url)).text()).toBe('hello');
    expect(proxy.targets).toEqual([]);
  });

  it('names the status with which a proxy refuses the tunnel', async () => {
    const proxy = createHttpServer();
    proxy.on('connect', (_, client: Socket) =>
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const port = await listen(proxy);
    closing.push(() => (proxy.closeAllConnections(), proxy.close()));
    const { fetch } = open({ proxy: { httpsProxy: `http://127.0.0.1:${port}` } });
    const client = createOpenPlatformClient({
      baseUrl: 'https://platform.invalid',
      fetch,
      clock: new FakeClock(),
    });
    await expect(client.probe()).rejects.toMatchObject({
      reason: 'connection',
      message: expect.stringContaining('(the proxy answers HTTP 407)'),
      advice: expect.stringMatching(/wants a user name and password.*HTTPS_PROXY/),
    });
  });

  it('does not let a proxy that never answers hold a call beyond its deadline', async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => sockets.push(socket));
    const connected = once(silent, 'connection');
    const port = await listen(silent);
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const clock = new FakeClock();
    const { fetch } = open({ proxy: { httpsProxy: `http://127.0.0.1:${port}` } });
    const client = createOpenPlatformClient({ baseUrl: 'https://platform.invalid', fetch, clock });
    const failure = expect(client.jsapiTicket(new Secret('t-1'))).rejects.toMatchObject({
      reason: 'timeout',
    });
    await connected;
    await clock.advance(5_000);
    await failure;
  });

  it('tells a certificate that is not trusted as a failure of tls', async () => {
    const { fetch } = open();
    const client = createOpenPlatformClient({
      baseUrl: await httpsPlatform(),
      fetch,
      clock: new FakeClock(),
    });
    await expect(client.probe()).rejects.toMatchObject({ reason: 'tls' });
  });

  it('ends open calls when it is closed', async () => {
    const server = await scripted();
    server.answer(() => undefined);
    const transport = createTransport();
    const asked = server.nextRequest();
    const call = expect(transport.fetch(server.url)).rejects.toThrow();
    await asked;
    await transport.close();
    await call;
  });
});
