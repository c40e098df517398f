// Reads a small file of the configuration while the service runs, without trusting what stands at its path.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** 1 MiB: an apps file of two thousand apps; a secret is a few dozen bytes. */
const MAX_BYTES = 1_048_576;

/** The text of the regular file at `path`. Rejects as the file system does, and with EFBIG over 1 MiB. */
export async function readTextFile(path: string): Promise<string> {
  // Without O_NONBLOCK a pipe would keep a thread of the pool until somebody writes into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile())
      throw Object.assign(new Error('not a regular file'), { code: 'ENOTSUP' });
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let bytesRead = -1; bytesRead !== 0 && length < buffer.length; length += bytesRead)
      ({ bytesRead } = await file.read(buffer, length));
    if (length > MAX_BYTES) throw Object.assign(new Error('the file is too large'), { code: 'EFBIG' });
    return buffer.toString('utf8', 0, length);
  } finally {
    await file.close();
  }
}
