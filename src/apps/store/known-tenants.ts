// The tenants that a store app has signed for, kept in the store so that a restart does not make them strangers.
import type { Clock } from '../../base/clock';
import { SealedStore } from '../../tickets/sealed-store';
import type { Sealer } from '../../tickets/sealer';
import type { TicketStore } from '../../tickets/ticket-store';

/** How the list is made. */
export interface KnownTenantsOptions {
  /** Names the list in the store: platform and app. */
  name: string;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  /** Called with every tenant that the store knows, possibly more than once. */
  onKnown: (tenantKey: string) => void;
}

/** Strangers ask for a look: one every 10 s is nothing for a store, and as late as a new tenant of another process is known. */
const LOOK_PAUSE_MS = 10_000;
/** A quarter: a tenant without a request in that time is a stranger again. */
const KEPT_FOR_MS = 90 * 86_400_000;
/** As many as one process remembers; about 200 KB of text. */
const MAX_KEPT = 10_000;

/** The list of one app. Never rejects: without the store, tenants are strangers again after a restart. */
export class KnownTenants {
  readonly #options: KnownTenantsOptions;
  readonly #sealed: SealedStore<string[]>;
  #looksFromMs = -Infinity;
  #looking: Promise<void> | undefined;
  #adding: Promise<void> = Promise.resolve();
  readonly #toAdd = new Set<string>();

  constructor(options: KnownTenantsOptions) {
    this.#options = options;
    this.#sealed = new SealedStore({
      ...options,
      form: { toText: (keys) => JSON.stringify(keys), fromText: (text) => JSON.parse(text) as string[] },
      lifeMs: () => KEPT_FOR_MS,
    });
  }

  /** Looks into the store, at most once in 10 s; resolves at once in between. */
  async look(): Promise<void> {
    const { clock } = this.#options;
    if (this.#looking === undefined && clock.monotonicMs() >= this.#looksFromMs) {
      this.#looksFromMs = clock.monotonicMs() + LOOK_PAUSE_MS;
      this.#looking = this.#sealed.read().then(({ value: keys = [] }) => {
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

  #write(): Promise<void> {
    const added = [...this.#toAdd];
    this.#toAdd.clear();
    return this.#sealed.update((keys = []) => {
      // The latest last, so that the oldest are forgotten.
      const all = [...new Set([...keys, ...added])].slice(-MAX_KEPT);
      return all.length === keys.length && added.every((key) => keys.includes(key)) ? undefined : all;
    });
  }
}
