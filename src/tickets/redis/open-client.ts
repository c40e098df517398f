// One connection to the Redis server of an address, asked for at its sentinels when there are any.
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type * as redis from 'redis';
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
  const { username, password, database } = options.address;
  const client = createClient(node, options, {
    ...(username !== undefined && { username }),
    ...(password && { password: password.reveal() }),
    database,
  });
  return ready(client);
}

/** Asks one sentinel after another; the first that knows the master decides. */
async function findMaster(master: string, options: OpenClientOptions): Promise<RedisNode> {
  let failure: unknown;
  for (const sentinel of options.address.nodes) {
    try {
      const found = await askSentinel(sentinel, master, options);
      if (found) return found;
      failure = new Error('the sentinels know no master of this name');
    } catch (error) {
      if (options.signal.aborted) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function askSentinel(
  sentinel: RedisNode,
  master: string,
  options: OpenClientOptions,
): Promise<RedisNode | undefined> {
  const client = await ready(createClient(sentinel, options));
  try {
    const reply = await client.sendCommand(['SENTINEL', 'get-master-addr-by-name', master]);
    const [host, port] = Array.isArray(reply) ? reply.map(String) : [];
    return host === undefined ? undefined : { host, port: Number(port) };
  } finally {
    client.destroy();
  }
}

async function ready(client: RedisClient): Promise<RedisClient> {
  await client.connect();
  return client;
}

function createClient(
  { host, port }: RedisNode,
  { address, caPem, signal }: OpenClientOptions,
  account: { username?: string; password?: string; database?: number } = {},
) {
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
    ...account,
    // The older protocol: servers before 6 and many proxies know no other, and nothing here needs more.
    RESP: 2,
    maintNotifications: 'disabled',
    disableClientInfo: true,
    disableOfflineQueue: true,
    socket: address.tls ? { ...socket, ...tlsOptions(host, caPem) } : socket,
  });
  // An `error` event without a listener ends the process. The promises tell what went wrong.
  client.on('error', () => undefined);
  return client;
}

function tlsOptions(host: string, caPem: string | undefined) {
  // From Node 22.15 on the defaults include NODE_EXTRA_CA_CERTS; before, only the bundled roots can be read.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  const roots = getCACertificates?.('default') ?? tls.rootCertificates;
  return {
    tls: true as const,
    // An address must not be sent as a server name; a name must be, for servers behind one shared address.
    ...(isIP(host) === 0 && { servername: host }),
    // `ca` replaces the default roots, so they are listed too.
    ...(caPem !== undefined && { ca: [...roots, caPem] }),
  };
}
