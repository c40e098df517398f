// `npm run dependencies`: writes docs/dependencies.md, what is installed with the package: versions and licences, and for the direct
// dependencies the day of the last release, which the registry is asked for.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const root = fileURLToPath(new URL('..', import.meta.url));

/** The day of the newest release of a package that is no pre-release, `2026-01-31`. */
function lastRelease(name) {
  const answer = execFileSync(npm, ['view', name, 'time', '--json'], {
    ...{ cwd: root, encoding: 'utf8', shell: process.platform === 'win32' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const times = Object.entries(JSON.parse(answer)).filter(([version]) => /^\d+\.\d+\.\d+$/.test(version));
  const newest = times
    .map(([, time]) => time)
    .sort()
    .at(-1);
  return newest.slice(0, 'yyyy-mm-dd'.length);
}

const { dependencies } = read('package.json');
const installed = Object.entries(read('package-lock.json').packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
);
const rows = installed.map(([path, { version, license }]) => {
  const name = path.replace(/^.*node_modules\//, '');
  const isDirect = Object.hasOwn(dependencies, name);
  return [name, version, license, ...(isDirect ? ['yes', lastRelease(name)] : ['', ''])];
});

const table = [['package', 'version', 'licence', 'direct', 'last release'], [], ...rows];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
const line = (row) =>
  `| ${widths.map((width, column) => (row[column] ?? '-'.repeat(width)).padEnd(width)).join(' | ')} |`;
const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
writeFileSync(
  new URL('../docs/dependencies.md', import.meta.url),
  `# Dependencies

<!-- Written by "npm run dependencies"; a test holds names, versions and licences equal to what is installed. -->

What \`npm install\` of the package brings: ${Object.keys(dependencies).length} direct dependencies, ${rows.length} packages in all. The day of the last
release of a direct one is the registry's, of any version, on ${today}. The same as CycloneDX, with hashes: \`npm run --silent sbom\`.

${table.map(line).join('\n')}
`,
);
