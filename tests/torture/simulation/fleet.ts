// A fleet in one process: replicas, their store, the platform and the network between them, on one simulated time.
import { Life } from './life';
import { PAGE_HOST, startReplica } from './replica';
import { Scheduler } from './scheduler';
import { createSeededRandom, type SeededRandom } from '../seeded-random';
import { SharedStore } from './shared-store';
import { SimulatedNetwork } from './simulated-network';
import { PLATFORM_URL, SimulatedPlatform, type SimulatedApp } from './simulated-platform';
import { SimulatedProcess } from './simulated-process';
import { TicketBook } from './ticket-book';
import { Trace } from './trace';
import { Traffic } from './traffic';

/** How a fleet is made. */
export interface FleetOptions {
  seed: number;
  replicas: number;
  ticketLifeSeconds: number;
  /** How far each machine's clock is ahead of the truth, drawn machine by machine. */
  aheadMs: (random: SeededRandom) => number;
  /** Whether all clocks are right to 2 s, and stay so. */
  clocksAreRight: boolean;
  /** Whether every page must get a signature: the platform can be reached, and gives one at once. */
  platformIsGood: boolean;
  /** Keeps the whole trace. */
  traceAll: boolean;
}

/** A machine that runs one replica after the other. */
export interface Machine {
  readonly name: string;
  readonly aheadMs: number;
  life: Life | undefined;
}

const APP: SimulatedApp = { appId: 'cli_simulated', appSecret: 'the secret of the simulated app' };
const STORE_NAME = `${PLATFORM_URL} ${APP.appId}`;
/** What `docs/operations/fleet.md` says: the lock lasts no longer. */
const LEASE_MS = 15_000;
/** A hundred times what a fleet of this size does when it starts all at once. */
const MAX_STEPS_A_MS = 10_000;

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
  readonly traffic: Traffic;
  /** How often a replica was started. */
  starts = 0;
  /** The first promise that was broken. */
  broken: string | undefined;
  /** Told of every lock that is given. */
  onLocked: ((machine: Machine) => void) | undefined;
  readonly #options: FleetOptions;
  #progress = { atMs: -Infinity, steps: 0 };
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
    this.traffic = new Traffic({
      ...options,
      scheduler,
      platform: this.platform,
      tickets: this.tickets,
      trace: this.trace,
      isRevoked: (number) => number <= this.#newestRevoked,
      onBroken: (promise) => this.breaks(promise),
    });
    this.machines = Array.from({ length: replicas }, (_, index) => ({
      name: `replica-${index + 1}`,
      aheadMs: aheadMs(this.random),
      life: undefined,
    }));
  }

  /** The lives that continue. */
  get lives(): Life[] {
    return this.machines.flatMap(({ life }) => life ?? []);
  }

  get ticketCalls(): number {
    return this.platform.counters.calls('ticket');
  }

  /** Starts the replica of a machine that runs none. */
  start(machine: Machine): void {
    if (machine.life !== undefined) return;
    this.starts += 1;
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
      random: createSeededRandom(this.#options.seed, `${machine.name} ${this.starts}`),
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

  /** Lets time pass, until `untilMs` at the latest, `isOver`, or a broken promise. */
  async run(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    if (this.broken !== undefined) return;
    await this.scheduler.runUntil(untilMs, (owner) => {
      const life = owner instanceof SimulatedProcess ? this.#lifeOf(owner) : undefined;
      life?.check();
      this.#checkLocks();
      this.#checkProgress();
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

  /** Something that calls for itself again at once never lets time advance. */
  #checkProgress(): void {
    const { nowMs, steps } = this.scheduler;
    if (nowMs > this.#progress.atMs + 1) this.#progress = { atMs: nowMs, steps };
    else if (steps - this.#progress.steps > MAX_STEPS_A_MS)
      this.breaks('time continues: something runs in a circle');
  }

  #checkLocks(): void {
    for (const { by, givenAtMs } of this.store.locks)
      if (this.scheduler.nowMs - givenAtMs > LEASE_MS) this.breaks(`the lock of ${by} outlives its lease`);
  }

  /** Notes that a promise was broken; only the first counts. */
  breaks(promise: string): void {
    if (this.broken !== undefined) return;
    this.broken = promise;
    this.trace.say('BROKEN', promise);
  }
}
