// Events go to this machine only: their addresses come from control calls, which nothing but their origin keeps from the pages of a browser.
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';

/** Throws RangeError unless `url` is http or https, at `localhost` or a loopback address. */
export function requireLoopbackUrl(url: string): void {
  const { protocol = '', hostname = '' } = URL.canParse(url) ? new URL(url) : {};
  // The parser writes every form of an address in one way: 127.1 and 2130706433 are 127.0.0.1.
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  if (isLoopback && /^https?:$/.test(protocol)) return;
  throw new RangeError(
    `events are sent to this machine only: write an address as http://127.0.0.1:3000/events/<app>, not "${url}"`,
  );
}

/** Whatever the resolver would say of `localhost`. */
const lookUpLoopback: LookupFunction = (_name, { all }, callback) => {
  if (all)
    callback(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  else callback(null, '127.0.0.1', 4);
};

/** Connections by which a name leads to this machine. */
export function createLoopbackAgent(): Agent {
  return new Agent({ connect: { lookup: lookUpLoopback } });
}
