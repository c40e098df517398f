// The files of this package that are read while it runs: they lie beside `src/` and `dist/` alike.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE_ROOT = join(__dirname, '..');

/** The folder with the page, its `assets/` and the built browser helper. */
export const PUBLIC_DIRECTORY = join(PACKAGE_ROOT, 'public');

/** The text of `docs/errors.md`. */
export function readErrorsMarkdown(): string {
  return readFileSync(join(PACKAGE_ROOT, 'docs', 'errors.md'), 'utf8');
}

/** This package's version, `1.2.3`. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
