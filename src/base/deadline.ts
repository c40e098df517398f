// A race against time for promises that may never settle.
import type { Clock } from './clock';

/** `work` did not settle in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** A timer that fires this late was delayed together with the whole process; a busy event loop is late by less. */
const HELD_UP_MS = 100;

/**
 * Settles as `work` does, or rejects with DeadlineError after `limitMs`. What `work` does later is ignored. Time in which the
 * process itself was suspended or had no processor is added to the limit once: the answer may have arrived unread.
 *
 * @example await withDeadline(store.read(name), 1_000, clock, 'reading the store')
 */
export async function withDeadline<T>(
  work: Promise<T>,
  limitMs: number,
  clock: Clock,
  what: string,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const dueMs = clock.monotonicMs() + limitMs;
    const expire = (): void => reject(new DeadlineError(`${what} took over ${limitMs} ms`));
    let timer = clock.setTimer(() => {
      const lateMs = clock.monotonicMs() - dueMs;
      if (lateMs < HELD_UP_MS) expire();
      else timer = clock.setTimer(expire, Math.min(lateMs, limitMs));
    }, limitMs);
    void work.then(resolve, reject).finally(() => {
      timer.cancel();
    });
  });
}
