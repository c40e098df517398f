// Maps an address to the network it is counted as: rotating IPv6 addresses, or a port in the text, gains nothing.
import { isIPv6 } from 'node:net';

/**
 * The client under which every text that is no IP address is counted, and every client that reset its connection before it was
 * accepted: its request is still read, but the system no longer reports its address.
 */
export const UNKNOWN_CLIENT = 'unknown';

/**
 * Proxies that a request may have passed, and entries of `X-Forwarded-For` that are read, empty ones too. Two or three are
 * usual; behind 20 there is no client, only a header that was made up: 47 KB of `::1,` took 65 ms.
 */
export const MAX_HOPS = 20;

const MAPPED = '::ffff:';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Four groups of an IPv6 address as a kernel writes it, none left out. The first is not 0, as in an IPv4 address that was mapped. */
const FIRST_GROUPS = /^[1-9a-f][\da-f]{0,3}(?::(?:0|[1-9a-f][\da-f]{0,3})){3}(?=:)/;

/** `1.2.3.4:80`, `[::1]:80` and `[::1]`: Azure and IIS write the port of the connection too. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d*)?$/;

/**
 * The key that a client is counted under: of an IPv6 address its /64, since one subscriber has at least that; of an IPv4
 * address the address, also where a dual-stack socket writes it as IPv6. A port is left out. `unknown` for a text that is
 * no IP address.
 *
 * @example clientNetwork('2001:db8::1') // '2001:db8:0:0'
 */
export function clientNetwork(address: string): string {
  // Nearly all addresses end here; the rest costs two microseconds more.
  const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (IPV4.test(plain)) return plain;
  return FIRST_GROUPS.exec(address)?.[0] ?? networkOf(withoutPort(address));
}

/** The /48 around an IPv6 network of `clientNetwork`, which one customer of a provider may have whole; every other network itself. */
export function siteOf(network: string): string {
  return network.includes(':') ? network.slice(0, network.lastIndexOf(':')) : network;
}

/** An address without port and brackets, as in `1.2.3.4:80` and `[::1]:80`. Other texts stay as they are, without spaces around them. */
export function withoutPort(text: string): string {
  const trimmed = text.trim();
  const [, bracketed, ipv4] = WITH_PORT.exec(trimmed) ?? [];
  return bracketed ?? ipv4 ?? trimmed;
}

function networkOf(address: string): string {
  if (IPV4.test(address)) return address;
  if (!isIPv6(address)) return UNKNOWN_CLIENT;
  // The URL parser writes all forms of an address in one way; it knows no zone (`%eth0`).
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const groups = groupsOf(head);
  const after = groupsOf(tail);
  // An address has eight groups; `::` replaces the missing groups, all of them zero.
  while (groups.length + after.length < 8) groups.push('0');
  groups.push(...after);
  // The first six groups of ::ffff:192.0.2.1, an IPv4 address.
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return groups.slice(6).flatMap(bytesOf).join('.');
  // Four groups of 16 bits are 64.
  return groups.slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** The two bytes of a group of four hexadecimal digits. */
function bytesOf(group: string): number[] {
  const value = parseInt(group, 16);
  return [value >> 8, value & 255];
}
