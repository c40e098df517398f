// The address of a client, as `TRUST_PROXY` has it, at no cost while no proxy is trusted.
import type { Socket } from 'node:net';
import type { Request } from 'express';
import { MAX_HOPS, UNKNOWN_CLIENT, withoutPort } from '../limits/client-network';

/** The address of the client that sent a request, without a port; `UNKNOWN_CLIENT` where the connection has none. */
export type ClientAddress = (request: Pick<Request, 'headers' | 'socket'>) => string;

/** The address of the other end of `socket`, or `UNKNOWN_CLIENT`. */
export function addressOf(socket: Pick<Socket, 'remoteAddress'>): string {
  return socket.remoteAddress ?? UNKNOWN_CLIENT;
}

/** Whether `X-Forwarded-For` is trusted from `address`, the `hop`-th towards the client; the connection itself is hop 0. */
export type Trusts = (address: string, hop: number) => boolean;

/**
 * Without `trusts` the client is the other end of the connection. `X-Forwarded-For` is only looked for then, and
 * `onUnbelieved` called at the first one, since behind a proxy that is not trusted all clients look like one.
 *
 * With it the client is the last address of `X-Forwarded-For` that is not trusted. Express finds the same, but takes an
 * address that a proxy writes with a port, as Azure and IIS do, for an untrusted one; and it reads the whole header
 * where the end of it suffices.
 */
export function createClientAddress(parts: {
  trusts: Trusts | undefined;
  onUnbelieved: () => void;
}): ClientAddress {
  const { trusts, onUnbelieved } = parts;
  if (trusts) return ({ headers, socket }) => findClient(addressOf(socket), headers, trusts);
  let told = false;

  return function addressOfConnection({ headers, socket }) {
    if (!told && headers['x-forwarded-for'] !== undefined) {
      told = true;
      onUnbelieved();
    }
    return addressOf(socket);
  };
}

/** Behind `MAX_HOPS` trusted addresses the last of them is the client: made-up entries are counted as few clients. */
function findClient(connection: string, headers: Request['headers'], trusts: Trusts): string {
  const forwarded = headers['x-forwarded-for'];
  if (typeof forwarded !== 'string') return connection;
  let address = connection;
  let end = forwarded.length;
  let hop = 0;
  for (let entries = 0; entries < MAX_HOPS && end > 0 && trusts(address, hop); entries++) {
    const start = forwarded.lastIndexOf(',', end - 1) + 1;
    const entry = withoutPort(forwarded.slice(start, end));
    end = start - 1;
    // No proxy writes an empty entry.
    if (entry === '') continue;
    address = entry;
    hop += 1;
  }
  return address;
}
