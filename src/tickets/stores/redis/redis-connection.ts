// A connection to Redis that reconnects indefinitely by itself, and is given up when the server stops answering.
import type { Clock, Timer } from '../../../base/clock';
import { DeadlineError, withDeadline } from '../../../base/deadline';
import type { RandomSource } from '../../../base/random';
import { adviceForConnecting } from './connect-advice';
import { openClient, type OpenedClient, type RedisClient } from './open-client';
import type { RedisAddress } from './parse-redis-url';
import { RedisFailure } from './redis-failure';
import type { TlsContexts } from './tls-contexts';

/** What a connection needs. */
export interface RedisConnectionOptions {
  /** The address, read at each attempt. */
  address: () => RedisAddress;
  /** Reads the address again; called before an attempt when the one before was refused for its password. Never rejects. */
  refreshAddress: () => Promise<unknown>;
  tlsContexts: TlsContexts;
  clock: Clock;
  random: RandomSource;
  /** Runs on every new connection before it counts as one; a rejection ends it. */
  prepare?: (client: RedisClient) => Promise<void>;
  /** Called with every lost connection and every failed attempt. */
  onError: (failure: RedisFailure) => void;
  /** Called with every connection, once it has answered. */
  onConnected: () => void;
  /** Called after it when the server takes no writes, as a replica. */
  onReadOnly?: (failure: RedisFailure) => void;
}

/** Twice what callers wait. Neither the client's timeout nor a signal bounds a command that was sent: the connection goes. */
const ANSWER_LIMIT_MS = 2_000;
/** For a sentinel, TCP, TLS, password, database and a sign of life together: some ten round trips over a bad line. */
const CONNECT_LIMIT_MS = 5_000;
/** Gateways forget a quiet connection after a minute or more, and tickets are read every hour or two. */
const PING_EVERY_MS = 30_000;
/** A restarted server is back within a second or so; pauses grow from the first to the last by doubling. */
const FIRST_PAUSE_MS = 100;
/** Short enough to come back well within a renewal's back-off, long enough for a fleet not to be a burden. */
const MAX_PAUSE_MS = 5_000;

/** 36 is `$`, the mark of a text in the protocol. */
const BYTES = { typeMapping: { 36: Buffer } } as const;

/** Sends commands while connected. Connects by itself, at once and after every loss. */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  /** The first attempt, or the one at a new address. */
  #attempt: Promise<void>;
  #client: RedisClient | undefined;
  /** Ends the connection, or the attempt at one, that is under way. Aborted: it is over. */
  #ending = new AbortController();
  /** To the next attempt, or the next sign of life. */
  #timer: Timer | undefined;
  #failures = 0;
  #failure: RedisFailure | undefined;
  #connectedAtMs: number | undefined;
  #isClosed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#attempt = this.#open(this.#ending);
  }

  /**
   * The server's reply to a command. Rejects with RedisFailure: the server's error, no answer within 2 s, or at once while
   * there is no connection; only the first attempt at one, under way when the store was just made, is waited for.
   */
  send(command: string[]): Promise<unknown> {
    return this.#send(command, {});
  }

  /** As `send`, with the reply's text as bytes. */
  sendForBytes(command: string[]): Promise<unknown> {
    return this.#send(command, BYTES);
  }

  async #send(command: string[], options: Parameters<RedisClient['sendCommand']>[1]): Promise<unknown> {
    await this.#attempt;
    const client = this.#client;
    const ending = this.#ending;
    if (!client)
      throw new RedisFailure(
        new Error(`Redis is not connected: ${this.#failure?.message ?? 'the store was closed'}`),
      );
    try {
      const what = `the answer of Redis to ${command[0] ?? ''}`;
      return await withDeadline(
        client.sendCommand(command, options),
        ANSWER_LIMIT_MS,
        this.#options.clock,
        what,
      );
    } catch (error) {
      const failure = new RedisFailure(ending.signal.aborted ? ending.signal.reason : error);
      // After a failover the connection may be to the old master, and a proxy may have another server behind it, which does not
      // know us: the next connection begins anew.
      if (error instanceof DeadlineError || failure.readOnly || failure.isElsewhere || failure.unauthorised)
        this.#lose(ending, failure);
      throw failure;
    }
  }

  /** Connects anew, at once: the address is another one. Commands wait for it; those under way reject. */
  reconnect(): void {
    if (this.#isClosed) return;
    this.#end(new Error('the address of Redis was changed'));
    this.#ending = new AbortController();
    this.#attempt = this.#open(this.#ending);
  }

  /** Ends the connection and all attempts, at once. Commands that wait for an answer reject. */
  close(): void {
    this.#isClosed = true;
    this.#end(new Error('the Redis store was closed'));
  }

  #end(reason: Error): void {
    this.#timer?.cancel();
    this.#client = undefined;
    this.#ending.abort(reason);
  }

  async #open(ending: AbortController): Promise<void> {
    const { address, clock, onConnected, onReadOnly } = this.#options;
    try {
      const { client, writeFailure } = await withDeadline(
        this.#establish(ending),
        CONNECT_LIMIT_MS,
        clock,
        'connecting to Redis',
      );
      // It may have been lost, or closed, since it was ready.
      if (!client.isReady) throw new Error('Redis closed the connection');
      ending.signal.throwIfAborted();
      this.#client = client;
      this.#connectedAtMs = clock.monotonicMs();
      this.#failure = undefined;
      this.#pingLater(ending);
      onConnected();
      if (writeFailure) onReadOnly?.(withAdvice(writeFailure, address()));
    } catch (error) {
      this.#lose(ending, withAdvice(error, address()));
    }
  }

  async #establish(ending: AbortController): Promise<OpenedClient> {
    const { address, refreshAddress, tlsContexts, prepare } = this.#options;
    if (this.#failure?.unauthorised) await refreshAddress();
    const opened = await openClient({ address: address(), tlsContexts, signal: ending.signal });
    opened.client.on('error', (error) => this.#lose(ending, new RedisFailure(error)));
    await prepare?.(opened.client);
    return opened;
  }

  /** Ends the connection or attempt of `ending`, unless it is over already, and sets the next attempt. */
  #lose(ending: AbortController, failure: RedisFailure): void {
    if (ending.signal.aborted) return;
    const { clock, random, onError } = this.#options;
    this.#end(failure);
    this.#failure = failure;
    // A server that answers and closes repeatedly is no better than an unreachable one: the pauses keep growing.
    const heldMs = this.#connectedAtMs === undefined ? 0 : clock.monotonicMs() - this.#connectedAtMs;
    if (heldMs >= MAX_PAUSE_MS) this.#failures = 0;
    this.#connectedAtMs = undefined;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, MAX_PAUSE_MS);
    this.#failures += 1;
    this.#timer = clock.setTimer(
      () => {
        this.#ending = new AbortController();
        void this.#open(this.#ending);
      },
      pauseMs * (0.5 + random() / 2), // from half of it on, so that a fleet spreads
    );
    onError(failure);
  }

  #pingLater(ending: AbortController): void {
    this.#timer = this.#options.clock.setTimer(() => {
      // Any answer will do, a refusal too; without one `send` gives the connection up.
      void this.send(['PING'])
        .catch(() => undefined)
        .finally(() => {
          if (!ending.signal.aborted) this.#pingLater(ending);
        });
    }, PING_EVERY_MS);
  }
}

function withAdvice(error: unknown, address: RedisAddress): RedisFailure {
  return new RedisFailure(error, adviceForConnecting(new RedisFailure(error).message, address));
}
