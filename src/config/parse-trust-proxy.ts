// TRUST_PROXY: which reverse proxies may report the client's address, in the forms of Express's `trust proxy`.
import { isIP } from 'node:net';
import { MAX_HOPS } from '../limits/client-network';
import { readFlag } from './variable-kinds';

/** Ranges that Express knows by name. */
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

const FORMS =
  'write false, the number of proxies in front of this service (1), or their addresses and subnets (loopback, 10.0.0.0/8)';

/**
 * The value for Express: `false`, a number of proxies, or a comma-separated list. Throws an `Error` that says what to write;
 * a bare `true` is refused, since it lets every client choose the address it is rate-limited as.
 */
export function parseTrustProxy(text: string): false | number | string {
  const flag = readFlag(text);
  if (flag === false || text === '0') return false;
  if (flag) {
    throw new Error(`"${text}" would trust any address a client writes into X-Forwarded-For: ${FORMS}`);
  }
  // More than there can be is an address with its dots forgotten.
  if (/^\d+$/.test(text) && Number(text) <= MAX_HOPS) return Number(text);

  const entries = text.split(',').map((entry) => entry.trim());
  const wrong = entries.filter((entry) => !NAMED_RANGES.includes(entry) && !isAddressOrSubnet(entry));
  if (wrong.length > 0)
    throw new Error(`not an address or subnet: ${wrong.map((entry) => `"${entry}"`).join(', ')}; ${FORMS}`);
  return entries.join(',');
}

function isAddressOrSubnet(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  // A prefix of 0 covers every address, which Express refuses too.
  return (
    prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}
