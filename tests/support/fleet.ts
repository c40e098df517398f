// A fleet: several service processes on one Redis, one simulated platform in this process, steady load, and figures.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { systemClock } from '../../src/base/clock';
import type { Sandbox } from '../../src/sandbox/sandbox';
import { expectedSignature } from '../../src/sandbox/verify';
import type { SignedConfig } from '../../src/signing/types';
import { parseRedisUrl } from '../../src/tickets/stores/redis/parse-redis-url';
import { RedisConnection } from '../../src/tickets/stores/redis/redis-connection';
import { createTlsContexts } from '../../src/tickets/stores/redis/tls-contexts';
import {
  createFleetPlatform,
  FLEET_APP_ID,
  FLEET_ORIGIN,
  isReady,
  serviceEnv,
  type Issue,
} from './fleet-app';
import { freePort } from './free-port';
import { FleetFigures } from './fleet-figures';
import type { RedisServer } from './redis-server';
import { runMain, type RunningProcess } from './run-main';
import { waitUntil } from './wait-until';

/** How a fleet is made. */
export interface FleetOptions {
  replicas: number;
  redis: RedisServer;
  ticketLifeSeconds: number;
  /** Over all replicas. */
  requestsPerSecond: number;
}

interface Replica {
  readonly number: number;
  readonly port: number;
  main: RunningProcess;
  /** A load balancer would send requests here. */
  serving: boolean;
}

/** How often the load is brought up to date, and locks are looked at: far below what either is measured in. */
const TICK_MS = 10;
const LOCK_LOOK_MS = 50;
/** What replicas say while a store fails on purpose, while they start, and of a page's report. */
const EXPECTED_LINE = /the ticket store fails|"\/readyz"|a client refused the ticket/;
/** No page waits that long; the service itself gives up after 5 s. */
const REQUEST_LIMIT_MS = 10_000;
/** Between two looks whether a replica signs with the new ticket. */
const SPREAD_LOOK_MS = 2;
/** For a window of half an hour that opens 70 s after the issue: 65 s at most follow, of the service's offset and jitter. */
const RENEWAL_LIMIT_MS = 150_000;
/** A replica that has not taken a new ticket by then is counted with this. */
const SPREAD_LIMIT_MS = 2_000;

/** Service processes under load. Everything they answer is checked and counted in `figures`. */
export class Fleet {
  readonly sandbox: Sandbox;
  readonly figures: FleetFigures;
  readonly #issues: () => Issue[];
  readonly #options: FleetOptions;
  readonly #agent = new Agent({ keepAliveTimeout: 60_000 });
  readonly #replicas: Replica[] = [];
  readonly #locks: RedisConnection;
  readonly #loops: Promise<void>[] = [];
  #platformUrl = '';
  #ticketLifeMs: number;
  #closed = false;

  private constructor(options: FleetOptions) {
    const { sandbox, issues } = createFleetPlatform();
    this.#options = options;
    this.#ticketLifeMs = options.ticketLifeSeconds * 1_000;
    this.sandbox = sandbox;
    this.#issues = issues;
    this.figures = new FleetFigures(sandbox, issues);
    this.#locks = new RedisConnection({
      address: () => parseRedisUrl(this.#redisUrl),
      refreshAddress: () => Promise.resolve(),
      tlsContexts: createTlsContexts(undefined),
      clock: systemClock,
      random: () => 0,
      onError: () => undefined,
      onConnected: () => undefined,
    });
  }

  /** Starts all of it at once, as after a power cut; resolves when every replica is ready, and load flows. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    fleet.setTicketLife(options.ticketLifeSeconds);
    try {
      fleet.#platformUrl = (await fleet.sandbox.listen()).url;
      const numbers = Array.from({ length: options.replicas }, (_, number) => number);
      const ports = await Promise.all(numbers.map(freePort));
      for (const [number, port] of ports.entries())
        fleet.#replicas.push({ number, port, main: fleet.#spawn(port), serving: false });
      await Promise.all(fleet.#replicas.map((replica) => fleet.#whenReady(replica)));
      fleet.#loops.push(fleet.#load(), fleet.#watchLocks(), fleet.#watchSpread());
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** The life of tickets issued from now on. */
  setTicketLife(seconds: number): void {
    this.#ticketLifeMs = seconds * 1_000;
    this.sandbox.setTicketLife(seconds);
  }

  /** Resolves after `count` more tickets have been issued, and every replica had time to be notified of the last. */
  async renewals(count: number, onRenewal: () => void = () => undefined): Promise<void> {
    let known = this.#issues().length;
    const goal = known + count;
    while (known < goal) {
      // Three lives: two renewals missed are a failure of the fleet, not a slow machine.
      const limitMs = Math.min(3 * this.#ticketLifeMs, RENEWAL_LIMIT_MS);
      await waitUntil('a renewal', () => this.#issues().length > known, limitMs);
      known += 1;
      onRenewal();
    }
    await this.settled();
  }

  /** Resolves when all replicas that serve have had the time to take over the newest ticket, or to ask for it. */
  async settled(): Promise<void> {
    await sleep(Math.min(SPREAD_LIMIT_MS, this.#ticketLifeMs / 8));
  }

  /** Resolves when `share` of the newest ticket's life has passed. */
  async untilAge(share: number): Promise<void> {
    const newest = this.#issues().at(-1)!;
    const ageMs = performance.now() - newest.atMs;
    await sleep(Math.max(0, this.#ticketLifeMs * share - ageMs));
  }

  /**
   * Kills a replica with SIGKILL while it holds the lock and waits for the platform. What makes it ask is a page's genuine
   * report of a refused ticket, so that it is known which one asks. Returns its number.
   */
  async killInsideTheLock(): Promise<number> {
    // One that reported within the hour would not ask again; killed ones start anew, so the first will do as well as any.
    const victim = this.#replicas.find(({ serving }) => serving)!;
    const { url, appId, timestamp, nonceStr, signature } = (await this.#sign(victim))!;
    const before = this.sandbox.counters.calls('ticket');
    // Longer than it takes to notice the call; the answer is made, counted and delayed.
    this.sandbox.addFault({ kind: 'slow', endpoint: 'ticket', delayMs: 3_000, times: 1 });
    await request(`http://127.0.0.1:${victim.port}/report`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: FLEET_ORIGIN },
      body: JSON.stringify({ url, appId, timestamp, nonceStr, signature, errorCode: 333442 }),
      dispatcher: this.#agent,
    }).then(({ body }) => body.dump());
    await waitUntil(
      'the reported ticket to be asked for',
      () => this.sandbox.counters.calls('ticket') > before,
    );
    await this.kill(victim.number);
    this.sandbox.clearFaults();
    if ((await this.#lockOwner()) === undefined) throw new Error('the killed replica did not hold the lock');
    return victim.number;
  }

  /** SIGKILL. Requests that are cut off by it are counted apart. */
  async kill(number: number): Promise<void> {
    const replica = this.#replicas[number]!;
    replica.serving = false;
    await replica.main.end('SIGKILL');
  }

  /** Starts a killed replica again; resolves when it is ready. */
  async restart(number: number): Promise<void> {
    const replica = this.#replicas[number]!;
    replica.main = this.#spawn(replica.port);
    await this.#whenReady(replica);
  }

  /** Ends the load, then every process; gives the lines of the replicas' logs that tell of more than a store that fails. */
  async close(): Promise<string[]> {
    this.#closed = true;
    await Promise.all(this.#loops);
    await Promise.all(this.#replicas.map(({ main }) => main.end('SIGTERM')));
    this.#locks.close();
    await this.#agent.close();
    await this.sandbox.close();
    const lines = this.#replicas.flatMap(({ main }) => `${main.stdout()}${main.stderr()}`.split('\n'));
    return lines.filter((line) => line !== '' && !EXPECTED_LINE.test(line));
  }

  get #redisUrl(): string {
    return `redis://127.0.0.1:${this.#options.redis.port}`;
  }

  #spawn(port: number): RunningProcess {
    return runMain([], serviceEnv(this.#platformUrl, this.#redisUrl, port));
  }

  async #whenReady(replica: Replica): Promise<void> {
    // Many processes start at once on a machine with few cores.
    await waitUntil(`replica ${replica.number} to be ready`, () => isReady(replica.port), 60_000);
    replica.serving = true;
  }

  /** Sends requests at the rate, round robin, whether or not earlier ones were answered. */
  async #load(): Promise<void> {
    const underWay = new Set<Promise<unknown>>();
    const { requestsPerSecond } = this.#options;
    let lastMs = performance.now();
    let due = 0;
    for (let turn = 0; !this.#closed;) {
      await sleep(TICK_MS);
      const nowMs = performance.now();
      // Half a second at most: what a starved machine has missed is not made up for in one burst.
      due = Math.min(due + ((nowMs - lastMs) / 1_000) * requestsPerSecond, requestsPerSecond / 2);
      lastMs = nowMs;
      const serving = this.#replicas.filter((replica) => replica.serving);
      for (; due >= 1; due -= 1) {
        const sending: Promise<unknown> = this.#sign(serving[turn++ % serving.length]!).finally(() =>
          underWay.delete(sending),
        );
        underWay.add(sending);
      }
    }
    await Promise.all(underWay);
  }

  /** One page: asks a replica for a signature, and has the simulated platform check it. */
  async #sign(replica: Replica): Promise<SignedConfig | undefined> {
    const startedMs = performance.now();
    const page = `${FLEET_ORIGIN}/page?replica=${replica.number}`;
    try {
      const url = `http://127.0.0.1:${replica.port}/config?url=${encodeURIComponent(page)}`;
      const { statusCode, body } = await request(url, {
        dispatcher: this.#agent,
        headersTimeout: REQUEST_LIMIT_MS,
      });
      const text = await body.text();
      const tookMs = performance.now() - startedMs;
      if (statusCode !== 200) {
        this.figures.failed(`${statusCode} ${text}`, tookMs);
        return undefined;
      }
      const config = JSON.parse(text) as SignedConfig;
      this.figures.answered(this.sandbox.verify({ ...config, url: page }), tookMs);
      return config;
    } catch (error) {
      if (replica.serving) this.figures.failed(String(error), performance.now() - startedMs);
      else this.figures.cutOff += 1;
      return undefined;
    }
  }

  /** For every new ticket: when each replica first signs with it. */
  async #watchSpread(): Promise<void> {
    const looks: Promise<void>[] = [];
    for (let known = this.#issues().length; !this.#closed;) {
      await sleep(1);
      const issues = this.#issues();
      if (issues.length === known) continue;
      known = issues.length;
      const newest = issues.at(-1)!;
      for (const replica of this.#replicas) if (replica.serving) looks.push(this.#watchOne(replica, newest));
    }
    await Promise.all(looks);
  }

  async #watchOne(replica: Replica, { ticket, atMs }: Issue): Promise<void> {
    for (;;) {
      const config = await this.#sign(replica);
      const passedMs = performance.now() - atMs;
      // One that was killed meanwhile takes over nothing.
      if (!replica.serving || this.#closed) return;
      const isNew = config && isSignedWith(ticket, config);
      if (isNew || passedMs > SPREAD_LIMIT_MS) {
        this.figures.tookOver(passedMs);
        return;
      }
      await sleep(SPREAD_LOOK_MS);
    }
  }

  async #watchLocks(): Promise<void> {
    const seen = new Map<string, number>();
    while (!this.#closed) {
      await sleep(LOCK_LOOK_MS);
      const owner = await this.#lockOwner();
      if (owner === undefined) continue;
      const firstMs = seen.get(owner) ?? performance.now();
      seen.set(owner, firstMs);
      this.figures.lockSeen(performance.now() - firstMs);
    }
  }

  /** Who holds the lock, undefined when the lock is free or Redis does not report it. */
  async #lockOwner(): Promise<string | undefined> {
    const { prefix } = parseRedisUrl(this.#redisUrl);
    const key = `${prefix}lock:${this.#platformUrl} ${FLEET_APP_ID}`;
    const owner = await this.#locks.send(['GET', key]).catch(() => undefined);
    return typeof owner === 'string' ? owner : undefined;
  }
}

function isSignedWith(ticket: string, { nonceStr, timestamp, url, signature }: SignedConfig): boolean {
  return expectedSignature(ticket, nonceStr, timestamp, url) === signature;
}
