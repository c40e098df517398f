// Logs the state of the ticket store: each reason of failure from time to time, and the recovery.
import type { Clock } from '../base/clock';
import type { StoreEvent, StoreOperation } from '../tickets/stores/store-event';
import type { EventLogger } from './logger';
import { StoreHealth } from './store-health';

/** Often enough to be seen in a tail of the log, and 288 lines a day for a store that never comes. */
const REPEAT_AFTER_MS = 300_000;

/** Of a server that is out of order there are a few; a store that puts a number into each message has no more lines than this. */
const MAX_REASONS = 100;

/**
 * A listener that logs on `logger`: failures at `warn`, each reason once in 5 minutes, with the name it was for the first time;
 * recoveries at `info`, with the seconds it took, when the failure was logged.
 */
export function createStoreLog(logger: EventLogger, clock: Clock): (event: StoreEvent) => void {
  /** When each reason was last logged, by operation and message. */
  const loggedAtMs = new Map<string, number>();
  /** Since when a connection, or the store as a whole, is gone, and whether that was logged. */
  const gone = new Map<StoreOperation | 'store', { sinceMs: number; isLogged: boolean }>();
  const health = new StoreHealth();

  function log({ operation, name, error }: Extract<StoreEvent, { type: 'failed' }>): boolean {
    const nowMs = clock.monotonicMs();
    for (const [reason, atMs] of loggedAtMs) if (nowMs - atMs >= REPEAT_AFTER_MS) loggedAtMs.delete(reason);
    const reason = `${operation} ${error.message}`;
    if (loggedAtMs.has(reason) || loggedAtMs.size >= MAX_REASONS) return false;
    loggedAtMs.set(reason, nowMs);
    logger.warn({ operation, name, error: error.message }, 'the ticket store fails');
    return true;
  }

  function onGone(what: StoreOperation | 'store', isLogged: boolean): void {
    const { sinceMs = clock.monotonicMs(), isLogged: wasLogged = false } = gone.get(what) ?? {};
    gone.set(what, { sinceMs, isLogged: isLogged || wasLogged });
  }

  function onBack(what: StoreOperation | 'store', operation: StoreOperation, message: string): void {
    const outage = gone.get(what);
    gone.delete(what);
    if (outage?.isLogged !== true) return;
    const goneSeconds = Math.round((clock.monotonicMs() - outage.sinceMs) / 1_000);
    logger.info({ operation, goneSeconds }, message);
  }

  return (event) => {
    const isBack = health.onEvent(event);
    const { operation } = event;
    switch (event.type) {
      case 'failed': {
        const isLogged = log(event);
        onGone(operation, isLogged);
        if (!health.isUp) onGone('store', isLogged);
        return;
      }
      case 'connected':
        onBack(operation, operation, 'the ticket store is connected again');
        if (isBack) gone.delete('store');
        return;
      case 'succeeded':
        if (isBack) onBack('store', operation, 'the ticket store works again');
    }
  };
}
