// One value under one name of a store: sealed, read and swapped, each within a deadline. A failing store costs calls, never the value.
import type { Clock } from '../base/clock';
import { withDeadline } from '../base/deadline';
import type { Sealer } from './sealer';
import type { TicketStore } from './ticket-store';

/** How long a store may take before its caller continues without it: a page waits behind this at a cold start. */
export const STORE_DEADLINE_MS = 1_000;
/** Writers of the same name rarely collide: after three attempts the other writer wins. */
const MAX_WRITES = 3;

/** How a value is serialised. */
export interface TextForm<T> {
  toText(value: T): string;
  /** The inverse, for texts that we sealed ourselves, so that their form is known; undefined for a value that cannot be true. */
  fromText(text: string): T | undefined;
}

/** How a SealedStore is made. */
export interface SealedStoreOptions<T> {
  /** Names the value in the store; the seal is bound to it. */
  name: string;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  form: TextForm<T>;
  /** For how long the store keeps `value`, in milliseconds. */
  lifeMs: (value: T) => number;
  /** Called when something is kept that is not a value of ours. */
  onUnreadable?: () => void;
}

/** What a store held when it was read. */
export interface Kept<T> {
  /** As it is in the store; undefined when nothing is kept or the store has failed. */
  readonly envelope: string | undefined;
  readonly value: T | undefined;
}

/** The value of one name. No method rejects. */
export class SealedStore<T> {
  readonly #options: SealedStoreOptions<T>;

  constructor(options: SealedStoreOptions<T>) {
    this.#options = options;
  }

  async read(): Promise<Kept<T>> {
    const { store, name, sealer, form, onUnreadable } = this.#options;
    const envelope = await this.#within(() => store.read(name));
    if (envelope === undefined) return { envelope, value: undefined };
    const text = sealer.open(name, envelope);
    const value = text === undefined ? undefined : form.fromText(text);
    if (value === undefined) onUnreadable?.();
    return { envelope, value };
  }

  /**
   * Writes what `next` returns for the value that is kept, unless that is undefined. When another process has written meanwhile, the
   * store is read again and `next` is called again, three times at most. `first`: what was read before, if anything was.
   */
  async update(next: (kept: T | undefined) => T | undefined, first?: Kept<T>): Promise<void> {
    const { store, name, sealer, form, lifeMs } = this.#options;
    let kept = first ?? (await this.read());
    for (let writes = 0; ; writes += 1) {
      const value = next(kept.value);
      if (value === undefined || writes === MAX_WRITES) return;
      const text = sealer.seal(name, form.toText(value));
      const options = { replacing: kept.envelope, lifeMs: lifeMs(value) };
      const isWritten = await this.#within(() => store.write(name, text, options));
      if (isWritten !== false) return;
      kept = await this.read();
    }
  }

  /** Milliseconds for which `envelope` is still kept, by the store's own clock; undefined where the store does not report it. */
  leftMs(envelope: string): Promise<number | undefined> {
    const { store, name } = this.#options;
    return this.#within(async () => store.leftMs?.(name, envelope));
  }

  /** What `work` resolves with; undefined when it fails or is late. The store reports its own failures: see observe-store. */
  async #within<R>(work: () => Promise<R>): Promise<R | undefined> {
    try {
      return await withDeadline(work(), STORE_DEADLINE_MS, this.#options.clock, 'the store');
    } catch {
      return undefined;
    }
  }
}
