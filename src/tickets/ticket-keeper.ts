// Keeps the ticket of one app (and tenant): loads it from the store or the platform, renews it, and stores it.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import { withDeadline } from '../deadline';
import { Secret } from '../secret';
import { renewAhead, type RandomSource } from './renewal-policy';
import { RenewingValue, type Loaded, type RenewingEvent, type RenewingState } from './renewing-value';
import type { Sealer } from './sealer';
import type { TicketStore } from './ticket-store';

/** What happened to a ticket or its store. */
export type TicketEvent =
  | RenewingEvent<Secret>
  | { type: 'taken-from-store'; value: Secret; lifeMs: number; leftMs: number }
  | { type: 'store-unreadable' }
  | { type: 'store-failed'; operation: 'read' | 'write'; error: unknown };

/** How a keeper is made. */
export interface TicketKeeperOptions {
  /** Names the ticket in the store: platform, app and tenant. */
  name: string;
  /** Fetches a ticket from the platform. */
  load: (signal: AbortSignal) => Promise<Loaded<Secret>>;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  /** Milliseconds since the epoch by the platform's clock, so that processes with different clocks agree. */
  nowMs: () => number;
  random: RandomSource;
  onEvent?: (event: TicketEvent) => void;
}

/** How long a store may take before the keeper goes on without it: a page waits behind this at a cold start. */
const STORE_DEADLINE_MS = 1_000;
/** A stored ticket is newer when it ends later by more than this; less is two clocks' disagreement. */
const NEWER_BY_MS = 60_000;

interface StoredTicket {
  value: Secret;
  endsAtMs: number;
  lifeMs: number;
}

/** One ticket through its life. `get()` gives it at once while it is valid. */
export class TicketKeeper {
  readonly #options: TicketKeeperOptions;
  readonly #value: RenewingValue<Secret>;
  readonly #onEvent: (event: TicketEvent) => void;

  constructor(options: TicketKeeperOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.#value = new RenewingValue({
      load: (signal) => this.#load(signal),
      policy: renewAhead,
      clock,
      random,
      same: (a, b) => a.equals(b),
      onEvent: this.#onEvent,
    });
  }

  /** The ticket at once while it is valid; otherwise a promise that rejects with ValueUnavailableError. */
  get(): Secret | Promise<Secret> {
    return this.#value.get();
  }

  /** The ticket while it is valid; never waits. */
  peek(): Secret | undefined {
    return this.#value.peek();
  }

  /** Starts loading, so that the first page finds a ticket. */
  warmUp(): void {
    this.#value.warmUp();
  }

  /** A snapshot for readiness, metrics and operators. */
  get state(): RenewingState {
    return this.#value.state;
  }

  close(): void {
    this.#value.close();
  }

  async #load(signal: AbortSignal): Promise<Loaded<Secret>> {
    const envelope = await this.#read();
    const stored = this.#open(envelope);
    if (stored !== undefined && this.#isWorthTaking(stored)) return this.#take(stored);
    const loaded = await this.#options.load(signal);
    // Stored behind the caller's back: a slow store holds up nobody.
    void this.#save(loaded, envelope);
    return loaded;
  }

  #isWorthTaking(stored: StoredTicket): boolean {
    const leftMs = stored.endsAtMs - this.#options.nowMs();
    // What has run out, or is about to, is left to the platform.
    if (leftMs <= stored.lifeMs - renewAhead.usableForMs(stored.lifeMs)) return false;
    const held = this.#value.peek();
    if (held === undefined) return true;
    const heldForMs = this.#value.state.usableForMs ?? 0;
    return !held.equals(stored.value) && leftMs - heldForMs > newerByMs(stored.lifeMs);
  }

  #take({ value, endsAtMs, lifeMs }: StoredTicket): Loaded<Secret> {
    const { clock, nowMs } = this.#options;
    const leftMs = Math.min(endsAtMs - nowMs(), lifeMs);
    const ageMs = lifeMs - leftMs;
    this.#onEvent({ type: 'taken-from-store', value, lifeMs, leftMs });
    return {
      value,
      lifeMs,
      sentAt: { wallMs: clock.wallMs() - ageMs, monotonicMs: clock.monotonicMs() - ageMs },
    };
  }

  async #read(): Promise<string | undefined> {
    const { store, name, clock } = this.#options;
    try {
      return await withDeadline(store.read(name), STORE_DEADLINE_MS, clock, 'reading the store');
    } catch (error) {
      this.#onEvent({ type: 'store-failed', operation: 'read', error });
      return undefined;
    }
  }

  /** Writes a loaded ticket over `replacing`; never over a newer one, nor over itself. */
  async #save(loaded: Loaded<Secret>, replacing: string | undefined): Promise<void> {
    const { store, name, sealer, clock, nowMs } = this.#options;
    const ageMs = clock.monotonicMs() - loaded.sentAt.monotonicMs;
    const ticket: StoredTicket = {
      value: loaded.value,
      endsAtMs: nowMs() - ageMs + loaded.lifeMs,
      lifeMs: loaded.lifeMs,
    };
    let current = replacing;
    // Twice: the second time with what somebody else has written in between. A third writer will have a newer one.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const stored = this.#open(current);
      if (stored !== undefined && (stored.value.equals(ticket.value) || isNewer(stored, ticket))) return;
      try {
        const text = sealer.seal(name, serialise(ticket));
        const options = { replacing: current, lifeMs: loaded.lifeMs };
        const write = store.write(name, text, options);
        if (await withDeadline(write, STORE_DEADLINE_MS, clock, 'writing the store')) return;
      } catch (error) {
        this.#onEvent({ type: 'store-failed', operation: 'write', error });
        return;
      }
      current = await this.#read();
    }
  }

  #open(envelope: string | undefined): StoredTicket | undefined {
    if (envelope === undefined) return undefined;
    const text = this.#options.sealer.open(this.#options.name, envelope);
    if (text === undefined) this.#onEvent({ type: 'store-unreadable' });
    return text === undefined ? undefined : deserialise(text);
  }
}

/** First 8 hexadecimal characters of a ticket's SHA-256: names it in logs without giving it away. */
export function fingerprint(ticket: Secret): string {
  return createHash('sha256').update(ticket.reveal()).digest('hex').slice(0, 8);
}

function newerByMs(lifeMs: number): number {
  return Math.min(NEWER_BY_MS, lifeMs / 10);
}

function isNewer(ticket: StoredTicket, than: StoredTicket): boolean {
  return ticket.endsAtMs - than.endsAtMs > newerByMs(ticket.lifeMs);
}

function serialise({ value, endsAtMs, lifeMs }: StoredTicket): string {
  return JSON.stringify({ ticket: value.reveal(), endsAtMs, lifeMs });
}

/** The inverse of `serialise`. Only what we sealed ourselves is opened, so its form is known. */
function deserialise(text: string): StoredTicket {
  const { ticket, endsAtMs, lifeMs } = JSON.parse(text) as {
    ticket: string;
    endsAtMs: number;
    lifeMs: number;
  };
  return { value: new Secret(ticket), endsAtMs, lifeMs };
}
