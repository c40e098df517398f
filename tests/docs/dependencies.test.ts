// What is installed with the package: why it is there, its licences, and a bill of materials that names all of it and nothing else.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
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

test('scripts/sbom.mjs writes CycloneDX, names every package with its hash, and nothing of this machine', () => {
  const text = execFileSync(process.execPath, [join(ROOT, 'scripts', 'sbom.mjs')], { encoding: 'utf8' });
  const bill = JSON.parse(text) as {
    bomFormat: string;
    metadata: { component: { name: string } };
    components: { name: string; version: string; purl: string; hashes: unknown[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  expect(bill.bomFormat).toBe('CycloneDX');
  expect(bill.metadata.component.name).toBe('lark-jsapi-signer');
  const names = bill.components.map(({ name, version }) => `${name}@${version}`);
  expect(names.sort()).toEqual(installed.map(({ name, version }) => `${name}@${version}`).sort());
  for (const { hashes } of bill.components) expect(hashes.length).toBeGreaterThan(0);
  for (const { ref, dependsOn } of bill.dependencies)
    for (const other of [ref, ...dependsOn]) expect([...names, 'lark-jsapi-signer@0.1.0']).toContain(other);
  const { homedir } = userInfo();
  for (const ofThisMachine of [ROOT, homedir, hostname(), 'file:', 'localhost', '127.0.0.1', '.tgz'])
    expect(text).not.toContain(ofThisMachine);
});
