// The files of a folder, for routes that serve those of `public/`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicFiles } from '../../src/http/public-files';

/** Reads below `folder`; what cannot be read is not there. */
export function filesIn(folder: string): PublicFiles {
  return (path) => readFile(join(folder, path)).catch(() => undefined);
}
