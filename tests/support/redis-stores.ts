// Redis stores for one test, with what they said, and a client that looks over their shoulder.
import { createClient } from 'redis';
import { systemClock, type Clock } from '../../src/clock';
import { createRedisStore, type RedisStore } from '../../src/tickets/redis-store';

/** A store and what it told. */
export interface OpenedStore {
  store: RedisStore;
  warnings: string[];
  /** `operation: message`. */
  errors: string[];
}

/** Opens stores and closes them. */
export class RedisStores {
  readonly #opened: RedisStore[] = [];

  open(url: string, caPem?: string, clock: Clock = systemClock): OpenedStore {
    const warnings: string[] = [];
    const errors: string[] = [];
    const store = createRedisStore({
      url,
      caPem,
      clock,
      random: () => 0,
      onWarning: (message) => warnings.push(message),
      onError: (operation, error) => errors.push(`${operation}: ${error.message}`),
    });
    this.#opened.push(store);
    return { store, warnings, errors };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((store) => store.close()));
  }
}

/** Sends one command to the server at `url`, on a connection for it alone. */
export async function command(url: string, ...words: string[]): Promise<unknown> {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand(words);
  } finally {
    client.destroy();
  }
}
