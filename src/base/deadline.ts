// A race against time for promises that may never settle.
import type { Clock } from './clock';

/** `work` did not settle in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Settles as `work` does, or rejects with DeadlineError after `limitMs`. What `work` does later is ignored.
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
    const timer = clock.setTimer(() => {
      reject(new DeadlineError(`${what} took over ${limitMs} ms`));
    }, limitMs);
    void work.then(resolve, reject).finally(() => {
      timer.cancel();
    });
  });
}
