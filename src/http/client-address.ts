// The address of a client, as `TRUST_PROXY` has it, at no cost while no proxy is trusted.
import type { Request } from 'express';

/** The address of whoever sent a request; undefined when its connection has ended. */
export type ClientAddress = (request: Pick<Request, 'headers' | 'ip' | 'socket'>) => string | undefined;

/**
 * With `trustProxy: false` the client is whoever connects. Express would say the same after it has parsed
 * `X-Forwarded-For`; here a header that is not believed is only looked for, and the first one is told to
 * `onUnbelieved`, since behind a proxy that is not trusted all clients look like one.
 */
export function createClientAddress(parts: { trustProxy: unknown; onUnbelieved: () => void }): ClientAddress {
  if (parts.trustProxy !== false) return ({ ip }) => ip;
  let told = false;

  return function addressOfConnection({ headers, socket }) {
    if (!told && headers['x-forwarded-for'] !== undefined) {
      told = true;
      parts.onUnbelieved();
    }
    return socket.remoteAddress;
  };
}
