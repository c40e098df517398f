// A lock between processes, as a file that only one of them can create. It waits a little, then goes ahead without it.
import type { BigIntStats } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { Clock } from '../../../base/clock';

/** Short compared with rewriting a small file, so that the lock is not idle for long; a look costs about 0.1 ms. */
const POLL_MS = 5;
/** A holder that takes this long was killed: a rewrite takes some 10 ms, and hardly ever 100 on a busy disk. */
const LEFT_BEHIND_AFTER_MS = 400;
/** Less than the second that a caller grants the store, so that what has waited in vain is still written in time. */
const PATIENCE_MS = 800;

/**
 * Runs `work` while holding the lock file at `path`, and settles as it does. Rejects when the file cannot be created.
 *
 * It is a courtesy, not a guarantee: a lock that one holder keeps for 400 ms is taken from it, and after 800 ms of other
 * holders `work` runs without it.
 */
export async function withLockFile<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const ours = await take(path, clock);
  try {
    return await work();
  } finally {
    // A process that took the lock from us keeps it.
    if (ours !== undefined && (await holderOf(path)) === ours) await rm(path, { force: true });
  }
}

/** The lock as `holderOf` names it, or undefined when patience has run out. */
async function take(path: string, clock: Clock): Promise<string | undefined> {
  const startedAtMs = clock.monotonicMs();
  let holder: string | undefined;
  let holdsSinceMs = startedAtMs;
  for (;;) {
    const ours = await tryTake(path);
    if (ours !== undefined) return ours;
    const nowMs = clock.monotonicMs();
    const current = await holderOf(path);
    if (current !== holder) {
      holder = current;
      holdsSinceMs = nowMs;
    } else if (nowMs - holdsSinceMs >= LEFT_BEHIND_AFTER_MS) {
      await rm(path, { force: true });
      continue;
    }
    if (nowMs - startedAtMs >= PATIENCE_MS) return undefined;
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, POLL_MS);
    });
  }
}

async function tryTake(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, 'wx');
    const file = await handle.stat({ bigint: true });
    await handle.close();
    return nameOf(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Identifies the existing lock, whichever process made it; undefined when it was released. */
async function holderOf(path: string): Promise<string | undefined> {
  const file = await stat(path, { bigint: true }).catch(() => undefined);
  return file && nameOf(file);
}

/**
 * Which file it is and when it was made. Nothing is written into a lock that a kill could tear, and no clocks need to
 * agree on its age: a waiting process measures it with its own clock.
 */
function nameOf({ ino, mtimeNs }: BigIntStats): string {
  return `${ino} ${mtimeNs}`;
}
