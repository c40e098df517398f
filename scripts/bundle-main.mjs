// Bundles the program into one file, with the packages it starts with: it then starts in little more than half the time, since
// finding and reading four hundred files takes longer than running them. What the bundle holds of others keeps its licence. A small
// file before it says when Node is too old to read the bundle.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Loaded when they are first used, if ever. */
const LOADED_LATER = ['undici', 'redis', 'prom-client'];

/**
 * Writes the program to `outfile`, one folder below the root, and the bundle beside it, `main-program.js` for `main.js`; returns the
 * packages in it, as paths from the root.
 */
export async function bundleMain(outfile) {
  const program = outfile.replace(/\.js$/, '-program.js');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    // The oldest that is supported.
    target: 'node20',
    external: LOADED_LATER,
    // zod as ES modules: of those only what is used is taken, in place of its sentences in sixty languages.
    mainFields: ['module', 'main'],
    // Names stay, for stack traces.
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const check = readFileSync(new URL('check-node.cjs', import.meta.url), 'utf8');
  writeFileSync(
    resolve(root, outfile),
    `#!/usr/bin/env node\n${check}\nrequire('./${basename(program)}');\n`,
  );
  const folders = Object.keys(metafile.inputs).map(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  return [...new Set(folders.filter((found) => found !== undefined))].sort();
}

/** Writes the licences of `packages` to `file`. */
export function writeLicences(packages, file) {
  writeFileSync(file, packages.map((folder) => describeLicence(join(root, folder))).join('\n'));
}

function describeLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version}, ${license}\n\n${text}\n\n${'-'.repeat(80)}\n`;
}

// `node scripts/bundle-main.mjs <outfile>`, for the tests: what they run is what is shipped.
if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleMain(process.argv[2]);
