// One connection to the Redis server of an address, asked for at its sentinels, or at a node of its cluster, when there are any.
import { isIP } from 'node:net';
import type * as redis from 'redis';
import type { RedisAddress, RedisNode } from './parse-redis-url';
import { RedisFailure } from './redis-failure';
import type { TlsContexts } from './tls-contexts';

/** What opens a connection. */
export interface OpenClientOptions {
  address: RedisAddress;
  tlsContexts: TlsContexts;
  /** Destroys the connection at whatever stage it is. */
  signal: AbortSignal;
}

/** A connection that is ready. It never reconnects; its end is an `error` event. */
export type RedisClient = Awaited<ReturnType<typeof createClient>>;

/** A connection, and what keeps the server from writing, such as READONLY of a replica. */
export interface OpenedClient {
  client: RedisClient;
  writeFailure: RedisFailure | undefined;
}

/**
 * Opens a connection to the server that holds the keys, and resolves once it has answered a PING there: a proxy without a server,
 * or a server without room, accepts connections too. Rejects otherwise. There is no deadline in here: abort the signal.
 */
export async function openClient(options: OpenClientOptions): Promise<OpenedClient> {
  const { address } = options;
  const [first] = address.nodes;
  if (first === undefined) throw new Error('the Redis address names no host');
  const node = address.master === undefined ? first : await findMaster(address.master, options);
  const client = await connect(node, options);
  const failure = await tryToWrite(client, address.prefix);
  const holder = parseMoved(failure?.message ?? '', node.host);
  if (holder === undefined) return { client, writeFailure: failure };
  client.destroy();
  return { client: await connect(holder, options), writeFailure: undefined };
}

async function connect(node: RedisNode, options: OpenClientOptions): Promise<RedisClient> {
  const { address } = options;
  const client = await createClient(node, options, { ...account(address), database: address.database });
  await client.connect();
  try {
    await client.sendCommand(['PING']);
  } catch (error) {
    // An account without the right to PING is answered as well.
    if (new RedisFailure(error).refused) return client;
    client.destroy();
    throw error;
  }
  return client;
}

/**
 * Deletes two keys that never exist, and resolves with what the server says against writing. Rejects where the keys cannot be
 * kept: every node of a cluster refuses two keys in different slots.
 */
async function tryToWrite(client: RedisClient, prefix: string): Promise<RedisFailure | undefined> {
  try {
    await client.sendCommand(['DEL', `${prefix}slot:1`, `${prefix}slot:2`]);
  } catch (error) {
    const failure = new RedisFailure(error);
    if (/^(?:MOVED|READONLY|MISCONF|NOREPLICAS) /.test(failure.message)) return failure;
    // What else a server or a proxy has against this command says nothing of the others.
    if (failure.isReply && !/^(?:CROSSSLOT|CLUSTERDOWN) /.test(failure.message)) return undefined;
    client.destroy();
    throw error;
  }
  return undefined;
}

/** `MOVED <slot> <host>:<port>`: the node of the cluster that holds the keys; undefined for anything else. */
function parseMoved(message: string, asked: string): RedisNode | undefined {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(message) ?? [];
  if (host === undefined) return undefined;
  // Without a host it is another port of the one that was asked.
  return { host: host === '' ? asked : host, port: Number(port) };
}

/** Asks the sentinels all at once, so that a hanging sentinel delays no one; the first sentinel that knows the master decides. */
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
  as: Account = sentinelAccount(options.address),
): Promise<RedisNode> {
  const client = await createClient(sentinel, options, as);
  await client.connect();
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

function sentinelAccount({ sentinelPassword }: RedisAddress): Account {
  return sentinelPassword === undefined ? {} : { password: sentinelPassword.reveal() };
}

interface Account {
  username?: string;
  password?: string;
  database?: number;
}

function account({ username, password }: RedisAddress): Account {
  return { ...(username !== undefined && { username }), ...(password && { password: password.reveal() }) };
}

async function createClient(
  { host, port }: RedisNode,
  { address, tlsContexts, signal }: OpenClientOptions,
  as: Account,
) {
  const tls = address.tls && {
    tls: true as const,
    secureContext: await tlsContexts(address),
    // An address must not be sent as a server name; a name must be, for servers behind one shared address.
    ...(isIP(host) === 0 && { servername: host }),
  };
  // Loaded on first use: it takes 20 MB and a quarter of a second, which a service without Redis need not pay.
  // oxlint-disable-next-line typescript/no-require-imports
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
    socket: tls ? { ...socket, ...tls } : socket,
  });
  // An `error` event without a listener ends the process. The promises reject with the failure.
  client.on('error', () => undefined);
  return client;
}
