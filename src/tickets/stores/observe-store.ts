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

/** `store`, with an event for each operation: `succeeded`, or `failed` when it rejects or takes over a second. */
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
    read: (name) => observe('read', name, () => store.read(name)),
    write: (name, text, how) => observe('write', name, () => store.write(name, text, how)),
    ...(store.leftMs && {
      leftMs: (name, text) => observe('read', name, async () => store.leftMs?.(name, text)),
    }),
    ...(store.lock && {
      async lock(name, leaseMs) {
        const lock = await observe('lock', name, async () => store.lock?.(name, leaseMs));
        return lock && { release: () => observe('release', name, () => lock.release()) };
      },
    }),
    ...(store.watch && { watch: (onChange) => store.watch?.(onChange) ?? (() => undefined) }),
    close: () => store.close(),
  };
}
