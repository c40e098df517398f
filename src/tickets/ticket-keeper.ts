// Keeps the ticket of one app (and tenant): loads it from the store or the platform, renews it, and stores it.
import { isPlausibleTime } from '../base/is-plausible-time';
import type { Clock, Timed } from '../base/clock';
import { withDeadline } from '../base/deadline';
import type { Secret } from '../base/secret';
import type { RandomSource } from '../base/random';
import { renewAhead, type RenewalPolicy } from './renewal-policy';
import type { RenewingEvent } from './renewal';
import { RenewingValue } from './renewing-value';
import { SealedStore, STORE_DEADLINE_MS, type Kept } from './sealed-store';
import type { Sealer } from './sealer';
import { isNewer, TICKET_FORM, type StoredTicket } from './stored-ticket';
import type { TicketLock, TicketStore } from './ticket-store';

/** What happened to a ticket. */
export type TicketEvent =
  | RenewingEvent<Secret>
  | { type: 'suspected'; value: Secret }
  | { type: 'taken-from-store'; value: Secret; lifeMs: number; leftMs: number }
  | { type: 'store-unreadable' };

/** The platform's time by a store's clock: a ticket's end, less what the store still keeps the ticket for. */
export interface StoreTime {
  /** Milliseconds since the epoch. */
  platformMs: number;
  sentMonotonicMs: number;
  receivedMonotonicMs: number;
}

/** The platform's time, as far as it is known. */
export interface TicketTime {
  /** Milliseconds since the epoch by the platform's clock, so that processes with different clocks agree. */
  nowMs(): number;
  /** Calls `listener` when that turns out to be another time; `offsetMs` is undefined while it is being measured. Returns what ends it. */
  onChange?(listener: (change: { offsetMs: number | undefined }) => void): () => void;
  /** Sets the time by the store's clock, while no other source is known. Default: the store is not asked. */
  fromStore?: { isWanted(): boolean; observe(time: StoreTime): void };
}

/** How a keeper is made. */
export interface TicketKeeperOptions {
  /** Names the ticket in the store: platform, app and tenant. */
  name: string;
  /** Fetches a ticket from the platform. */
  load: (signal: AbortSignal) => Promise<Timed<Secret>>;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  time: TicketTime;
  random: RandomSource;
  /** When it is renewed, and how failures back off. Default: ahead of its end, by a timer. */
  policy?: Pick<RenewalPolicy, 'byTimer' | 'retryDelayMs'> | undefined;
  onEvent?: (event: TicketEvent) => void;
}

/** How long a lock lasts at most: as long as the load it is for, so that a dead holder causes no longer wait. */
const LOCK_LEASE_MS = 15_000;
/** How long a load waits for another process that is loading, while pages wait: below their 5 s. */
const PATIENCE_WITHOUT_TICKET_MS = 3_000;
/**
 * The same while a valid ticket is in use: there is no hurry, but the load has to end inside its own deadline. And at most
 * half of what the ticket is still good for, so that the call that follows ends in time too.
 */
const PATIENCE_WITH_TICKET_MS = 8_000;
/** How often a waiting load checks whether the other load is done, without an announcement. */
const LOOK_EVERY_MS = 250;

/** The store counts whole milliseconds from the moment it wrote, which came a little later than it was told the ticket's life. */
const STORE_LIFE_TOLERANCE_MS = 1_000;

/** Whose turn it is to ask the platform: ours with a lock, ours without one, or another process's. */
type Turn = TicketLock | 'free' | 'taken';

/** One ticket through its life. */
export class TicketKeeper {
  readonly #options: TicketKeeperOptions;
  /** The ticket. It is doubted and closed through the keeper only. */
  readonly value: RenewingValue<Secret>;
  readonly #sealed: SealedStore<StoredTicket>;
  readonly #onEvent: (event: TicketEvent) => void;
  readonly #stopWatching: (() => void) | undefined;
  readonly #stopListening: (() => void) | undefined;
  #lastTaken: StoredTicket | undefined;
  /** What the platform gave us last. */
  #lastFetched: StoredTicket | undefined;

  constructor(options: TicketKeeperOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.value = new RenewingValue({
      load: (signal) => this.#load(signal),
      policy: { ...renewAhead, ...options.policy },
      clock,
      random,
      same: (a, b) => a.equals(b),
      onEvent: this.#onEvent,
    });
    this.#sealed = new SealedStore({
      ...options,
      form: TICKET_FORM,
      // Exactly its life: other processes may tell the time by it.
      lifeMs: ({ endsAtMs, lifeMs }) => Math.min(endsAtMs - options.time.nowMs(), lifeMs),
      onUnreadable: () => this.#onEvent({ type: 'store-unreadable' }),
    });
    this.#stopWatching = options.store.watch?.((name) => {
      // No caller awaits it: a listener of the host's that throws must not end the process.
      if (name === options.name) this.#takeNewer().catch(() => undefined);
      else if (name === undefined) this.#catchUp().catch(() => undefined);
    }, options.name);
    this.#stopListening = options.time.onChange?.(({ offsetMs }) => {
      if (offsetMs !== undefined) this.#countAgain();
    });
  }

  /** Doubts the ticket: starts at most one load for it, and keeps handing it out. Returns whether a load was started. */
  suspect(ticket: Secret): boolean {
    const started = this.value.suspect(ticket);
    if (started) this.#onEvent({ type: 'suspected', value: ticket });
    return started;
  }

  close(): void {
    this.#stopWatching?.();
    this.#stopListening?.();
    this.value.close();
  }

  /** A ticket from the store counts its life by the platform's time, which turned out to be another. */
  #countAgain(): void {
    const taken = this.#lastTaken;
    if (taken !== undefined && this.value.peek()?.equals(taken.value)) this.value.offer(this.#take(taken));
  }

  async #load(signal: AbortSignal): Promise<Timed<Secret>> {
    const { clock, store } = this.#options;
    const patientUntilMs = clock.monotonicMs() + this.#patienceMs();
    let turn: Turn = store.lock === undefined ? 'free' : 'taken';
    for (;;) {
      const kept = await this.#sealed.read();
      if (signal.aborted) {
        // Another process's ticket was announced meanwhile: neither the lock nor a token is needed any more.
        this.#release(turn);
        throw signal.reason;
      }
      const { envelope, value: stored } = kept;
      if (stored !== undefined && envelope !== undefined) void this.#learnTime(stored, envelope);
      if (stored !== undefined && this.#isWorthTaking(stored)) {
        this.#release(turn);
        return this.#take(stored);
      }
      // The store is read before and after taking the lock: the previous holder may have just stored a ticket.
      if (turn !== 'taken') return this.#fetch(signal, kept, turn);
      turn = await this.#tryLock();
      if (turn !== 'taken') continue;
      if (clock.monotonicMs() >= patientUntilMs) return this.#fetch(signal, kept, 'free');
      await new Promise<void>((resolve) => clock.setTimer(resolve, LOOK_EVERY_MS));
      signal.throwIfAborted();
    }
  }

  /** How long a load that begins now waits for another process's. */
  #patienceMs(): number {
    const { usableForMs = 0 } = this.value.state;
    return usableForMs > 0 ? Math.min(PATIENCE_WITH_TICKET_MS, usableForMs / 2) : PATIENCE_WITHOUT_TICKET_MS;
  }

  /** Another process may have stored a newer ticket. Resolves with what the store holds; never rejects. */
  async #takeNewer(): Promise<Kept<StoredTicket>> {
    const kept = await this.#sealed.read();
    this.#offer(kept.value);
    return kept;
  }

  #offer(stored: StoredTicket | undefined): void {
    if (stored !== undefined && this.#isWorthTaking(stored)) this.value.offer(this.#take(stored));
  }

  /**
   * The store was out of reach, or has forgotten: what it holds may be newer, and what we fetched meanwhile may be missing
   * there. Never rejects.
   */
  async #catchUp(): Promise<void> {
    const kept = await this.#takeNewer();
    const fetched = this.#lastFetched;
    if (fetched !== undefined && this.value.peek()?.equals(fetched.value)) await this.#save(fetched, kept);
  }

  /** Asks the platform, stores what it gives and ends the turn, both in the background: a slow store delays no caller. */
  async #fetch(signal: AbortSignal, kept: Kept<StoredTicket>, turn: Turn): Promise<Timed<Secret>> {
    let saved: Promise<void> | undefined;
    try {
      const loaded = await this.#options.load(signal);
      this.#lastFetched = this.#toStored(loaded);
      saved = this.#save(this.#lastFetched, kept);
      return loaded;
    } finally {
      void (saved ?? Promise.resolve()).then(() => {
        this.#release(turn);
      });
    }
  }

  /** The lock, 'taken' when another process has it, or 'free' to continue without it when the store fails. */
  async #tryLock(): Promise<Turn> {
    const { store, name, clock } = this.#options;
    // Inside an async function, so that a store that throws at once rejects too.
    const locking = (async () => store.lock?.(name, LOCK_LEASE_MS))();
    try {
      return (await withDeadline(locking, STORE_DEADLINE_MS, clock, 'locking in the store')) ?? 'taken';
    } catch {
      // The lock may still arrive: then it is released at once.
      void locking.then(
        (lock) => {
          if (lock !== undefined) this.#release(lock);
        },
        () => undefined,
      );
      return 'free';
    }
  }

  #release(turn: Turn): void {
    // A lock that cannot be released ends with its lease.
    if (typeof turn === 'object') void turn.release().catch(() => undefined);
  }

  #isWorthTaking(stored: StoredTicket): boolean {
    const leftMs = stored.endsAtMs - this.#options.time.nowMs();
    // A ticket that has expired, or is about to, is left to the platform.
    if (leftMs <= stored.lifeMs - renewAhead.usableForMs(stored.lifeMs)) return false;
    const held = this.value.peek();
    if (held === undefined) return true;
    // `usableForMs` leaves out the margin, which is small compared with the difference that makes a ticket newer.
    const endsAtMs = this.#options.time.nowMs() + (this.value.state.usableForMs ?? 0);
    return isNewer(stored, { value: held, endsAtMs });
  }

  #take(stored: StoredTicket): Timed<Secret> {
    const { value, endsAtMs, lifeMs } = stored;
    this.#lastTaken = stored;
    const { clock, time } = this.#options;
    const leftMs = Math.min(endsAtMs - time.nowMs(), lifeMs);
    const ageMs = lifeMs - leftMs;
    this.#onEvent({ type: 'taken-from-store', value, lifeMs, leftMs });
    return {
      value,
      lifeMs,
      sentAt: { wallMs: clock.wallMs() - ageMs, monotonicMs: clock.monotonicMs() - ageMs },
    };
  }

  /** A process whose clock is wrong would otherwise sign with it until the platform answers. Never rejects. */
  async #learnTime({ endsAtMs, lifeMs }: StoredTicket, envelope: string): Promise<void> {
    const { clock, time } = this.#options;
    if (!time.fromStore?.isWanted()) return;
    const sentMonotonicMs = clock.monotonicMs();
    const leftMs = await this.#sealed.leftMs(envelope);
    // What is left is not sealed: a writer to the store can change it, within the life of the ticket and no further.
    if (leftMs === undefined || !(leftMs > 0 && leftMs <= lifeMs + STORE_LIFE_TOLERANCE_MS)) return;
    const platformMs = endsAtMs - leftMs;
    if (!isPlausibleTime(platformMs)) return;
    time.fromStore.observe({
      platformMs,
      sentMonotonicMs,
      receivedMonotonicMs: clock.monotonicMs(),
    });
  }

  #toStored({ value, sentAt, lifeMs }: Timed<Secret>): StoredTicket {
    const { clock, time } = this.#options;
    const ageMs = clock.monotonicMs() - sentAt.monotonicMs;
    return { value, endsAtMs: time.nowMs() - ageMs + lifeMs, lifeMs };
  }

  /** Writes a ticket over what was read; never over a newer one, nor over itself. Never rejects. */
  async #save(ticket: StoredTicket, read: Kept<StoredTicket>): Promise<void> {
    // By a clock that was never set, while the platform's is not known: it would tell others nothing.
    if (!isPlausibleTime(ticket.endsAtMs)) return;
    await this.#sealed.update((stored) => {
      // The ticket that another process has written meanwhile.
      if (stored !== read.value) this.#offer(stored);
      return stored !== undefined && (stored.value.equals(ticket.value) || isNewer(stored, ticket))
        ? undefined
        : ticket;
    }, read);
  }
}
