// Which commands of the store a Redis server refuses to its account: each is tried once, and changes nothing.
import { randomUUID } from 'node:crypto';
import { openClient } from './open-client';
import type { RedisAddress } from './parse-redis-url';
import { RedisFailure } from './redis-failure';
import { createTlsContexts } from './tls-contexts';

/** Where to try. */
export interface FindRefusedCommandsOptions {
  address: RedisAddress;
  caPem?: string | undefined;
  /** Ends the connection at whatever stage it is. */
  signal: AbortSignal;
}

/** In milliseconds: the key is deleted at once, unless DEL is refused. */
const PROBE_LIFE_MS = '1000';

/** Resolves with the names of the commands that are refused. Rejects when there is no connection, or one ends. */
export async function findRefusedCommands({
  address,
  caPem,
  signal,
}: FindRefusedCommandsOptions): Promise<string[]> {
  const { client } = await openClient({ address, tlsContexts: createTlsContexts(caPem), signal });
  const key = `${address.prefix}ticket:doctor ${randomUUID()}`;
  const channel = `${address.prefix}changed`;
  const attempts: [name: string, attempt: () => Promise<unknown>][] = [
    ...[
      ['PING'],
      ['GET', key],
      ['GETRANGE', key, '0', '0'],
      ['PTTL', key],
      ['SET', key, 'text', 'PX', PROBE_LIFE_MS],
      ['EVAL', 'return 1', '1', key],
      ['DEL', key],
      // Watchers pass over what names no ticket.
      ['PUBLISH', channel, 'doctor'],
    ].map((command): (typeof attempts)[number] => [command[0] ?? '', () => client.sendCommand(command)]),
    // The last: a connection that has subscribed takes few other commands.
    ['SUBSCRIBE', () => client.subscribe(channel, () => undefined)],
  ];
  const refused: string[] = [];
  try {
    for (const [name, attempt] of attempts) {
      try {
        await attempt();
      } catch (error) {
        const failure = new RedisFailure(error);
        if (failure.refused) refused.push(name);
        // A full memory or a replica is reported by a write of the store.
        else if (!failure.isReply) throw failure;
      }
    }
  } finally {
    client.destroy();
  }
  return refused;
}

/** The command that gives the account of `address` every right that the store uses, and no other. */
export function aclOf({ username = 'default', prefix, database }: RedisAddress): string {
  const commands = ['get', 'getrange', 'pttl', 'set', 'del', 'eval', 'publish', 'subscribe', 'ping'];
  if (database !== 0) commands.push('select');
  return `ACL SETUSER ${username} ~${prefix}* &${prefix}changed ${commands.map((name) => `+${name}`).join(' ')}`;
}
