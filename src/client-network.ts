// Whom requests of an address are counted for: nobody gets more by taking another address of those that are his.

/** The longest text of an IP address (RFC 4291 with a mapped IPv4 address); a proxy may hand on anything. */
const MAX_LENGTH = 45;

/** Four groups of an IPv6 address, none of them left out. */
const FIRST_GROUPS = /^(?:[\da-f]{1,4}:){3}[\da-f]{1,4}(?=:)/i;

/**
 * What a client is counted under. An IPv6 client by its /64: that is what one subscriber is given at least, who can take
 * a new address out of it for every request. An IPv4 client by its address, also where a dual-stack socket writes it
 * as IPv6.
 *
 * @example clientNetwork('2001:db8::1') // '2001:db8:0:0'
 */
export function clientNetwork(address: string): string {
  if (!address.includes(':')) return address.slice(0, MAX_LENGTH);
  if (address.startsWith('::ffff:') && address.includes('.'))
    return address.slice('::ffff:'.length, MAX_LENGTH);
  // Nearly all write their first four groups out; the rest costs two microseconds more.
  const written = FIRST_GROUPS.exec(address);
  if (written) return written[0];
  const [head = '', tail] = address.slice(0, MAX_LENGTH).split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    // An address has eight groups; `::` stands for those that are missing, all of them zero.
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  // Four groups of 16 bits are 64.
  return groups.slice(0, 4).join(':');
}
