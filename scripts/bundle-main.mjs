// Bundles the program into two files, with the packages it starts with: it then starts in little more than half the time, since
// finding and reading four hundred files takes longer than running them. `main-program.js` is the service; `main-commands.js`, all
// other commands, is loaded by those. What the bundles hold of others keeps its licence. A small file before them says when Node is too
// old to read them.
import { build, transform } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Loaded when they are first used, if ever. */
const LOADED_LATER = ['undici', 'redis', 'prom-client'];

/** The oldest that is supported. */
const TARGET = 'node20';

/** Express without what is never used of it. */
const alias = {
  'body-parser': join(root, 'scripts/bundled/body-parser.cjs'),
  qs: join(root, 'scripts/bundled/qs.cjs'),
  'mime-db': join(root, 'scripts/bundled/mime-db.cjs'),
};

/** Names stay in our own code, for stack traces; those inside a package's files do not. */
const shortenPackages = {
  name: 'shorten packages',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*\.[cm]?js$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        ...{ loader: 'js', minify: true, keepNames: false, target: TARGET, legalComments: 'none' },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/** In the start's bundle the other commands are `file`, beside it. */
const commandsIn = (file) => ({
  name: 'commands beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/cli\/commands$/ }, () => ({ path: `./${basename(file)}`, external: true }));
  },
});

async function bundle(entry, outfile, plugins) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: TARGET,
    external: LOADED_LATER,
    alias,
    // zod as ES modules: of those only what is used is taken, in place of its sentences in sixty languages.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [shortenPackages, ...plugins],
  });
  return Object.keys(metafile.inputs);
}

/**
 * Writes the program to `outfile`, one folder below the root, and its bundles beside it, `main-program.js` and `main-commands.js`
 * for `main.js`; returns the packages in them, as paths from the root.
 */
export async function bundleMain(outfile) {
  const program = outfile.replace(/\.js$/, '-program.js');
  const commands = outfile.replace(/\.js$/, '-commands.js');
  const inputs = [
    ...(await bundle('src/main.ts', program, [commandsIn(commands)])),
    ...(await bundle('src/cli/commands.ts', commands, [])),
  ];
  const check = readFileSync(new URL('check-node.cjs', import.meta.url), 'utf8');
  writeFileSync(
    resolve(root, outfile),
    `#!/usr/bin/env node\n${check}\nrequire('./${basename(program)}');\n`,
  );
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
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
