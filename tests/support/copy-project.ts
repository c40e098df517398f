// Copies parts of this checkout, for tests that build or change them; the installed packages are this checkout's own.
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What a build reads. */
export const BUILT_FROM = [
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['scripts', 'src', 'public', 'docs'],
];

/** Copies `parts`, paths from the root, into `folder`, which is made. */
export function copyProject(folder: string, parts: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}
