// A connection to Redis that comes back by itself for ever, and is given up when the server stops answering.
import type { Clock, Timer } from '../../clock';
import { DeadlineError, withDeadline } from '../../deadline';
import type { RandomSource } from '../renewal-policy';
import { openClient, type RedisClient } from './open-client';
import type { RedisAddress } from './parse-redis-url';
import { RedisFailure } from './redis-failure';

/** What a connection needs. */
export interface RedisConnectionOptions {
  address: RedisAddress;
  /** PEM certificates to trust beside the default roots. */
  caPem?: string | undefined;
  clock: Clock;
  random: RandomSource;
  /** Runs on every new connection before it counts as one; rejecting gives it up. */
  prepare?: (client: RedisClient) => Promise<void>;
  /** Told of a lost or failed connection, once for as long as the reason stays the same. */
  onError: (failure: RedisFailure) => void;
}

/** Twice what callers wait. Neither the client's timeout nor a signal bounds a command that was sent: the connection goes. */
const ANSWER_LIMIT_MS = 2_000;
/** For a sentinel, TCP, TLS, password and database together: some ten round trips over a bad line. */
const CONNECT_LIMIT_MS = 5_000;
/** Gateways forget a quiet connection after a minute or more, and tickets are read every hour or two. */
const PING_EVERY_MS = 30_000;
/** A restarted server is back within a second or so; pauses grow from the first to the last by doubling. */
const FIRST_PAUSE_MS = 100;
/** Short enough to come back well within a renewal's back-off, long enough for a fleet not to be a burden. */
const LONGEST_PAUSE_MS = 5_000;

/** 36 is `$`, the mark of a text in the protocol. */
const BYTES = { typeMapping: { 36: Buffer } } as const;

/** Sends commands while connected. Connects by itself, at once and after every loss. */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #firstAttempt: Promise<void>;
  #client: RedisClient | undefined;
  /** Ends the connection, or the attempt at one, that is under way. Aborted: it is over. */
  #ending = new AbortController();
  /** To the next attempt, or the next sign of life. */
  #timer: Timer | undefined;
  #failures = 0;
  #failure: RedisFailure | undefined;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#firstAttempt = this.#open(this.#ending);
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
    await this.#firstAttempt;
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
      // After a failover the connection may be to the old master: the next one asks the sentinels again.
      if (error instanceof DeadlineError || failure.readOnly) this.#lose(ending, failure);
      throw failure;
    }
  }

  /** Ends the connection and all attempts, at once. Commands that wait for an answer reject. */
  close(): void {
    this.#timer?.cancel();
    this.#client = undefined;
    this.#ending.abort(new Error('the Redis store was closed'));
  }

  async #open(ending: AbortController): Promise<void> {
    const { clock } = this.#options;
    try {
      const client = await withDeadline(
        this.#establish(ending),
        CONNECT_LIMIT_MS,
        clock,
        'connecting to Redis',
      );
      // It may have been lost, or closed, since it was ready.
      if (!client.isReady) throw new Error('Redis closed the connection');
      ending.signal.throwIfAborted();
      this.#client = client;
      this.#failures = 0;
      this.#failure = undefined;
      this.#pingLater(ending);
    } catch (error) {
      this.#lose(ending, new RedisFailure(error));
    }
  }

  async #establish(ending: AbortController): Promise<RedisClient> {
    const { address, caPem, prepare } = this.#options;
    const client = await openClient({ address, caPem, signal: ending.signal });
    client.on('error', (error) => this.#lose(ending, new RedisFailure(error)));
    await prepare?.(client);
    return client;
  }

  /** Gives up what `ending` stands for, unless that is over already, and sets the next attempt. */
  #lose(ending: AbortController, failure: RedisFailure): void {
    if (ending.signal.aborted) return;
    const { clock, random, onError } = this.#options;
    this.#client = undefined;
    ending.abort(failure);
    const told = this.#failure?.message === failure.message;
    this.#failure = failure;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#timer?.cancel();
    this.#timer = clock.setTimer(
      () => {
        this.#ending = new AbortController();
        void this.#open(this.#ending);
      },
      pauseMs * (0.5 + random() / 2), // from half of it on, so that a fleet spreads
    );
    if (!told) onError(failure);
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
