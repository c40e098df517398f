// A fleet in one process: replicas, their store, the platform and the network between them, on one simulated time.
import { ServiceError } from '../../src/errors';
import type { SignedConfig } from '../../src/signing/types';
import { Life } from './life';
import { PAGE_HOST, startReplica } from './replica';
import { Scheduler } from './scheduler';
import { createSeededRandom, type SeededRandom } from './seeded-random';
import { SharedStore } from './shared-store';
import { SimulatedNetwork } from './simulated-network';
import { PLATFORM_URL, SimulatedPlatform, type SimulatedApp } from './simulated-platform';
import { SimulatedProcess } from './simulated-process';
import { TicketBook } from './ticket-book';
import { Trace } from './trace';

/** How a fleet is made. */
export interface FleetOptions {
  seed: number;
  replicas: number;
  ticketLifeSeconds: number;
  /** How far each machine's clock is ahead of the truth, drawn machine by machine. */
  aheadMs: (random: SeededRandom) => number;
  /** Whether all clocks are right to 2 s, and stay so. */
  clocksAreRight: boolean;
  /** Keeps the whole trace. */
  traceAll: boolean;
}

/** A machine that runs one replica after the other. */
export interface Machine {
  readonly name: string;
  readonly aheadMs: number;
  life: Life | undefined;
}

/** What a fleet did. */
export interface FleetCounts {
  pages: number;
  refusedPages: number;
  starts: number;
}

const APP: SimulatedApp = { appId: 'cli_simulated', appSecret: 'the secret of the simulated app' };
const STORE_NAME = `${PLATFORM_URL} ${APP.appId}`;
/** What `docs/operations/fleet.md` says: the lock lasts no longer. */
const LEASE_MS = 15_000;
/** A page waits no longer; and a millisecond for sums of fractions. */
const PAGE_PATIENCE_MS = 5_001;
/** `/report` answers within a second. */
const REPORT_PATIENCE_MS = 1_000;
/** A page that was refused by the client says so a moment later. */
const REPORT_AFTER_MS = 300;
/** The client's code for a ticket that is not valid. */
const NO_VALID_TICKET = 333442;

/** The whole fleet. Nothing happens but by `run`. */
export class Fleet {
  readonly scheduler = new Scheduler();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly store: SharedStore;
  readonly platform: SimulatedPlatform;
  readonly tickets: TicketBook;
  readonly trace: Trace;
  readonly machines: Machine[];
  readonly counts: FleetCounts = { pages: 0, refusedPages: 0, starts: 0 };
  /** The first promise that was broken. */
  broken: string | undefined;
  /** Told of every lock that is given. */
  onLocked: ((machine: Machine) => void) | undefined;
  readonly #options: FleetOptions;
  /** The newest ticket in the store, until it is flushed. */
  #stored = 0;
  #newestRevoked = 0;

  constructor(options: FleetOptions) {
    const { seed, replicas, ticketLifeSeconds, aheadMs } = options;
    const { scheduler } = this;
    this.#options = options;
    this.random = createSeededRandom(seed, 'what happens');
    this.trace = new Trace(() => scheduler.nowMs, options.traceAll);
    this.network = new SimulatedNetwork(scheduler, createSeededRandom(seed, 'network'));
    this.store = new SharedStore({
      scheduler,
      network: this.network,
      random: createSeededRandom(seed, 'store'),
      listener: {
        onRead: (text, by, tookMs) =>
          this.#lifeOf(by)?.onRead(this.tickets.numberIn(STORE_NAME, text), tookMs),
        onWritten: (name, text, by) => this.#written(this.tickets.numberIn(name, text), by),
        onLocked: (_, by) => this.#locked(by),
        onUnlocked: (_, by) => this.trace.say('the store', `${by} gives the lock back`),
      },
    });
    this.platform = new SimulatedPlatform({
      scheduler,
      network: this.network,
      apps: [APP],
      trustedHost: PAGE_HOST,
      ticketLifeSeconds,
      onIssued: (ticket) => {
        if (this.tickets.issued(ticket))
          this.trace.say('the platform', `issues ticket ${this.tickets.newest}`);
      },
    });
    this.tickets = new TicketBook({
      platform: () => this.platform,
      nowMs: () => scheduler.nowMs,
      appSecret: APP.appSecret,
    });
    this.machines = Array.from({ length: replicas }, (_, index) => ({
      name: `replica-${index + 1}`,
      aheadMs: aheadMs(this.random),
      life: undefined,
    }));
  }

  /** The lives that go on. */
  get lives(): Life[] {
    return this.machines.flatMap(({ life }) => life ?? []);
  }

  get ticketCalls(): number {
    return this.platform.counters.calls('ticket');
  }

  /** Starts the replica of a machine that runs none. */
  start(machine: Machine): void {
    if (machine.life !== undefined) return;
    this.counts.starts += 1;
    const process = new SimulatedProcess(machine.name, this.scheduler, machine.aheadMs);
    const life = new Life({
      process,
      tickets: this.tickets,
      clocksAreRight: this.#options.clocksAreRight,
      say: (what) => this.trace.say(machine.name, what),
      onBroken: (promise) => this.breaks(promise),
    });
    machine.life = life;
    this.trace.say(machine.name, 'starts');
    life.replica = startReplica({
      process,
      apps: [APP],
      platform: this.platform,
      store: this.store,
      random: createSeededRandom(this.#options.seed, `${machine.name} ${this.counts.starts}`),
      listener: life,
    });
  }

  /** Ends it as SIGKILL does. */
  crash(machine: Machine): void {
    if (machine.life === undefined) return;
    this.trace.say(machine.name, 'is killed');
    machine.life.process.kill();
    machine.life = undefined;
  }

  /** Ends it as SIGTERM does. */
  async close(machine: Machine): Promise<void> {
    const { life } = machine;
    if (life === undefined) return;
    this.trace.say(machine.name, 'ends in good order');
    machine.life = undefined;
    await life.replica.close();
    life.process.kill();
  }

  flushStore(): void {
    this.#stored = 0;
    this.store.flush();
  }

  revokeTickets(): void {
    this.#newestRevoked = this.tickets.newest;
    this.platform.revokeTickets(APP.appId);
  }

  /** A page asks a replica for a signature and uses it; one that is refused for its ticket is reported. */
  page(life: Life): void {
    this.counts.pages += 1;
    const config = life.replica.page();
    if (!(config instanceof Promise)) {
      this.#signed(life, config);
      return;
    }
    this.#within(life, PAGE_PATIENCE_MS, 'a page has its answer within 5 s', config).then(
      (signed) => this.#signed(life, signed),
      (error: unknown) => this.#refused(life, error),
    );
  }

  /** An operator renews a ticket by hand. */
  renew(life: Life): void {
    this.trace.say(life.process.name, 'is told to renew by hand');
    life.onLoadByHand();
    // As long as a load may take.
    this.#within(
      life,
      LEASE_MS + 1,
      'a renewal by hand has its result',
      life.replica.signer().renew({}),
    ).catch((error: unknown) => {
      // Once a minute at most.
      if (!(error instanceof ServiceError) || error.code !== 'RATE_LIMITED') this.breaks(String(error));
    });
  }

  /** Lets time pass, until `untilMs` at the latest, `isOver`, or a broken promise. */
  async run(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    if (this.broken !== undefined) return;
    await this.scheduler.runUntil(untilMs, (owner) => {
      const life = owner instanceof SimulatedProcess ? this.#lifeOf(owner) : undefined;
      life?.check();
      this.#checkLocks();
      return this.broken !== undefined || isOver();
    });
  }

  /** Whether every machine's replica uses the newest ticket, which is good. */
  get isAgreed(): boolean {
    const { newest } = this.tickets;
    return (
      newest > 0 && this.machines.every(({ life }) => life?.held === newest) && this.tickets.isLive(newest)
    );
  }

  #lifeOf(process: SimulatedProcess): Life | undefined {
    return this.lives.find((life) => life.process === process);
  }

  #written(number: number, by: string): void {
    this.trace.say('the store', `${by} writes ticket ${number}`);
    if (number < this.#stored) this.breaks(`ticket ${number} replaces ${this.#stored} in the store`);
    this.#stored = number;
  }

  #locked(by: string): void {
    this.trace.say('the store', `${by} has the lock`);
    const machine = this.machines.find(({ name }) => name === by);
    if (machine?.life !== undefined) this.onLocked?.(machine);
  }

  #checkLocks(): void {
    for (const { by, givenAtMs } of this.store.locks)
      if (this.scheduler.nowMs - givenAtMs > LEASE_MS) this.breaks(`the lock of ${by} outlives its lease`);
  }

  #signed(life: Life, config: SignedConfig): void {
    const { errCode, errMsg } = this.platform.verify({ ...config, url: config.url });
    if (errCode === 0) return;
    const isRevoked = life.held <= this.#newestRevoked;
    if (this.#options.clocksAreRight && !isRevoked)
      this.breaks(
        `${life.process.name}: a signature with ticket ${life.held} is refused: ${errCode} ${errMsg}`,
      );
    if (this.tickets.isLive(life.held)) return;
    this.trace.say(life.process.name, `a page was refused for ticket ${life.held}`);
    const report = async (): Promise<void> => {
      await life.replica.signer().report({ ...config, errorCode: NO_VALID_TICKET });
    };
    this.scheduler.after(
      REPORT_AFTER_MS,
      () => void this.#within(life, REPORT_PATIENCE_MS, 'a report has its answer', report()),
      life.process,
    );
  }

  #refused(life: Life, error: unknown): void {
    this.counts.refusedPages += 1;
    const isTold = error instanceof ServiceError && error.status === 503;
    this.trace.say(life.process.name, 'a page is refused for want of a ticket');
    if (!isTold) this.breaks(`${life.process.name}: a page was failed with ${String(error)}`);
  }

  /** Nothing waits for ever: `promise` is broken unless `work` settles in time, or the replica has ended. */
  async #within<T>(life: Life, limitMs: number, promise: string, work: Promise<T>): Promise<T> {
    const timer = life.process.clock.setTimer(() => this.breaks(`${life.process.name}: ${promise}`), limitMs);
    try {
      return await work;
    } finally {
      timer.cancel();
    }
  }

  /** Notes that a promise was broken; only the first counts. */
  breaks(promise: string): void {
    if (this.broken !== undefined) return;
    this.broken = promise;
    this.trace.say('BROKEN', promise);
  }
}
