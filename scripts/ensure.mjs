// Makes a fresh clone usable with nothing but Node and npm: `ensure.mjs install` runs `npm ci` when node_modules
// is missing or older than the lock file, `ensure.mjs build` builds as well when something of a build is missing or stale.
import './check-node.cjs';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * Settings of an enclosing npm call reach this one through the environment, and must not change it: production without
 * the packages that build, a dry run, a global installation, silence about a failure. No package runs code while it is installed.
 */
const INSTALL = [
  ...['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
  ...['--no-dry-run', '--no-global', '--no-json', '--loglevel=notice'],
];

/** Modification time in ms, 0 when the path does not exist. */
const modifiedAt = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

/** Folders too: theirs is the time of the last file that was removed. 0 when there is no such folder. */
function newestBelow(folder) {
  if (!existsSync(join(root, folder))) return 0;
  const entries = readdirSync(join(root, folder), { recursive: true });
  return Math.max(...['', ...entries].map((entry) => modifiedAt(join(folder, entry))));
}

function run(program, args) {
  // What they say goes to stderr: stdout stays for the program that is started afterwards.
  execFileSync(program, args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: program === npm && process.platform === 'win32',
  });
}

export function ensureInstalled() {
  if (modifiedAt('node_modules/.package-lock.json') >= modifiedAt('package-lock.json')) return;
  const folder = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false });
  if (folder && folder.isSymbolicLink())
    throw new Error(
      'node_modules is a link and out of date: npm would empty what it points to. Remove the link.',
    );
  console.error('Installing dependencies…');
  run(npm, INSTALL);
}

export function ensureBuilt() {
  ensureInstalled();
  if (!isBuilt()) build();
}

/**
 * For npm's `prepare`, which runs behind every installation in this folder and before a git dependency is packed: builds when that is
 * due, and installs nothing, since it is npm that calls.
 */
export function prepare() {
  // An image's layer that has the scripts, and not yet the sources.
  if (!existsSync(join(root, 'src')) || isBuilt()) return;
  if (existsSync(join(root, 'node_modules/typescript'))) build();
  else
    console.error('dist/ is not built: the packages that build it are not installed (npm ci --include=dev).');
}

function isBuilt() {
  const files = [
    ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'],
    ...['scripts/bundle-browser.mjs', 'scripts/bundle-main.mjs', 'scripts/check-node.cjs'],
    // The library holds what it serves.
    ...['scripts/embed-files.mjs', 'scripts/static-files.mjs', 'scripts/render-error-page.mjs'],
    ...['docs/errors.md', 'docs/errors.zh-CN.md'],
  ];
  const sources = Math.max(
    newestBelow('src'),
    newestBelow('public'),
    newestBelow('scripts/bundled'),
    ...files.map(modifiedAt),
  );
  const made = [
    ...['lark-jsapi.js', 'lark-jsapi.mjs', 'errors.en.html', 'errors.zh.html', 'openapi.json'],
    'assets/page/field-report.js',
  ];
  const isWhole = made.every((name) => modifiedAt(`public/${name}`));
  return isWhole && modifiedAt('dist/.built') >= sources;
}

function build() {
  console.error('Building…');
  run(process.execPath, ['scripts/build.mjs']);
}

const wanted = process.argv[2];
if (wanted === 'install') ensureInstalled();
else if (wanted === 'build') ensureBuilt();
