// Redis stores for one test, with what they said, and a client that looks over their shoulder.
import { createClient } from 'redis';
import { systemClock, type Clock } from '../../src/base/clock';
import {
  createRedisStore,
  type RedisStore,
  type RedisStoreOptions,
} from '../../src/tickets/stores/redis/redis-store';

/** A store and what it told. */
export interface OpenedStore {
  store: RedisStore;
  warnings: string[];
  /** `operation: message`, of every failure that no caller waits for. */
  errors: string[];
  /** The operations of the connections that were made. */
  connected: string[];
}

/** Opens stores and closes them. */
export class RedisStores {
  readonly #opened: RedisStore[] = [];

  open(
    url: string,
    caPem?: string,
    clock: Clock = systemClock,
    more: Partial<RedisStoreOptions> = {},
  ): OpenedStore {
    const opened: Omit<OpenedStore, 'store'> = { warnings: [], errors: [], connected: [] };
    const store = createRedisStore({
      url,
      caPem,
      clock,
      random: () => 0,
      onWarning: (message) => opened.warnings.push(message),
      onEvent(event) {
        if (event.type === 'failed') opened.errors.push(`${event.operation}: ${event.error.message}`);
        if (event.type === 'connected') opened.connected.push(event.operation);
      },
      ...more,
    });
    this.#opened.push(store);
    return { store, ...opened };
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
