// One connection to the Redis server of an address, asked for at its sentinels when there are any.
import { isIP } from 'node:net';
import type * as redis from 'redis';
import { trustedRoots } from '../../trusted-roots';
import type { RedisAddress, RedisNode } from './parse-redis-url';

/** What opens a connection. */
export interface OpenClientOptions {
  address: RedisAddress;
  /** PEM certificates to trust beside the default roots. */
  caPem?: string | undefined;
  /** Destroys the connection at whatever stage it is. */
  signal: AbortSignal;
}

/** A connection that is ready. It never reconnects; its end is an `error` event. */
export type RedisClient = ReturnType<typeof createClient>;

/** Opens a connection, or rejects. There is no deadline in here: abort the signal. */
export async function openClient(options: OpenClientOptions): Promise<RedisClient> {
  const { address } = options;
  const [first] = address.nodes;
  if (first === undefined) throw new Error('the Redis address names no host');
  return connect(address.master === undefined ? first : await findMaster(address.master, options), options);
}

async function connect(node: RedisNode, options: OpenClientOptions): Promise<RedisClient> {
  const { address } = options;
  return ready(createClient(node, options, { ...account(address), database: address.database }));
}

/** Asks the sentinels all at once, so that one that hangs holds up nobody; the first that knows the master decides. */
async function findMaster(master: string, options: OpenClientOptions): Promise<RedisNode> {
  const done = new AbortController();
  const asking = { ...options, signal: AbortSignal.any([options.signal, done.signal]) };
  try {
    return await Promise.any(options.address.nodes.map((sentinel) => askSentinel(sentinel, master, asking)));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    done.abort();
  }
}

async function askSentinel(
  sentinel: RedisNode,
  master: string,
  options: OpenClientOptions,
  as: Account = {},
): Promise<RedisNode> {
  const client = await ready(createClient(sentinel, options, as));
  try {
    const reply = await client.sendCommand(['SENTINEL', 'get-master-addr-by-name', master]);
    const [host, port] = Array.isArray(reply) ? reply.map(String) : [];
    if (host === undefined) throw new Error('the sentinel knows no master of that name');
    return { host, port: Number(port) };
  } catch (error) {
    // Few sentinels want a password, and those that do mostly the server's. One that wants none refuses it.
    const wantsPassword = error instanceof Error && error.message.startsWith('NOAUTH');
    if (!wantsPassword || as.password !== undefined || options.address.password === undefined) throw error;
    return await askSentinel(sentinel, master, options, account(options.address));
  } finally {
    client.destroy();
  }
}

interface Account {
  username?: string;
  password?: string;
  database?: number;
}

function account({ username, password }: RedisAddress): Account {
  return { ...(username !== undefined && { username }), ...(password && { password: password.reveal() }) };
}

async function ready(client: RedisClient): Promise<RedisClient> {
  await client.connect();
  return client;
}

function createClient({ host, port }: RedisNode, { address, caPem, signal }: OpenClientOptions, as: Account) {
  // Loaded on first use: it takes 20 MB and a quarter of a second, which a service without Redis need not pay.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createClient: create } = require('redis') as typeof redis;
  const socket = {
    host,
    port,
    signal,
    // Its own strategy sleeps on a timer that outlives the client, and knows neither our clock nor the sentinels.
    reconnectStrategy: false as const,
  };
  const client = create({
    ...as,
    // The older protocol: servers before 6 and many proxies know no other, and nothing here needs more.
    RESP: 2,
    maintNotifications: 'disabled',
    disableClientInfo: true,
    disableOfflineQueue: true,
    // Its own limit of 5 s holds only until a command is sent; the connection has one that holds.
    commandOptions: { timeout: 0 },
    socket: address.tls ? { ...socket, ...tlsOptions(host, caPem) } : socket,
  });
  // An `error` event without a listener ends the process. The promises tell what went wrong.
  client.on('error', () => undefined);
  return client;
}

function tlsOptions(host: string, caPem: string | undefined) {
  return {
    tls: true as const,
    // An address must not be sent as a server name; a name must be, for servers behind one shared address.
    ...(isIP(host) === 0 && { servername: host }),
    ...(caPem !== undefined && { ca: trustedRoots(caPem) }),
  };
}
