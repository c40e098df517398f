// Makes a fresh clone usable with nothing but Node and npm: `ensure.mjs install` runs `npm ci` when node_modules
// is missing or older than the lock file, `ensure.mjs build` builds as well when something of a build is missing or stale.
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Modification time in ms, 0 when the path does not exist. */
const modifiedAt = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

function newestBelow(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true });
  return Math.max(...entries.map((entry) => modifiedAt(join(folder, entry))));
}

function run(args) {
  // npm's chatter goes to stderr: stdout stays for the program that is started afterwards.
  execFileSync(npm, args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
}

export function ensureInstalled() {
  if (modifiedAt('node_modules/.package-lock.json') >= modifiedAt('package-lock.json')) return;
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error(
      'node_modules is a link and out of date: npm would empty what it points to. Remove the link.',
    );
  console.error('Installing dependencies…');
  run(['ci', '--no-audit', '--no-fund']);
}

export function ensureBuilt() {
  ensureInstalled();
  const files = [
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/bundle-browser.mjs',
    'scripts/bundle-main.mjs',
  ];
  const sources = Math.max(newestBelow('src'), ...files.map(modifiedAt));
  const isWhole = ['public/lark-jsapi.js', 'public/lark-jsapi.mjs'].every(modifiedAt);
  if (isWhole && modifiedAt('dist/.built') >= sources) return;
  console.error('Building…');
  run(['run', '--silent', 'build']);
}

const wanted = process.argv[2];
if (wanted === 'install') ensureInstalled();
else if (wanted === 'build') ensureBuilt();
