// The tenants that a store app has signed for, kept in the store so that a restart does not make them strangers.
import type { Clock } from '../../base/clock';
import { withDeadline } from '../../base/deadline';
import type { Sealer } from '../../tickets/sealer';
import type { TicketStore } from '../../tickets/ticket-store';

/** How the list is made. */
export interface KnownTenantsOptions {
  /** Names the list in the store: platform and app. */
  name: string;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  /** Hears of every tenant that the store knows. May be told of one again. */
  onKnown: (tenantKey: string) => void;
  onStoreFailed: (operation: 'read' | 'write', error: unknown) => void;
}

/** As for tickets: a store that takes longer is done without. */
const STORE_DEADLINE_MS = 1_000;
/** Strangers ask for a look: one every 10 s is nothing for a store, and as late as a new tenant of another process is known. */
const LOOK_PAUSE_MS = 10_000;
/** A quarter: a tenant that nobody has asked for in that time is a stranger again. */
const KEPT_FOR_MS = 90 * 86_400_000;
/** As many as one process remembers; about 200 KB of text. */
const MOST_KEPT = 10_000;
/** Processes that add at the same time meet rarely: the third writer has seen what the others wrote. */
const MOST_WRITES = 3;

/** The list of one app. Never rejects: without the store, tenants are strangers again after a restart. */
export class KnownTenants {
  readonly #options: KnownTenantsOptions;
  #looksFromMs = -Infinity;
  #looking: Promise<void> | undefined;
  #adding: Promise<void> = Promise.resolve();
  readonly #toAdd = new Set<string>();

  constructor(options: KnownTenantsOptions) {
    this.#options = options;
  }

  /** Looks into the store, at most once in 10 s; resolves at once in between. */
  async look(): Promise<void> {
    const { clock } = this.#options;
    if (this.#looking === undefined && clock.monotonicMs() >= this.#looksFromMs) {
      this.#looksFromMs = clock.monotonicMs() + LOOK_PAUSE_MS;
      this.#looking = this.#read().then(({ keys }) => {
        for (const tenantKey of keys) this.#options.onKnown(tenantKey);
        this.#looking = undefined;
      });
    }
    await this.#looking;
  }

  /** Adds a tenant to what the store knows; those that come while it is written are added together. */
  add(tenantKey: string): void {
    this.#toAdd.add(tenantKey);
    if (this.#toAdd.size === 1) this.#adding = this.#adding.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const { store, name, sealer, clock, onStoreFailed } = this.#options;
    const added = [...this.#toAdd];
    this.#toAdd.clear();
    for (let attempt = 0; attempt < MOST_WRITES; attempt += 1) {
      const { keys, text: replacing } = await this.#read();
      // The latest last, so that the oldest are forgotten.
      const all = [...new Set([...keys, ...added])].slice(-MOST_KEPT);
      if (all.length === keys.length && added.every((key) => keys.includes(key))) return;
      const text = sealer.seal(name, JSON.stringify(all));
      try {
        const write = store.write(name, text, { replacing, lifeMs: KEPT_FOR_MS });
        if (await withDeadline(write, STORE_DEADLINE_MS, clock, 'writing the store')) return;
      } catch (error) {
        onStoreFailed('write', error);
        return;
      }
    }
  }

  async #read(): Promise<{ keys: string[]; text: string | undefined }> {
    const { store, name, sealer, clock, onStoreFailed } = this.#options;
    try {
      const text = await withDeadline(store.read(name), STORE_DEADLINE_MS, clock, 'reading the store');
      const opened = text === undefined ? undefined : sealer.open(name, text);
      // Only what we sealed ourselves opens, so its form is known.
      return { keys: opened === undefined ? [] : (JSON.parse(opened) as string[]), text };
    } catch (error) {
      onStoreFailed('read', error);
      return { keys: [], text: undefined };
    }
  }
}
