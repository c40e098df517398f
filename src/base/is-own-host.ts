// Whether a request's `Host` names the server that was meant. A page of the attacker's whose name is made to lead to this machine (DNS
// rebinding) is of one origin with what it then asks; its name is all that gives it away.
import { isIP } from 'node:net';

/** `127.0.0.1`, `[::1]:9464`, `[fe80::1%25eth0]`, `signer.internal.:9464`; `%25` begins the name of an interface. */
const HOST = /^(?:\[([\da-f:.]+(?:%[\w.~-]+)?)\]|([^:[\]]*))(?::\d{1,5})?$/i;

/**
 * Whether `host`, the value of the header, is an IP address, `localhost` or one of `names`; `names` are in lower case, without a
 * final dot. No name leads to an address in the header, so any address will do: that of a proxy or a published port as well
 * as the machine's own. True without the header, which HTTP/1.0 may leave out and no browser does.
 *
 * @example isOwnHost('signer.internal:9464', ['signer.internal']) // true
 */
export function isOwnHost(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return true;
  const [, address, written] = HOST.exec(host) ?? [];
  const name = (address ?? written ?? '').toLowerCase().replace(/\.$/, '');
  return isIP(name) !== 0 || name === 'localhost' || names.includes(name);
}
