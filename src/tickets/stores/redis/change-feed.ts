// Receives, on a separate connection, the changes of other processes: one subscription for any number of watchers.
import type { Timer } from '../../../base/clock';
import { RedisConnection, type RedisConnectionOptions } from './redis-connection';
import { RedisFailure } from './redis-failure';

/** Far beyond any fleet: a thousand tickets that are all renewed within an hour are announced every four seconds. */
const MAX_MESSAGES_PER_SECOND = 1_000;
const SECOND_MS = 1_000;
/**
 * After a flood, or where the server does not let us subscribe, which an operator may fix. A minute without announcements costs
 * nothing: a process looks into the store before it asks the platform.
 */
const PAUSE_MS = 60_000;
/** As often as a process looks that waits for another one's ticket. */
const SAME_NAME_PAUSE_MS = 250;
/** Our names hold the platform's base URL, an app id and a tenant key. */
const MAX_MESSAGE_LENGTH = 4_096;

const FLOOD = `over ${MAX_MESSAGES_PER_SECOND} announcements came within a second: for a minute none is read. Another program uses this channel; give the signer a ?prefix= of its own`;

/** Called with a name, or with undefined when changes may have been missed. */
type Listener = (name: string | undefined) => void;

/** The options of a feed, in addition to those of a connection. */
export interface ChangeFeedOptions extends Omit<RedisConnectionOptions, 'prepare'> {
  channel: string;
  /** Marks messages of our own, which are ignored. No spaces. */
  instance: string;
  /** Called each time the server does not let us subscribe, in addition to `onError`; the feed tries again a minute later. */
  onRefused: () => void;
}

/** Connected while there is a watcher. */
export interface ChangeFeed {
  /** Adds a watcher, of one name or of all; the returned function removes it. */
  watch(listener: Listener, name?: string): () => void;
  /** Reconnects, if there is a watcher: the address has changed. */
  reconnect(): void;
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
  /** By name, so that a thousand apps do not each look at the announcements of all others; under undefined those of all names. */
  const listeners = new Map<string | undefined, Set<Listener>>();
  const { clock, onError } = connecting;
  let connection: RedisConnection | undefined;
  /** Until the subscription is tried again. */
  let pause: Timer | undefined;
  let messages = { count: 0, untilMs: 0 };
  /** Names announced within the last quarter of a second, with whether they came again since. */
  const told = new Map<string, boolean>();

  function tell(name: string | undefined): void {
    const concerned =
      name === undefined ? [...listeners.values()] : [listeners.get(name), listeners.get(undefined)];
    for (const found of concerned) for (const listener of found ?? []) listener(name);
  }

  function receive(message: string): void {
    // What was read together with the message that was one too many.
    if (connection === undefined) return;
    const nowMs = clock.monotonicMs();
    if (nowMs >= messages.untilMs) messages = { count: 0, untilMs: nowMs + SECOND_MS };
    messages.count += 1;
    if (messages.count > MAX_MESSAGES_PER_SECOND) {
      // Reading a flood would keep a core busy.
      suspend(new RedisFailure(new Error(FLOOD)));
      return;
    }
    const space = message.length > MAX_MESSAGE_LENGTH ? -1 : message.indexOf(' ');
    if (space > 0 && message.slice(0, space) !== instance) tellSometimes(message.slice(space + 1));
  }

  /** At once, and then once for all announcements within the pause: each causes a read of the store. */
  function tellSometimes(name: string): void {
    if (told.has(name)) {
      told.set(name, true);
      return;
    }
    told.set(name, false);
    tell(name);
    clock.setTimer(() => {
      const cameAgain = told.get(name);
      told.delete(name);
      if (cameAgain) tellSometimes(name);
    }, SAME_NAME_PAUSE_MS);
  }

  /** Ends the subscription, and makes it anew in a minute. */
  function suspend(failure: RedisFailure): void {
    connection?.close();
    connection = undefined;
    pause = clock.setTimer(resume, PAUSE_MS);
    onError(failure);
  }

  function resume(): void {
    pause?.cancel();
    pause = undefined;
    connection = connect();
  }

  function connect(): RedisConnection {
    const connected: RedisConnection = new RedisConnection({
      ...connecting,
      async prepare(client) {
        try {
          await client.subscribe(channel, receive);
        } catch (error) {
          const failure = new RedisFailure(error);
          if (!failure.refused) throw failure;
          if (connection === connected) {
            onRefused();
            suspend(failure);
          }
          return;
        }
        // Changes before this moment were not announced to us.
        tell(undefined);
      },
    });
    return connected;
  }

  function close(): void {
    listeners.clear();
    pause?.cancel();
    pause = undefined;
    connection?.close();
    connection = undefined;
  }

  return {
    watch(onChange, watched) {
      // A function of its own, so that the same one may watch twice.
      const listener: Listener = (name) => onChange(name);
      const others = listeners.get(watched) ?? new Set();
      listeners.set(watched, others.add(listener));
      if (!pause) connection ??= connect();
      return () => {
        if (!others.delete(listener)) return;
        if (others.size === 0) listeners.delete(watched);
        if (listeners.size === 0) close();
      };
    },
    reconnect() {
      if (pause) resume();
      else connection?.reconnect();
    },
    close,
  };
}
