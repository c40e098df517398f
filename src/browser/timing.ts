// Waiting, with an end to every wait.
import type { Page } from './page';

/** Resolves after `delayMs`. */
export function sleep(page: Page, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    page.setTimeout(resolve, delayMs);
  });
}

/** `promise`, or after `limitMs` a rejection with what `onLimit` makes. What comes later is dropped. */
export function withDeadline<T>(
  page: Page,
  promise: Promise<T>,
  limitMs: number,
  onLimit: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = page.setTimeout(() => {
      reject(onLimit());
    }, limitMs);
    const stop = (): void => {
      page.clearTimeout(timer);
    };
    promise.then(stop, stop);
    promise.then(resolve, reject);
  });
}
