// What is installed with the package: the list in the documents and the bill of materials name all of it, and nothing else.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface LockedPackage {
  dev?: boolean;
  devOptional?: boolean;
}
const locked = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
/** By what lies in node_modules, not by what the lock file says of it. */
const installed = Object.entries(locked.packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
  .map(
    ([path]) =>
      JSON.parse(read(`${path}/package.json`)) as { name: string; version: string; license: string },
  );

/** Licences that ask for no more than to be named. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

test('docs/dependencies.md lists every package with its version and licence', () => {
  const rows = [
    ...read('docs/dependencies.md').matchAll(/^\| ([@\w][^ ]*) +\| (\d[^ ]*) +\| ([^|]+?) +\|/gm),
  ];
  const listed = rows.map(([, name, version, license]) => ({ name, version, license }));
  expect(listed).toEqual(installed.map(({ name, version, license }) => ({ name, version, license })));
  expect(installed.length).toBeGreaterThan(20);
});

test('the day of the last release is known of every direct dependency', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
  const direct = [...read('docs/dependencies.md').matchAll(/^\| (\S+) .*\| yes +\| \d{4}-\d\d-\d\d +\|$/gm)];
  expect(direct.map(([, name]) => name).sort()).toEqual(Object.keys(dependencies).sort());
});

test('every licence is a permissive one', () => {
  expect(installed.filter(({ license }) => !PERMISSIVE.includes(license))).toEqual([]);
});

test('npm run sbom is CycloneDX, names every package with its hash, and nothing of this machine', () => {
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
}, 60_000);
