// Reads a small file without trusting what is at its path: a pipe, a device or a file of any size costs neither a thread nor memory.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/** A small file. */
export interface BoundedFile {
  /** Undefined when the file holds more bytes than were allowed. */
  readonly text: string | undefined;
  /** Permission bits, without the kind of file. */
  readonly mode: number;
}

/** Without O_NONBLOCK, opening a pipe waits until another process writes into it: in a thread that nothing can end. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
const PERMISSIONS = 0o777;
/** Ten milliseconds: a small delay compared with the start of the process, and no load. */
const PIPE_PAUSE_MS = 10;
/** Five seconds of such pauses: a password manager asks its server first. */
const MAX_PIPE_PAUSES = 500;

/**
 * The regular file at `path`. Rejects as the file system does, with EISDIR for a folder, and with ENOTSUP for a pipe, device or
 * socket; symbolic links are followed.
 */
export async function readBoundedFile(path: string, maxBytes: number): Promise<BoundedFile> {
  const file = await open(path, OPEN_FLAGS);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw notRegular(path, stats);
    const mode = stats.mode & PERMISSIONS;
    if (stats.size > maxBytes) return { text: undefined, mode };
    // `end` is the last byte that is read: one more than allowed, so that a file that grows meanwhile is noticed.
    const bytes = await buffer(file.createReadStream({ autoClose: false, end: maxBytes }));
    return { text: bytes.length > maxBytes ? undefined : bytes.toString(), mode };
  } finally {
    await file.close();
  }
}

/**
 * The same before the service runs, and of a pipe too: a shell's `<(command)` is one. Waits up to 5 s for what another process
 * writes into the pipe; one without a writer is empty. Throws EISDIR, ENOTSUP, and EAGAIN for a writer that writes nothing.
 */
export function readBoundedFileSync(path: string, maxBytes: number): BoundedFile {
  const file = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() && !stats.isFIFO()) throw notRegular(path, stats);
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readPatiently(file, bytes, length);
    const text = length > maxBytes ? undefined : bytes.toString('utf8', 0, length);
    return { text, mode: stats.mode & PERMISSIONS };
  } finally {
    closeSync(file);
  }
}

function readPatiently(file: number, bytes: Buffer, offset: number): number {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return readSync(file, bytes, offset, bytes.length - offset, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses === MAX_PIPE_PAUSES) throw error;
      // Blocking is harmless: nothing else of this process has started yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_PAUSE_MS);
    }
  }
}

function notRegular(path: string, stats: Stats): Error {
  const code = stats.isDirectory() ? 'EISDIR' : 'ENOTSUP';
  return Object.assign(new Error(`${path} is not a regular file`), { code });
}
