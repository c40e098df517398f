// Keeps the app ticket of a store app: pushed by the platform every hour, shared through the store, asked for when missing.
import type { Clock } from '../../base/clock';
import { withDeadline } from '../../base/deadline';
import { Secret } from '../../base/secret';
import { SealedStore } from '../../tickets/sealed-store';
import type { Sealer } from '../../tickets/sealer';
import type { TicketStore } from '../../tickets/ticket-store';

/** What happened to an app ticket. */
export type PushedTicketEvent =
  | { type: 'app-ticket-received' | 'app-ticket-taken-from-store' | 'app-ticket-refused'; value: Secret }
  | { type: 'resend-asked' | 'resend-accepted' }
  | { type: 'resend-failed'; error: unknown };

/** How a keeper is made. */
export interface AppTicketKeeperOptions {
  /** Names the app ticket in the store: platform and app. */
  name: string;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  /** Milliseconds since the epoch by the platform's clock. */
  nowMs: () => number;
  /** Asks the platform to push an app ticket now. */
  resend: () => Promise<void>;
  onEvent?: (event: PushedTicketEvent) => void;
}

interface KeptAppTicket {
  value: Secret;
  /** When the platform made it, milliseconds since the epoch. */
  tsMs: number;
}

/** The platform pushes one every hour; an app ticket that is two days old has long been useless. */
const KEPT_FOR_MS = 172_800_000;
/** The platform answers a request with a push within seconds; whether it limits requests is not known. */
const FIRST_RESEND_PAUSE_MS = 10_000;
/** It pushes one every hour by itself; when that does not arrive either, more requests are useless. */
const MAX_RESEND_PAUSE_MS = 3_600_000;
/** Our time is corrected from 30 s off on: twice that is no clock's error. What claims to be made later counts as made now. */
const MAX_AHEAD_MS = 60_000;
/**
 * A second: pages of a store app that has no app ticket each have it looked for, and a file of many tenants takes half a second to
 * read. Redis announces a new app ticket, so the pause delays only what another process wrote into a file.
 */
const LOOK_PAUSE_MS = 1_000;

/** One app ticket. `get()` returns it; `offer()` accepts it from an event, and `set()` from an operator. */
export class PushedTicketKeeper {
  readonly #options: AppTicketKeeperOptions;
  readonly #onEvent: (event: PushedTicketEvent) => void;
  readonly #sealed: SealedStore<KeptAppTicket>;
  readonly #stopWatching: (() => void) | undefined;
  #kept: KeptAppTicket | undefined;
  /** The time of the newest one that the platform has refused; what is no newer is not taken again. */
  #refusedTsMs = -Infinity;
  #resendFromMs = -Infinity;
  #resendPauseMs = FIRST_RESEND_PAUSE_MS;
  /** The look into the store that is under way, or was less than a second ago. */
  #lastLook: { readonly untilMs: number; readonly ended: Promise<void> } | undefined;
  /** Those who wait for one to come. */
  readonly #waiting = new Set<() => void>();

  constructor(options: AppTicketKeeperOptions) {
    this.#options = options;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.#sealed = new SealedStore({
      ...options,
      form: {
        toText: ({ value, tsMs }) => JSON.stringify({ appTicket: value.reveal(), tsMs }),
        fromText: (text) => {
          const { appTicket, tsMs } = JSON.parse(text) as { appTicket: string; tsMs: number };
          return { value: new Secret(appTicket), tsMs: this.#possible(tsMs) };
        },
      },
      lifeMs: () => KEPT_FOR_MS,
    });
    this.#stopWatching = options.store.watch?.((name) => {
      if (name === undefined || name === options.name) this.#look().catch(() => undefined);
    }, options.name);
  }

  /** Whether there is one at hand. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /**
   * The app ticket, looked for in the store too. When it is missing, a push is requested and waited for as long as
   * `patienceMs`; then undefined. Never rejects.
   */
  async get(patienceMs = 0): Promise<Secret | undefined> {
    if (this.#kept === undefined) await this.#lookOnce();
    if (this.#kept === undefined) {
      this.#askForOne();
      if (patienceMs > 0) await this.#arrival(patienceMs);
    }
    return this.#kept?.value;
  }

  /**
   * Takes an app ticket that the platform made at `tsMs`, if that is later than what is kept, and stores it.
   * Resolves with whether it was taken, once the store has it or has failed. Never rejects.
   */
  async offer(value: Secret, tsMs: number): Promise<boolean> {
    const nowMs = this.#options.nowMs();
    const offered = { value, tsMs: tsMs > nowMs + MAX_AHEAD_MS ? nowMs : tsMs };
    if (!this.#takeIfNewer(offered, 'app-ticket-received')) return false;
    await this.#save(offered);
    return true;
  }

  /** Takes an app ticket in place of whatever is kept, here and in the store. Never rejects. */
  async set(value: Secret): Promise<void> {
    const storedTsMs = (await this.#sealed.read()).value?.tsMs ?? -Infinity;
    // Later than all that is known, so that other processes take it too.
    const tsMs = Math.max(this.#options.nowMs(), 1 + Math.max(this.#newestTsMs, storedTsMs));
    this.#take({ value, tsMs }, 'app-ticket-received');
    await this.#save({ value, tsMs });
  }

  /** The platform has accepted an app ticket: when it is missed again, that is a new case. */
  accepted(): void {
    this.#resendPauseMs = FIRST_RESEND_PAUSE_MS;
  }

  /** The platform refuses `value`: it is dropped, if it is still the one that is kept, and another is asked for. */
  refuse(value: Secret): void {
    if (this.#kept?.value.equals(value)) {
      this.#refusedTsMs = this.#kept.tsMs;
      this.#kept = undefined;
      this.#onEvent({ type: 'app-ticket-refused', value });
    }
    if (this.#kept === undefined) this.#askForOne();
  }

  close(): void {
    this.#stopWatching?.();
  }

  #takeIfNewer(offered: KeptAppTicket, type: 'app-ticket-received' | 'app-ticket-taken-from-store'): boolean {
    if (offered.tsMs <= this.#newestTsMs) return false;
    this.#take(offered, type);
    return true;
  }

  /** The time of the newest one that was kept; -Infinity without one. */
  get #newestTsMs(): number {
    return Math.max(this.#possible(this.#kept?.tsMs ?? -Infinity), this.#possible(this.#refusedTsMs));
  }

  /**
   * `tsMs`, or 0 for a time that no clock explains: an older version stored whatever an event named, or our clock was wrong
   * when it was noted. Such an app ticket may be good, but every other one is newer.
   */
  #possible(tsMs: number): number {
    // The clock of the process that stored it may be as far off as ours, in the other direction.
    return tsMs <= this.#options.nowMs() + 2 * MAX_AHEAD_MS ? tsMs : 0;
  }

  #take(kept: KeptAppTicket, type: 'app-ticket-received' | 'app-ticket-taken-from-store'): void {
    this.#kept = kept;
    for (const resolve of this.#waiting) resolve();
    this.#onEvent({ type, value: kept.value });
  }

  #askForOne(): void {
    const { clock, resend } = this.#options;
    if (clock.monotonicMs() < this.#resendFromMs) return;
    this.#resendFromMs = clock.monotonicMs() + this.#resendPauseMs;
    this.#resendPauseMs = Math.min(2 * this.#resendPauseMs, MAX_RESEND_PAUSE_MS);
    this.#onEvent({ type: 'resend-asked' });
    void resend().then(
      () => this.#onEvent({ type: 'resend-accepted' }),
      (error: unknown) => this.#onEvent({ type: 'resend-failed', error }),
    );
  }

  async #arrival(limitMs: number): Promise<void> {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    this.#waiting.add(arrived);
    await withDeadline(arrival, limitMs, this.#options.clock, 'an app ticket').catch(() => undefined);
    this.#waiting.delete(arrived);
  }

  /** Looks into the store, at most once a second however many callers need the app ticket. */
  #lookOnce(): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#lastLook === undefined || nowMs >= this.#lastLook.untilMs)
      this.#lastLook = { untilMs: nowMs + LOOK_PAUSE_MS, ended: this.#look() };
    return this.#lastLook.ended;
  }

  async #look(): Promise<void> {
    const { value: stored } = await this.#sealed.read();
    if (stored !== undefined) this.#takeIfNewer(stored, 'app-ticket-taken-from-store');
  }

  #save(kept: KeptAppTicket): Promise<void> {
    return this.#sealed.update((stored) =>
      stored !== undefined && stored.tsMs >= kept.tsMs ? undefined : kept,
    );
  }
}
