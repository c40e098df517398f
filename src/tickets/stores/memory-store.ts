// The store of a single process: node-cache as plain storage, without an expiry of its own.
import NodeCache from 'node-cache';
import type { TicketStore } from '../ticket-store';

/**
 * A store that lives and dies with its process. Signers that share one share their tickets.
 *
 * The reader judges freshness; node-cache's own expiry and its timer stay off, so that only one place decides.
 */
export function createMemoryStore(): TicketStore {
  const cache = new NodeCache({ stdTTL: 0, checkperiod: 0, useClones: false });
  // node-cache keeps its values in a plain object, which has names of its own, such as `toString`.
  const keyOf = (name: string): string => `ticket:${name}`;
  return {
    read: (name) => Promise.resolve(cache.get<string>(keyOf(name))),
    write(name, text, { replacing }) {
      if (cache.get<string>(keyOf(name)) !== replacing) return Promise.resolve(false);
      return Promise.resolve(cache.set(keyOf(name), text));
    },
    close() {
      cache.close();
      return Promise.resolve();
    },
  };
}
