// The packages that only contestants need: installed beside the benchmark, so that the project's own dependencies stay few.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const modifiedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Installs them when missing or older than the lock file. False when that fails, as it does without a network. */
export function ensurePackages() {
  if (modifiedAt(`${folder}node_modules/.package-lock.json`) >= modifiedAt(`${folder}package-lock.json`))
    return true;
  console.error('Installing the packages of the other contestants…');
  try {
    // Their install scripts are nothing that the benchmark needs.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', process.stderr, process.stderr],
      shell: process.platform === 'win32',
    });
    return true;
  } catch {
    return false;
  }
}
