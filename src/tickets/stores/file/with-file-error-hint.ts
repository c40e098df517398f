// Turns a failed file operation into a sentence that names the ticket file and says what to do.
import { dirname } from 'node:path';

/** Settles as `work` does, but rejects with an Error that an operator of the file at `path` can act upon. */
export async function withFileErrorHint<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice = adviceFor(code, dirname(path));
    throw new Error(`The ticket file ${path} cannot be used: ${advice} (${message})`, { cause: error });
  }
}

function adviceFor(code: string | undefined, folder: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `create the folder ${folder}, or mount the volume it is on.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `let the user of this process read the file and write in the folder ${folder}.`;
    case 'EISDIR':
      return 'it is a folder; name a file in it.';
    case 'ENOTSUP':
      return 'it is a pipe, a device or a socket: name a file.';
    case 'ERR_TICKETS_TOO_LARGE':
      return 'the tickets no longer fit into 16 MiB: keep those of so many tenants in Redis.';
    case 'EEXIST':
      return 'another program writes to this path too: name another file, and remove the copies named .foreign.';
    default:
      return 'free or repair the disk, or name another file.';
  }
}
