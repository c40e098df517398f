// `TICKET_STORE`: where tickets are kept.
import type { Secret } from '../base/secret';
import type { TicketStoreSetting } from '../tickets/stores/create-ticket-store';
import { parseRedisUrl } from '../tickets/stores/redis/parse-redis-url';

/**
 * Reads `memory`, `file:<path>` or the address of a Redis server, read from `file`. Throws an `Error` that says what to
 * write.
 */
export function parseTicketStore(setting: Secret, file?: string): TicketStoreSetting {
  const text = setting.reveal();
  if (text === 'memory') return { kind: 'memory' };
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length);
    // "file:///data/tickets" is how a URL would write it.
    if (path === '' || path.startsWith('//'))
      throw new Error('write file: and a path, as file:/data/tickets.json');
    return { kind: 'file', path };
  }
  if (!/^rediss?(\+sentinel)?:\/\//.test(text)) {
    throw new Error('is not one of memory, file:<path>, redis://… and rediss://…');
  }
  return { kind: 'redis', address: parseRedisUrl(text), ...(file !== undefined && { file }) };
}

/** The setting for the start log, without a password. */
export function describeTicketStore(setting: TicketStoreSetting): string {
  if (setting.kind === 'memory') return 'memory';
  if (setting.kind === 'file') return `file:${setting.path}`;
  const { nodes, master, database, tls } = setting.address;
  const hosts = nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  return `${tls ? 'rediss' : 'redis'}${master === undefined ? '' : '+sentinel'}://${hosts}/${master === undefined ? '' : `${master}/`}${database}`;
}
