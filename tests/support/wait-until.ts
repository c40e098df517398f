// Waits for something that another process does; for tests that have one.

/** How often to look: often enough not to be noticed, seldom enough to leave the other process the machine. */
const EVERY_MS = 10;

/** Resolves when `isSo` says so, and rejects with `what` after `limitMs`. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
