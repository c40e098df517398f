// What is installed with the package: why it is there, its licences, and that it runs no code while it is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface LockedPackage {
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
}
const locked = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
/** By what lies in node_modules, not by what the lock file says of it. */
const installed = Object.entries(locked.packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
  .map(([path, { hasInstallScript }]) => ({
    ...(JSON.parse(read(`${path}/package.json`)) as { name: string; version: string; license: string }),
    hasInstallScript,
  }));

/** Licences that ask for no more than to be named. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

test('the packages that are installed are known from the lock file', () => {
  expect(installed.length).toBeGreaterThan(20);
});

test('docs/architecture.md says why each library is there', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
  const [, section = ''] =
    /^## Libraries, and what is written here$(.*?)^## /ms.exec(read('docs/architecture.md')) ?? [];
  for (const name of Object.keys(dependencies)) expect(section.toLowerCase()).toContain(name);
});

test('no package runs code while it is installed', () => {
  expect(installed.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

test('every licence is a permissive one', () => {
  expect(installed.filter(({ license }) => !PERMISSIVE.includes(license))).toEqual([]);
});
