// Bundles the program and all its packages: it then starts in little more than half the time, since finding and reading four hundred
// files takes longer than running them, and needs no node_modules. `main-program.js` is the service; `main-commands.js`, all other
// commands, is loaded by those, and `main-undici.js` and its like when they are first used. What the bundles hold of others keeps its
// licence. A small file before them says when Node is too old to read them.
import { build, transform } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const { resolve: findModule } = createRequire(import.meta.url);

/** Loaded when they are first used, if ever, each from a file of its own: what it takes of its package. */
const LOADED_LATER = {
  undici: join(root, 'scripts/bundled/undici.cjs'),
  // The package itself adds the commands of Redis' modules.
  redis: findModule('@redis/client'),
  'prom-client': findModule('prom-client'),
};

/** The oldest that is supported. */
const TARGET = 'node20';

/** Express without what is never used of it. */
const alias = {
  'body-parser': join(root, 'scripts/bundled/body-parser.cjs'),
  qs: join(root, 'scripts/bundled/qs.cjs'),
  'mime-db': join(root, 'scripts/bundled/mime-db.cjs'),
};

/** Files of undici that the program does not use, and what replaces them. */
const LEFT_OUT = {
  // Nothing asks for HTTP/2; Node's own would be loaded with it.
  'client-h2.js': `module.exports = () => { throw new Error('HTTP/2 is not in the built program') };`,
  // undici tries this parser first, and takes the one without SIMD, which runs on every processor.
  'llhttp_simd-wasm.js': `throw new Error('the parser with SIMD is not in the built program');`,
};

const leaveOut = {
  name: 'leave out',
  setup({ onLoad }) {
    const filter = new RegExp(`undici.lib.\\w+.(?:${Object.keys(LEFT_OUT).join('|')})$`);
    onLoad({ filter }, ({ path }) => ({ contents: LEFT_OUT[basename(path)] }));
  },
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

/** Leaves what `names` matches, as it is imported, in the file that `toFile` names, beside the bundle. */
const beside = (names, toFile) => ({
  name: `beside: ${names}`,
  setup({ onResolve }) {
    onResolve({ filter: names }, ({ path }) => ({ path: `./${basename(toFile(path))}`, external: true }));
  },
});

async function bundle(entry, outfile, plugins) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: TARGET,
    alias,
    // zod as ES modules: of those only what is used is taken, in place of its sentences in sixty languages.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
    plugins: [leaveOut, shortenPackages, ...plugins],
  });
  for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text));
  return Object.keys(metafile.inputs);
}

/** `code`, whose literals hold whatever is not ASCII: a single other character makes V8 keep two bytes for each, 0.7 MB more. */
function inAscii(code) {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Writes the program to `outfile`, one folder below the root, and its bundles beside it, `main-program.js` and so on for
 * `main.js`; returns the packages in them, as paths from the root.
 */
export async function bundleMain(outfile) {
  mkdirSync(dirname(resolve(root, outfile)), { recursive: true });
  const fileOf = (part) => outfile.replace(/\.js$/, `-${part}.js`);
  const [program, commands] = [fileOf('program'), fileOf('commands')];
  const later = beside(new RegExp(`^(?:${Object.keys(LOADED_LATER).join('|')})$`), fileOf);
  const inputs = [
    ...(await bundle('src/main.ts', program, [beside(/^\.\/cli\/commands$/, () => commands), later])),
    ...(await bundle('src/cli/commands.ts', commands, [later])),
  ];
  for (const [name, entry] of Object.entries(LOADED_LATER))
    inputs.push(...(await bundle(entry, fileOf(name), [])));
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
