// Replaces a file so that a reader, even after a crash, sees either the old text or the new text.
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../../base/clock';

/** A temporary file of this age is of a killed process: a live one renames it within milliseconds. */
const LEFT_OVER_AFTER_MS = 60_000;

/** The part of a temporary file's name between the file's name and the suffix: its time, and a UUID. */
const TEMPORARY_SUFFIX = /^\.(?<madeAtMs>\d+)\.[\da-f-]{36}\.tmp$/;

/**
 * Writes `text` next to `path` and renames it into place, with `mode` whatever the umask is. Then it removes temporary files
 * of killed processes. Rejects, and leaves the file as it was, when that cannot be done.
 */
export async function replaceFile(
  path: string,
  text: string,
  { mode, clock }: { mode: number; clock: Clock },
): Promise<void> {
  const temporary = `${path}.${clock.wallMs()}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600); // for this user only, until `mode` is set
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      // Before the rename: some file systems would otherwise have an empty file in its place after a power cut.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await quietly(rm(temporary, { force: true }));
    throw error;
  }
  await quietly(syncFolder(dirname(path)));
  await quietly(removeLeftOvers(path, clock.wallMs()));
}

/** So that the rename, too, outlives a power cut. Not every system can; then the old text comes back, which is whole. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeLeftOvers(path: string, nowMs: number): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(basename(path))) continue;
    const madeAtMs = TEMPORARY_SUFFIX.exec(name.slice(basename(path).length))?.groups?.['madeAtMs'];
    // Either way: a file from the future is of a clock that has been set since.
    if (madeAtMs !== undefined && Math.abs(nowMs - Number(madeAtMs)) > LEFT_OVER_AFTER_MS)
      await rm(join(folder, name), { force: true });
  }
}

/** The file is in its place, or the failure is already reported: a failed clean-up must not fail the write. */
async function quietly(tidying: Promise<void>): Promise<void> {
  await tidying.catch(() => undefined);
}
