// A store whose operations are reported as they end, whichever caller asked for them.
import type { Clock } from '../../base/clock';
import { DeadlineError } from '../../base/deadline';
import type { StoreEvent, StoreOperation } from './store-event';
import type { TicketStore } from '../ticket-store';

/** What an observed store reports to. */
export interface ObserveStoreOptions {
  clock: Clock;
  onEvent: (event: StoreEvent) => void;
}

/** As long as the callers of a store wait: for them an answer that comes later has failed. */
const LATE_MS = 1_000;

/**
 * `store`, with an event for each operation: `succeeded`, or `failed` when it rejects, takes over a second or reads what is no text.
 * Stores of a program's own say null where nothing is kept, as their databases do: that becomes undefined.
 */
export function observeStore(store: TicketStore, { clock, onEvent }: ObserveStoreOptions): TicketStore {
  async function observe<Result>(
    operation: StoreOperation,
    name: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const failures: Error[] = [];
    const fail = (error: Error): void => {
      // An operation fails once, though it be late first.
      if (failures.push(error) === 1) onEvent({ type: 'failed', operation, name, error });
    };
    const timer = clock.setTimer(
      () => fail(new DeadlineError(`${operation} took over ${LATE_MS} ms`)),
      LATE_MS,
    );
    try {
      const result = await work();
      // After a late answer too: the store is back.
      onEvent({ type: 'succeeded', operation });
      return result;
    } catch (error) {
      fail(error as Error);
      throw error;
    } finally {
      timer.cancel();
    }
  }

  return {
    read: (name) => observe('read', name, async () => asText(await store.read(name))),
    write: (name, text, how) => observe('write', name, () => store.write(name, text, how)),
    ...(store.leftMs && {
      leftMs: (name, text) => observe('read', name, async () => asNumber(await store.leftMs?.(name, text))),
    }),
    ...(store.lock && {
      async lock(name, leaseMs) {
        const lock = await observe('lock', name, async () => store.lock?.(name, leaseMs));
        return lock && { release: () => observe('release', name, () => lock.release()) };
      },
    }),
    ...(store.watch && {
      watch: (onChange, watched) =>
        store.watch?.((name) => onChange(name ?? undefined), watched) ?? (() => undefined),
    }),
    close: () => store.close(),
  };
}

/** Throws TypeError for what is neither a text nor nothing. */
function asText(kept: unknown): string | undefined {
  if (typeof kept === 'string') return kept;
  if (kept === undefined || kept === null) return undefined;
  throw new TypeError('read of the ticket store must resolve with the text that was written, or undefined');
}

function asNumber(left: unknown): number | undefined {
  return typeof left === 'number' ? left : undefined;
}
