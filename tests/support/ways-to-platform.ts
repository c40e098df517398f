// What may stand between a service and its platform: a forwarder under a path, a proxy with tunnels, a certificate of one's own.
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  request as sendRequest,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-certificate';

/** Something that listens on the loopback address. */
export interface Way {
  readonly url: string;
  readonly port: number;
  /** What came by: paths of requests, or `host:port` of tunnels. */
  readonly seen: string[];
  /** Ends every connection at once; new ones are welcome. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy that opens tunnels. */
export interface ConnectProxy extends Way {
  /** From now on: `well`, `silent` (takes the request for a tunnel and never answers), or refuses with that status. */
  behave(how: 'well' | 'silent' | number): void;
}

/** Forwards every request below `prefix` to `target`, and answers others with the page of a gateway. */
export function startForwarder(target: string, prefix = ''): Promise<Way> {
  const seen: string[] = [];
  return listen(createHttpServer(forward(target, prefix, seen)), 'http', seen);
}

/** A forwarder on https. */
export interface TlsForwarder extends Way {
  /** Shows another certificate from now on; open connections are cut. */
  present(certificate: { key: string; cert: string }): void;
}

/** The same on https, with the certificate of tests. */
export async function startTlsForwarder(target: string): Promise<TlsForwarder> {
  const seen: string[] = [];
  const server = createHttpsServer(
    { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE },
    forward(target, '', seen),
  );
  const way = await listen(server, 'https', seen);
  return {
    ...way,
    present(certificate) {
      server.setSecureContext(certificate);
      way.cut();
    },
  };
}

/** A proxy that opens tunnels: to the port in `names` for a host that is listed there, else to where it is asked to. */
export async function startConnectProxy({
  names = {},
  refuseWith,
}: { names?: Record<string, number>; refuseWith?: number } = {}): Promise<ConnectProxy> {
  const seen: string[] = [];
  let manner: Parameters<ConnectProxy['behave']>[0] = refuseWith ?? 'well';
  const server = createHttpServer();
  server.on('connect', ({ url = '' }, client: Socket) => {
    seen.push(url);
    if (manner !== 'well') {
      client.on('error', () => undefined);
      if (manner !== 'silent') client.end(`HTTP/1.1 ${manner} No\r\n\r\n`);
      return;
    }
    const [, host = '', port] = /^(.*):(\d+)$/.exec(url) ?? [];
    const upstream = connect(names[host] ?? Number(port), names[host] ? '127.0.0.1' : host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  const way = await listen(server, 'http', seen);
  return {
    ...way,
    behave(how) {
      manner = how;
      way.cut();
    },
  };
}

function forward(target: string, prefix: string, seen: string[]): RequestListener {
  return (request, response) => {
    const { url = '', method, headers } = request;
    seen.push(url);
    if (!url.startsWith(prefix)) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>No such service</h1>');
      return;
    }
    const onward = sendRequest(
      target + url.slice(prefix.length),
      { method, headers, agent: false },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
}

async function listen(server: Server, scheme: string, seen: string[]): Promise<Way> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Tunnels are no requests: the server does not know them any more.
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    seen,
    cut,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
