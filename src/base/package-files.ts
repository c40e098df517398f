// The files of this package that it serves, read from the disk: they are next to `src/` and `dist/` alike. In the package
// that is installed a module with the files themselves is in the place of this one (scripts/embed-files.mjs), so that a back end may
// be bundled together with it.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The nearest folder with a manifest: this file is in `src/base/`, and in the bundle of the program in `dist/`. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

const PACKAGE_ROOT = findRoot(__dirname);

/** A file by its path in `public/`, which must not lead out of it. Resolves with undefined when the file does not exist. */
export async function readPublicFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(PACKAGE_ROOT, 'public', path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** This package's version, `1.2.3`. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
