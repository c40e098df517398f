// `node scripts/sbom.mjs`: the software bill of materials in CycloneDX, of what is installed with the package, to standard output.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const { name } = read('package.json');

/** Ten times what all packages take today. */
const MAX_BYTES = 10_000_000;

const { status, stdout, stderr } = spawnSync(
  process.platform === 'win32' ? 'npm.cmd' : 'npm',
  // Not with --omit dev, which leaves out what both sides need, such as Express's own dependencies.
  ['sbom', '--sbom-format', 'cyclonedx'],
  { cwd: root, encoding: 'utf8', maxBuffer: MAX_BYTES, shell: process.platform === 'win32' },
);
if (status !== 0) throw new Error(stderr);
const bill = JSON.parse(stdout);
// npm calls the package by the folder that it was cloned to.
bill.metadata.component.name = name;
const installed = Object.entries(read('package-lock.json').packages)
  .filter(([, { dev, devOptional }]) => !dev && !devOptional)
  .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '') || name}@${version}`);
const isInstalled = new Set(installed);
bill.components = bill.components.filter((component) =>
  isInstalled.has(`${component.name}@${component.version}`),
);
const references = new Set(
  [bill.metadata.component, ...bill.components].map((component) => component['bom-ref']),
);
bill.dependencies = bill.dependencies
  .filter(({ ref }) => references.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) }));
// Addresses of archives are those of whatever mirror they came from here; name, version and hash say what they are.
for (const { externalReferences } of bill.components) {
  const archive = externalReferences.findIndex(({ type }) => type === 'distribution');
  if (archive >= 0) externalReferences.splice(archive, 1);
}
process.stdout.write(`${JSON.stringify(bill, undefined, 2)}\n`);
