// What to do about a connection to Redis that cannot be made: the usual causes, by what the server or Node says.
import type { RedisAddress } from './parse-redis-url';

type Advice = string | ((address: RedisAddress) => string | undefined);

const CLOSED =
  'nothing answered there: a proxy may have no server behind it, and a port with TLS needs rediss://';

const PASSWORD = 'check the user and the password in the address';

// The first that matches. What explains itself, such as ECONNREFUSED, is not here.
const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [/^NOAUTH/, 'the address needs a password, as redis://user:password@host'],
  [
    /^(?:WRONGPASS|ERR invalid password)/,
    ({ master }) =>
      master === undefined
        ? PASSWORD
        : `${PASSWORD}, and add ?sentinel_password= if the sentinels have one of their own`,
  ],
  [/^ERR AUTH /, 'the server knows no password: remove it from the address'],
  [/^READONLY/, 'the server is a replica: name its master, or the sentinels that know it'],
  [/^ERR max number of clients/, "raise the server's maxclients, or close other connections"],
  [/^NOPERM .*select/i, 'allow +select, or use database 0'],
  [
    /^ERR SELECT is not allowed in cluster mode/,
    'a cluster has database 0 only: remove the number from the address',
  ],
  [
    /^CROSSSLOT/,
    'Redis runs as a cluster, and the keys must lie in one slot: add a prefix in braces to the address, as ?prefix={lark-jsapi-signer}:',
  ],
  [
    /certificate required|handshake failure|bad certificate|unknown ca|certificate unknown/,
    ({ certificate }) =>
      certificate
        ? 'the server does not accept the client certificate'
        : 'the server wants a client certificate: add ?cert=<PEM file>&key=<PEM file> to the address',
  ],
  [/self-signed|unable to (?:get|verify)/, 'add its authority to LARK_CA_FILE (caPem in the library)'],
  [/altnames/, 'name the server as its certificate does'],
  [/wrong version number/, 'this port speaks no TLS: write redis://, or name the port with TLS'],
  [
    /took over/,
    ({ tls }) =>
      tls ? 'check the address; a port without TLS does not answer either, and needs redis://' : undefined,
  ],
  [/Unknown RESP type|sent a reply to no command/, ({ tls }) => (tls ? undefined : CLOSED)],
  [
    /ECONNRESET|EPIPE|Socket closed/,
    ({ tls, certificate }) =>
      tls && !certificate
        ? 'if the server wants a client certificate, add ?cert= and &key= to the address'
        : CLOSED,
  ],
];

/** What to do about `message`, the failure of an attempt to connect to `address`; undefined where that is not known. */
export function adviceForConnecting(message: string, address: RedisAddress): string | undefined {
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return typeof advice === 'function' ? advice(address) : advice;
}
