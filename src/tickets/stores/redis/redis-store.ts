// The store of a fleet: Redis. Writes compare and swap, one process locks, and all processes are notified of changes.
import { createHash, randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../../../base/clock';
import { withDeadline } from '../../../base/deadline';
import { changeMessage, createChangeFeed } from './change-feed';
import { parseRedisUrl, type RedisAddress } from './parse-redis-url';
import { RedisConnection } from './redis-connection';
import { RedisFailure } from './redis-failure';
import { createTlsContexts } from './tls-contexts';
import type { StoreEvent } from '../store-event';
import { systemRandom, type RandomSource } from '../../../base/random';
import type { TicketLock, TicketStore } from '../../ticket-store';

/** What a Redis store needs. */
export interface RedisStoreOptions {
  /** `redis://`, `rediss://`, `redis+sentinel://` or `rediss+sentinel://`, see `parseRedisUrl`; or what that has returned. */
  url: string | RedisAddress;
  /** Reads `url` again: when the server refuses the password, and for `reload`. Default: it does not change. */
  readUrl?: (() => Promise<string>) | undefined;
  /** PEM certificates to trust in addition to the default roots. */
  caPem?: string | undefined;
  /** Default: the machine's. */
  clock?: Clock;
  /** Spreads the attempts of a fleet to connect. Default: the machine's. */
  random?: RandomSource;
  /** Called once for each thing the server does not allow, with the consequence. */
  onWarning: (message: string) => void;
  /**
   * Called with every failure that no caller waits for (a connection that is lost, an attempt that fails, a change that is not
   * announced), and with every connection that is made.
   */
  onEvent?: (event: StoreEvent) => void;
}

type WriteOptions = Parameters<TicketStore['write']>[2];

/** How long `close` lets writes and releases end: a good server answers in a few milliseconds, and a shutdown waits. */
const CLOSE_LIMIT_MS = 500;

/** A Redis store offers all that a store may. */
export interface RedisStore extends Required<TicketStore> {
  /** Reads the address again and connects anew if it is another one; resolves with whether it is. Never rejects. */
  reload(): Promise<boolean>;
}

/** Begins what is returned for a value that is no text of ours: too long, or not UTF-8. Its SHA-1 follows, so that it can be replaced. */
const FOREIGN = 'foreign value ';
/** 1 MiB: the list of 10,000 tenants, the largest text there is, has some 300 KB. What is longer is not ours. */
const MAX_TEXT_BYTES = 1_048_576;

// KEYS: the ticket. ARGV: text, life in ms, the last byte that is compared, the text it replaces, empty for none. The range is
// refused to an account that may only GET.
const SWAP = `local kept = redis.pcall('GETRANGE', KEYS[1], 0, ARGV[3])
if type(kept) ~= 'string' then kept = redis.call('GET', KEYS[1]) or '' end
if kept ~= ARGV[4] and '${FOREIGN}' .. redis.sha1hex(kept) ~= ARGV[4] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
// KEYS: the lock. ARGV: its owner.
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

// KEYS: the ticket. ARGV: the text whose life is asked for. PTTL is negative for a key that is gone or has no end, and an error,
// which is a table, for an account that may not use it.
const LEFT = `local left = redis.pcall('PTTL', KEYS[1])
if type(left) == 'number' and redis.pcall('GET', KEYS[1]) == ARGV[1] then return left end
return -1`;

const REFUSALS = {
  EVAL:
    'Redis refuses EVAL: tickets are written without comparing and swapping in one step, and locks end by their time. ' +
    'Nothing else changes; allow EVAL to save a few calls to the platform.',
  PUBLISH:
    'Redis refuses PUBLISH: other processes learn of a new ticket at their next renewal. Allow PUBLISH on the channel ' +
    'that begins with the prefix.',
  SUBSCRIBE:
    'Redis refuses SUBSCRIBE: this process learns of a new ticket at its next renewal. Allow SUBSCRIBE on the channel ' +
    'that begins with the prefix; it is tried again every minute.',
};

/**
 * Keeps tickets in Redis under `<prefix>ticket:<name>`, locks under `<prefix>lock:<name>`, and announces changes on the
 * channel `<prefix>changed`. Throws for a URL it cannot read; a server that cannot be reached shows in the promises and in
 * `onEvent`, and is tried again indefinitely. Where scripts or subscriptions are refused it does without, warns once, and tries
 * again.
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const { caPem, clock = systemClock, random = systemRandom, onWarning, onEvent = () => undefined } = options;
  let address = typeof options.url === 'string' ? parseRedisUrl(options.url) : options.url;
  const { prefix } = address;
  const channel = `${prefix}changed`;
  const instance = randomUUID();
  const warned = new Set<string>();
  const ending = new Set<Promise<void>>();
  let closed = false;
  let refreshing: Promise<boolean> | undefined;
  const shared = {
    address: () => address,
    refreshAddress: () => (refreshing ??= refreshAddress().finally(() => (refreshing = undefined))),
    tlsContexts: createTlsContexts(caPem),
    clock,
    random,
  };
  const eventsOf = (operation: 'connect' | 'watch') => ({
    onError: (error: RedisFailure) => onEvent({ type: 'failed', operation, error }),
    onConnected: () => onEvent({ type: 'connected', operation }),
  });
  const commands = new RedisConnection({
    ...shared,
    ...eventsOf('connect'),
    onReadOnly: (error) => onEvent({ type: 'failed', operation: 'write', error }),
  });

  /** Resolves with whether the address is another one than before. Never rejects: what cannot be used is warned of. */
  async function refreshAddress(): Promise<boolean> {
    try {
      const text = await options.readUrl?.();
      if (text === undefined) return false;
      const fresh = parseRedisUrl(text);
      if (fresh.prefix !== prefix)
        throw new Error('it has another prefix than before, which needs a restart');
      const isChanged = !fresh.url.equals(address.url);
      address = fresh;
      return isChanged;
    } catch (error) {
      warnOnce(`The address of Redis that was read again is not used: ${(error as Error).message}.`);
      return false;
    }
  }

  function warnOnce(message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    onWarning(message);
  }

  function warnOfRefused(command: keyof typeof REFUSALS): void {
    warnOnce(REFUSALS[command]);
  }

  /** Runs a script, or `otherwise` where scripts are refused; tried anew each time, since the permission may be granted later. */
  async function evaluate<T>(script: string, key: string, values: string[], otherwise: () => Promise<T>) {
    try {
      return await commands.send(['EVAL', script, '1', key, ...values]);
    } catch (error) {
      if (!isRefused(error)) throw error;
      warnOfRefused('EVAL');
      return otherwise();
    }
  }

  /** Never rejects: the ticket is written, and processes without the announcement find it at the next renewal. */
  async function announce(name: string): Promise<void> {
    try {
      await commands.send(['PUBLISH', channel, changeMessage(instance, name)]);
    } catch (error) {
      if (isRefused(error)) warnOfRefused('PUBLISH');
      else if (!closed) onEvent({ type: 'failed', operation: 'announce', error: error as RedisFailure });
    }
  }

  const feed = createChangeFeed({
    ...shared,
    channel,
    instance,
    onRefused: () => warnOfRefused('SUBSCRIBE'),
    ...eventsOf('watch'),
  });

  /** Remembers the work that `close` waits for. */
  function letEnd<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<void> = work.then(forget, forget);
    function forget(): void {
      ending.delete(ended);
    }
    ending.add(ended);
    return work;
  }

  async function read(name: string): Promise<string | undefined> {
    const value = await readBytes(ticketKey(name));
    // To Redis, a value that is missing and an empty one have the same range.
    if (!Buffer.isBuffer(value) || value.length === 0) return undefined;
    const text = value.toString();
    const isText = value.length <= MAX_TEXT_BYTES && value.equals(Buffer.from(text));
    return isText ? text : FOREIGN + createHash('sha1').update(value).digest('hex');
  }

  /** A byte more than a text may have. An account that may not ask for a part gets the whole. */
  async function readBytes(key: string): Promise<unknown> {
    try {
      return await commands.sendForBytes(['GETRANGE', key, '0', String(MAX_TEXT_BYTES)]);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return commands.sendForBytes(['GET', key]);
    }
  }

  const ticketKey = (name: string) => `${prefix}ticket:${name}`;
  const lockKey = (name: string) => `${prefix}lock:${name}`;

  async function write(name: string, text: string, { replacing, lifeMs }: WriteOptions): Promise<boolean> {
    const key = ticketKey(name);
    const life = milliseconds(lifeMs);
    const values = [text, life, String(MAX_TEXT_BYTES), replacing ?? ''];
    const written = await evaluate(SWAP, key, values, async () => {
      if ((await read(name)) !== replacing) return 0;
      await commands.send(['SET', key, text, 'PX', life]);
      return 1;
    });
    if (written !== 1) return false;
    await announce(name);
    return true;
  }

  async function leftMs(name: string, text: string): Promise<number | undefined> {
    try {
      const left = await commands.send(['EVAL', LEFT, '1', ticketKey(name), text]);
      return typeof left === 'number' && left > 0 ? left : undefined;
    } catch (error) {
      if (isRefused(error)) return undefined;
      throw error;
    }
  }

  async function lock(name: string, leaseMs: number): Promise<TicketLock | undefined> {
    const key = lockKey(name);
    const owner = randomUUID();
    const taken = await commands.send(['SET', key, owner, 'NX', 'PX', milliseconds(leaseMs)]);
    if (taken !== 'OK') return undefined;
    const release = async () => {
      await evaluate(RELEASE, key, [owner], () => Promise.resolve(0));
    };
    return { release: () => letEnd(release()) };
  }

  return {
    read,
    write: (name, text, how) => letEnd(write(name, text, how)),
    leftMs,
    lock,
    watch: (onChange, name) => feed.watch(onChange, name),
    async reload() {
      const isChanged = await shared.refreshAddress();
      if (isChanged) {
        commands.reconnect();
        feed.reconnect();
      }
      return isChanged;
    },
    async close() {
      feed.close();
      await withDeadline(Promise.all(ending), CLOSE_LIMIT_MS, clock, 'closing').catch(() => undefined);
      closed = true;
      commands.close();
    },
  };
}

function isRefused(error: unknown): boolean {
  return error instanceof RedisFailure && error.refused;
}

/** Redis takes whole milliseconds, at least one. */
function milliseconds(durationMs: number): string {
  return String(Math.max(1, Math.ceil(durationMs)));
}
