// Hears, on a connection of its own, what other processes have written: one subscription for any number of watchers.
import { RedisConnection, type RedisConnectionOptions } from './redis-connection';
import { RedisFailure } from './redis-failure';

/** Told a name, or undefined when changes may have been missed. */
type Listener = (name: string | undefined) => void;

/** What a feed needs beside what a connection needs. */
export interface ChangeFeedOptions extends Omit<RedisConnectionOptions, 'prepare'> {
  channel: string;
  /** Marks messages of our own, which are passed over. No spaces. */
  instance: string;
  /** Called when the server does not let us subscribe; the feed then stays silent. */
  onRefused: () => void;
}

/** Connected while somebody watches. */
export interface ChangeFeed {
  /** Starts telling; the function it returns ends it. */
  watch(listener: Listener): () => void;
  close(): void;
}

/** What is published on the channel. */
export function changeMessage(instance: string, name: string): string {
  return `${instance} ${name}`;
}

/** Makes a feed; it connects with the first watcher. */
export function createChangeFeed({
  channel,
  instance,
  onRefused,
  ...connecting
}: ChangeFeedOptions): ChangeFeed {
  const listeners = new Set<Listener>();
  let connection: RedisConnection | undefined;

  function tell(name: string | undefined): void {
    for (const listener of listeners) listener(name);
  }

  function hear(message: string): void {
    const space = message.indexOf(' ');
    if (space > 0 && message.slice(0, space) !== instance) tell(message.slice(space + 1));
  }

  function connect(): RedisConnection {
    const connected: RedisConnection = new RedisConnection({
      ...connecting,
      async prepare(client) {
        try {
          await client.subscribe(channel, hear);
        } catch (error) {
          const failure = new RedisFailure(error);
          if (!failure.refused) throw failure;
          connected.close();
          onRefused();
          return;
        }
        // Nobody told us of what was written before this moment.
        tell(undefined);
      },
    });
    return connected;
  }

  function close(): void {
    listeners.clear();
    connection?.close();
    connection = undefined;
  }

  return {
    watch(onChange) {
      // A function of its own, so that the same one may watch twice.
      const listener: Listener = (name) => onChange(name);
      listeners.add(listener);
      connection ??= connect();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) close();
      };
    },
    close,
  };
}
