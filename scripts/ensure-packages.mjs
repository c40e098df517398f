// Packages that only one tool needs: installed in its folder when it first runs, so that the project's own dependencies stay few.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modifiedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/**
 * Installs the packages of `folder`, from the repository's root, when missing or older than the lock file; `what` names them on
 * the terminal. False when that fails, as it does without a network.
 */
export function ensurePackages(folder, what) {
  const cwd = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  if (modifiedAt(`${cwd}node_modules/.package-lock.json`) >= modifiedAt(`${cwd}package-lock.json`))
    return true;
  console.error(`Installing ${what}…`);
  try {
    // Their install scripts are nothing that these tools need.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd,
      stdio: ['ignore', process.stderr, process.stderr],
      shell: process.platform === 'win32',
    });
    return true;
  } catch {
    return false;
  }
}
