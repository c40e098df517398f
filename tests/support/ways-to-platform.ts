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
  close(): Promise<void>;
}

/** Forwards every request below `prefix` to `target`, and answers others with the page of a gateway. */
export function startForwarder(target: string, prefix = ''): Promise<Way> {
  const seen: string[] = [];
  return listen(createHttpServer(forward(target, prefix, seen)), 'http', seen);
}

/** The same on https, with the certificate of tests. */
export function startTlsForwarder(target: string): Promise<Way> {
  const seen: string[] = [];
  const server = createHttpsServer(
    { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE },
    forward(target, '', seen),
  );
  return listen(server, 'https', seen);
}

/** A proxy that opens tunnels: to the port in `names` for a host that is listed there, else to where it is asked to. */
export function startConnectProxy({
  names = {},
  refuseWith,
}: { names?: Record<string, number>; refuseWith?: number } = {}): Promise<Way> {
  const seen: string[] = [];
  const server = createHttpServer();
  server.on('connect', ({ url = '' }, client: Socket) => {
    seen.push(url);
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
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
  return listen(server, 'http', seen);
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
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    seen,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // Tunnels are no requests: the server does not know them any more.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
