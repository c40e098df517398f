// Reads a small file of the configuration: at the start, and while the service runs.
import { readBoundedFile, readBoundedFileSync, type BoundedFile } from '../base/read-bounded-file';

/** 1 MiB: an apps file of two thousand apps, every certificate a company has; a secret is a few dozen bytes. */
const MAX_BYTES = 1_048_576;

/** The text of the regular file at `path`. Rejects as the file system does, with ENOTSUP for a pipe or device, and with EFBIG over 1 MiB. */
export async function readTextFile(path: string): Promise<string> {
  return textOf(path, await readBoundedFile(path, MAX_BYTES));
}

/** The same for the start, which may read a pipe too, as `LARK_APP_SECRET_FILE=<(command)` names one. */
export function readTextFileSync(path: string): string {
  return textOf(path, readBoundedFileSync(path, MAX_BYTES));
}

function textOf(path: string, { text }: BoundedFile): string {
  if (text === undefined) throw Object.assign(new Error(`${path} is larger than 1 MiB`), { code: 'EFBIG' });
  return text;
}
