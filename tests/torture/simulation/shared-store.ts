// A shared store as a server with a network in between: the contract of a ticket store, with leases and announcements.
import { withDeadline } from '../../../src/base/deadline';
import type { TicketLock, TicketStore } from '../../../src/tickets/ticket-store';
import type { SimulatedNetwork } from './simulated-network';
import type { Scheduler } from './scheduler';
import type { SeededRandom } from '../seeded-random';
import type { SimulatedProcess } from './simulated-process';

/** Its name in the network. */
export const STORE = 'the store';

/** Called with the server's actions; nothing of this is known to the clients. */
export interface StoreListener {
  onCommand?(): void;
  /** An answer to a read has arrived, so long after it was asked for. */
  onRead?(text: string, by: SimulatedProcess, tookMs: number): void;
  onWritten?(name: string, text: string, by: string): void;
  onLocked?(name: string, by: string): void;
  onUnlocked?(name: string, by: string): void;
}

/** How the server is made. */
export interface SharedStoreOptions {
  scheduler: Scheduler;
  network: SimulatedNetwork;
  random: SeededRandom;
  listener?: StoreListener;
  /** How long it works at a command, and at telling one watcher. One at a time, as Redis does. Default 0. */
  commandMs?: number;
  tellMs?: number;
}

/** A lock that was given. */
export interface GivenLock {
  readonly name: string;
  readonly by: string;
  readonly givenAtMs: number;
  /** By itself, unless it is released before. */
  readonly endsAtMs: number;
}

type OnChange = (name: string | undefined) => void;

/** A subscriber that was cut off connects again after a tenth of a second to five, as the Redis store does. */
const RECONNECT_MS = { least: 100, most: 5_000 };

/** A process that ends waits no longer for a store that does not answer; the same as the Redis store. */
const CLOSE_LIMIT_MS = 500;

/** The server. `open` gives a process its client. */
export class SharedStore {
  /** `hung`: takes commands and carries them out when it is up again. */
  state: 'up' | 'down' | 'hung' = 'up';
  readonly #options: SharedStoreOptions;
  readonly #texts = new Map<string, { text: string; endsAtMs: number }>();
  readonly #locks = new Map<string, GivenLock>();
  readonly #watchers = new Map<SimulatedProcess, Set<OnChange>>();
  #laidUp: (() => void)[] = [];
  #busyUntilMs = 0;

  constructor(options: SharedStoreOptions) {
    this.#options = options;
  }

  /** The locks that are in force. */
  get locks(): GivenLock[] {
    return [...this.#locks.values()].filter(({ endsAtMs }) => endsAtMs > this.#nowMs);
  }

  /** Forgets everything. */
  flush(): void {
    this.#texts.clear();
    this.#locks.clear();
  }

  /** Answers again, first what lay in its sockets. */
  resume(): void {
    const waiting = this.#laidUp;
    const wasDown = this.state === 'down';
    this.state = 'up';
    this.#laidUp = [];
    for (const command of waiting) command();
    if (wasDown) for (const process of this.#watchers.keys()) this.reconnect(process);
  }

  /** The subscription of `process` was broken, and is made anew: it is notified that it may have missed something. */
  reconnect(process: SimulatedProcess): void {
    const delayMs = this.#options.random.between(RECONNECT_MS.least, RECONNECT_MS.most);
    this.#options.scheduler.after(delayMs, () => this.#tellOf(undefined, [process]), process);
  }

  /** The store as `process` has it. */
  open(process: SimulatedProcess): Required<TicketStore> {
    const own = new Set<OnChange>();
    this.#watchers.set(process, own);
    const ending = new Set<Promise<unknown>>();
    const call = <T>(execute: () => T): Promise<T> => {
      const answer = this.#call(process, execute);
      const ended: Promise<void> = answer.then(forget, forget);
      function forget(): void {
        ending.delete(ended);
      }
      ending.add(ended);
      return answer;
    };
    return {
      read: async (name) => {
        const askedMs = this.#nowMs;
        const text = await call(() => this.#read(name));
        if (text !== undefined) this.#options.listener?.onRead?.(text, process, this.#nowMs - askedMs);
        return text;
      },
      write: async (name, text, how) => call(() => this.#write(process, name, text, how)),
      leftMs: (name, text) => call(() => this.#leftMs(name, text)),
      lock: async (name, leaseMs) => {
        const given = await call(() => this.#lock(process, name, leaseMs));
        return given && this.#held(given, call);
      },
      watch: (onChange) => {
        // A function of its own, so that the same one may watch twice.
        const watcher: OnChange = (name) => onChange(name);
        own.add(watcher);
        return () => void own.delete(watcher);
      },
      close: async () => {
        this.#watchers.delete(process);
        await withDeadline(Promise.all(ending), CLOSE_LIMIT_MS, process.clock, 'closing').catch(
          () => undefined,
        );
      },
    };
  }

  get #nowMs(): number {
    return this.#options.scheduler.nowMs;
  }

  #held(given: GivenLock, call: (execute: () => void) => Promise<void>): TicketLock {
    // A promise of its own, so that an unhandled rejection is noticed.
    return { release: async () => call(() => this.#release(given)) };
  }

  /** A command on its way there and its answer on its way back; either may be lost. */
  #call<T>(process: SimulatedProcess, execute: () => T): Promise<T> {
    const { network } = this.#options;
    return new Promise((resolve, reject) => {
      const onLost = (): void => reject(new Error('the connection to the store broke'));
      const back = { from: STORE, to: process.name, receiver: process };
      const carryOut = (): void => {
        const result = execute();
        network.send(back, () => resolve(result), { onLost, afterMs: this.#work() });
      };
      const arrive = (): void => {
        if (this.state === 'down')
          network.send(back, () => reject(new Error('the store refuses connections')));
        else if (this.state === 'hung') this.#laidUp.push(carryOut);
        else carryOut();
      };
      network.send({ from: process.name, to: STORE }, arrive, { onLost, repeatable: true });
    });
  }

  /** Takes its time for one command after the other; returns how long until this one is answered. */
  #work(): number {
    const { commandMs = 0, listener } = this.#options;
    listener?.onCommand?.();
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.#nowMs) + commandMs;
    return this.#busyUntilMs - this.#nowMs;
  }

  #read(name: string): string | undefined {
    const kept = this.#texts.get(name);
    return kept !== undefined && kept.endsAtMs > this.#nowMs ? kept.text : undefined;
  }

  #leftMs(name: string, text: string): number | undefined {
    const kept = this.#texts.get(name);
    return kept?.text === text && kept.endsAtMs > this.#nowMs ? kept.endsAtMs - this.#nowMs : undefined;
  }

  #write(
    by: SimulatedProcess,
    name: string,
    text: string,
    { replacing, lifeMs }: Parameters<TicketStore['write']>[2],
  ): boolean {
    if (this.#read(name) !== replacing) return false;
    this.#texts.set(name, { text, endsAtMs: this.#nowMs + lifeMs });
    this.#options.listener?.onWritten?.(name, text, by.name);
    this.#tellOf(
      name,
      [...this.#watchers.keys()].filter((process) => process !== by),
    );
    return true;
  }

  #lock(process: SimulatedProcess, name: string, leaseMs: number): GivenLock | undefined {
    const held = this.#locks.get(name);
    if (held !== undefined && held.endsAtMs > this.#nowMs) return undefined;
    const given = { name, by: process.name, givenAtMs: this.#nowMs, endsAtMs: this.#nowMs + leaseMs };
    this.#locks.set(name, given);
    this.#options.listener?.onLocked?.(name, process.name);
    return given;
  }

  #release(given: GivenLock): void {
    if (this.#locks.get(given.name) !== given) return;
    this.#locks.delete(given.name);
    this.#options.listener?.onUnlocked?.(given.name, given.by);
  }

  /** One message to each process, which all its watchers receive. */
  #tellOf(name: string | undefined, processes: Iterable<SimulatedProcess>): void {
    const { network, tellMs = 0 } = this.#options;
    let afterMs = 0;
    for (const process of processes) {
      if (!process.isAlive) this.#watchers.delete(process);
      const hear = (): void => {
        for (const onChange of this.#watchers.get(process) ?? []) onChange(name);
      };
      afterMs += tellMs;
      const route = { from: STORE, to: process.name, receiver: process };
      network.send(route, hear, { repeatable: true, afterMs });
    }
  }
}
