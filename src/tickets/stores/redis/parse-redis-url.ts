// The address of Redis: one server, or sentinels that know the server; user and password; database and key prefix.
import { Secret } from '../../../base/secret';

/** A listening machine. An IPv6 address is without brackets. */
export interface RedisNode {
  host: string;
  port: number;
}

/** Where the tickets are kept, as read from a URL. */
export interface RedisAddress {
  /** What it was read from. */
  url: Secret;
  /** The server; or, when `master` is set, the sentinels to ask for it. */
  nodes: readonly RedisNode[];
  /** The name under which the sentinels know the server. */
  master?: string;
  tls: boolean;
  /** Absent: the server's default user. */
  username?: string;
  password?: Secret;
  /** What the sentinels want, where it is not the server's password. */
  sentinelPassword?: Secret;
  /** Paths of PEM files, for a server that wants to know by certificate who we are. */
  certificate?: { certFile: string; keyFile: string };
  /** The number of the database, 0 by default. */
  database: number;
  /** What every key and the channel begin with. */
  prefix: string;
}

const DEFAULT_PREFIX = 'lark-jsapi-signer:';
/** The ports that Redis and its sentinels listen on by default. */
const SERVER_PORT = 6_379;
const SENTINEL_PORT = 26_379;
const HIGHEST_PORT = 65_535; // 16 bits

const FORM =
  'write redis://[user:password@]host[:port][/database], rediss:// for TLS, ' +
  'or redis+sentinel://[user:password@]host[:port],host[:port]/master[/database]; ?prefix= may follow';
const PARAMETERS = ['prefix', 'cert', 'key', 'sentinel_password'];

// Not `new URL`, which refuses several hosts with ports. Scheme, user and password, hosts, path, query.
const PARTS = /^(rediss?)(\+sentinel)?:\/\/(?:([^/?#]*)@)?([^@/?#]*)(\/[^@?#]*)?(\?[^@#]*)?$/;
const NODE = /^(?:\[([\da-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i;

/**
 * Reads `redis://`, `rediss://`, `redis+sentinel://` and `rediss+sentinel://`. User and password are those of the Redis
 * server. Throws an `Error` that says what to write and repeats nothing of `url`: any part of it may be a password.
 *
 * @example parseRedisUrl('redis://:secret@cache.internal:6380/2?prefix=signer:')
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parts = PARTS.exec(url);
  if (!parts) {
    const unescaped = url.slice(url.indexOf('://') + 3).includes('@');
    throw new Error(
      unescaped
        ? 'the address cannot be read: write @ only after the password, and in it / as %2F, ? as %3F, # as %23'
        : `it is no Redis address: ${FORM}`,
    );
  }
  const [, scheme, sentinel, userInfo, hosts = '', path = '', query = ''] = parts;
  const segments = path.split('/').slice(1).map(decode);
  const master = sentinel === undefined ? undefined : segments.shift();
  if (master === '' || (sentinel !== undefined && master === undefined))
    throw new Error(`the name of the master is missing: ${FORM}`);
  const nodes = hosts
    .split(',')
    .map((host) => parseNode(host, master === undefined ? SERVER_PORT : SENTINEL_PORT));
  if (nodes.length > 1 && master === undefined)
    throw new Error('several hosts need redis+sentinel:// and the name of their master; otherwise name one');
  return {
    url: new Secret(url),
    nodes,
    ...(master !== undefined && { master }),
    tls: scheme === 'rediss',
    ...parseUserInfo(userInfo),
    database: parseDatabase(segments),
    ...parseQuery(query, { tls: scheme === 'rediss', sentinels: master !== undefined }),
  };
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const [, ipv6, name, digits] = NODE.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port === 0 || port > HIGHEST_PORT)
    throw new Error(`the host or its port cannot be read: ${FORM}; write an IPv6 address in [ ]`);
  return { host, port };
}

function parseUserInfo(userInfo = ''): Pick<RedisAddress, 'username' | 'password'> {
  if (userInfo === '') return {};
  const colon = userInfo.indexOf(':');
  if (colon < 0)
    throw new Error('there is a user without a password: write user:password@, or :password@ without a user');
  const username = decode(userInfo.slice(0, colon));
  const password = new Secret(decode(userInfo.slice(colon + 1)));
  return { ...(username !== '' && { username }), password };
}

function parseDatabase([digits = '', ...more]: string[]): number {
  if (more.length > 0 || !/^\d{0,5}$/.test(digits))
    throw new Error(`the database must be one number, 0 when it is left out: ${FORM}`);
  return Number(digits);
}

function parseQuery(
  query: string,
  { tls, sentinels }: { tls: boolean; sentinels: boolean },
): Pick<RedisAddress, 'prefix' | 'certificate' | 'sentinelPassword'> {
  // A + is a plus here, as it is before the host.
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
  const values = new Map(parameters);
  if (parameters.size > values.size || [...values.keys()].some((name) => !PARAMETERS.includes(name)))
    throw new Error(
      'the query parameters are ?prefix=, ?cert= with &key=, and ?sentinel_password=, each given once',
    );
  const certFile = values.get('cert');
  const keyFile = values.get('key');
  const sentinelPassword = values.get('sentinel_password');
  if (!certFile !== !keyFile)
    throw new Error('a client certificate needs both files: write ?cert=<PEM file>&key=<PEM file>');
  if (certFile && !tls) throw new Error('a client certificate needs TLS: write rediss://');
  if (sentinelPassword && !sentinels)
    throw new Error(
      'sentinel_password is for sentinels: write redis+sentinel://, or the password before the host',
    );
  return {
    prefix: values.get('prefix') ?? DEFAULT_PREFIX,
    ...(certFile && keyFile && { certificate: { certFile, keyFile } }),
    ...(sentinelPassword && { sentinelPassword: new Secret(sentinelPassword) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('the address has an invalid percent escape: write % itself as %25');
  }
}
