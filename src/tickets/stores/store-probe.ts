// Retries the failed operation of a ticket store until it works: tickets are read and written at renewals only, an hour apart.
import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../base/clock';
import type { StoreEvent } from './store-event';
import type { TicketStore } from '../ticket-store';

/** A store that was slow once works again by then. */
const FIRST_PAUSE_MS = 5_000;
/** Within the five minutes after which an alert fires, and no load for a store with a full memory or disk. */
const MAX_PAUSE_MS = 60_000;
/** The written text is useless; it expires before the next try. */
const LIFE_MS = 1_000;

type Probed = 'read' | 'write' | 'lock';

const PROBES: Readonly<Record<Probed, (store: TicketStore, name: string) => Promise<unknown>>> = {
  read: (store, name) => store.read(name),
  write: (store, name) => store.write(name, 'probe', { replacing: undefined, lifeMs: LIFE_MS }),
  lock: async (store, name) => (await store.lock?.(name, LIFE_MS))?.release(),
};

/**
 * Reads, writes or locks under a name of its own, whichever has failed: a read that works says nothing of writes. First after
 * 5 s, then at pauses that double up to a minute, and not while there is no connection.
 */
export class StoreProbe {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #failing = new Set<Probed>();
  #isConnected = true;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: Timer | undefined;
  #isProbing = false;
  #isClosed = false;

  /** `store` reports how its operations end; its owner forwards the reports to `onEvent`. */
  constructor(store: TicketStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  onEvent({ type, operation }: StoreEvent): void {
    if (operation === 'connect') this.#isConnected = type !== 'failed';
    if (!isProbed(operation)) return;
    if (type === 'failed') this.#failing.add(operation);
    else this.#failing.delete(operation);
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#failing.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#pauseMs = FIRST_PAUSE_MS;
      return;
    }
    if (this.#isClosed || this.#isProbing) return;
    this.#timer ??= this.#clock.setTimer(() => void this.#probe(), this.#pauseMs);
  }

  /** Never rejects. A store that hangs is not asked again before it has answered. */
  async #probe(): Promise<void> {
    this.#timer = undefined;
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    this.#isProbing = true;
    if (this.#isConnected)
      for (const operation of [...this.#failing])
        await PROBES[operation](this.#store, `probe ${randomUUID()}`).catch(() => undefined);
    this.#isProbing = false;
    this.#schedule();
  }
}

function isProbed(operation: string): operation is Probed {
  return operation in PROBES;
}
