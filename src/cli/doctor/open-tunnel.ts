// A connection to a host and port, directly or through the tunnel of a proxy.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { trustedRoots } from '../../base/certificates';

/** Where to, and how. */
export interface TunnelOptions {
  host: string;
  port: number;
  /** The proxy's address, when there is one between. */
  proxy: string | undefined;
  /** Trusted in addition to the default roots, for a proxy on https. */
  caPem: string | undefined;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/** A proxy answered without opening the tunnel. */
export class ProxyRefusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the proxy answers HTTP ${status}`);
    this.status = status;
  }
}

/** Opens the connection. Rejects with the system's error, or with ProxyRefusal. */
export function openTunnel({ host, port, proxy, caPem, signal }: TunnelOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const give = (socket: Socket): void => {
      // The receiver adds its own listener; an error in between must not end the process.
      socket.on('error', () => undefined);
      if (signal.aborted) socket.destroy();
      else signal.addEventListener('abort', () => socket.destroy(), { once: true });
      resolve(socket);
    };
    if (proxy === undefined) {
      const socket = connect({ host, port, signal });
      socket.once('error', reject).once('connect', () => give(socket));
      return;
    }
    const { protocol, hostname, port: proxyPort, username, password } = new URL(proxy);
    const account = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const options = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(proxyPort) || (protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: {
        host: target,
        ...(username && { 'proxy-authorization': `Basic ${Buffer.from(account).toString('base64')}` }),
      },
      agent: false as const,
      signal,
    };
    const asking =
      protocol === 'https:'
        ? httpsRequest({ ...options, ...(caPem && { ca: trustedRoots(caPem) }) })
        : httpRequest(options);
    asking
      .once('error', reject)
      .once('connect', ({ statusCode = 0 }, socket: Socket) => {
        if (statusCode >= 200 && statusCode < 300) give(socket);
        else {
          socket.destroy();
          reject(new ProxyRefusal(statusCode));
        }
      })
      .once('response', ({ statusCode = 0 }) => {
        asking.destroy();
        reject(new ProxyRefusal(statusCode));
      })
      .end();
  });
}
