// The files of this package that are read while it runs: they lie beside `src/` and `dist/` alike.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE_ROOT = join(__dirname, '..');

/** The folder with the page, its `assets/` and the built browser helper. */
export const PUBLIC_DIRECTORY = join(PACKAGE_ROOT, 'public');

/** The texts of `docs/errors.md` in English and Chinese. */
export function readErrorsMarkdown(): Record<'en' | 'zh', string> {
  const read = (name: string): string => readFileSync(join(PACKAGE_ROOT, 'docs', name), 'utf8');
  return { en: read('errors.md'), zh: read('errors.zh-CN.md') };
}

/** This package's version, `1.2.3`. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
