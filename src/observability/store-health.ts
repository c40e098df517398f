// Whether the ticket store works: 1 or 0 for operators, computed from its events.
import type { StoreEvent, StoreOperation } from '../tickets/stores/store-event';
import { RedisFailure } from '../tickets/stores/redis/redis-failure';

/** What decides. Without the others tickets are still shared: a lock ends by itself, an announcement is looked for. */
const DECISIVE: readonly StoreOperation[] = ['read', 'write', 'lock', 'connect'];

/** Up until something fails; up again once what failed has succeeded, or a connection was made. */
export class StoreHealth {
  readonly #failing = new Map<StoreOperation, Error>();

  get isUp(): boolean {
    return this.#failing.size === 0;
  }

  /** Returns whether the store is up again with this event. */
  onEvent(event: StoreEvent): boolean {
    const wasUp = this.isUp;
    switch (event.type) {
      case 'failed':
        if (DECISIVE.includes(event.operation)) this.#failing.set(event.operation, event.error);
        return false;
      case 'succeeded':
        this.#failing.delete(event.operation);
        break;
      case 'connected':
        if (event.operation === 'connect')
          for (const [operation, error] of this.#failing)
            if (operation === 'connect' || !outlastsConnection(error)) this.#failing.delete(operation);
    }
    return !wasUp && this.isUp;
  }
}

/** A full memory or a missing right is the same on the next connection; a replica may have become a master. */
function outlastsConnection(error: Error): boolean {
  if (!(error instanceof RedisFailure)) return false;
  return error.isReply && !error.readOnly && !error.isElsewhere && !error.unauthorised;
}
