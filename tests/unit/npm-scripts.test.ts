// The scripts of package.json: npm runs some names by itself, on every installation; only those that are meant may have one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { scripts } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Every name that a command of npm runs without being asked for it, in any version since 7; `pre…` and `post…` of each besides. */
const RUN_BY_NPM = [
  ...['install', 'uninstall', 'prepare', 'prepublish', 'prepublishOnly', 'prepack', 'postpack', 'pack'],
  ...['publish', 'dependencies', 'version', 'shrinkwrap', 'stop', 'restart', 'env'],
];

/** These two are meant: a package needs a build before it is packed, and a git dependency is packed by `prepare` alone. */
const MEANT = ['prepack', 'prepare'];

test('no script has a name that npm runs by itself, unless it is meant to', () => {
  const names = Object.keys(scripts);
  const hooked = [...RUN_BY_NPM, ...names];
  const byItself = [...RUN_BY_NPM, ...hooked.flatMap((name) => [`pre${name}`, `post${name}`])];
  expect(names.filter((name) => byItself.includes(name) && !MEANT.includes(name))).toEqual([]);
});
