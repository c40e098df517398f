// `node scripts/bundle-browser.mjs <folder> [<folder>]`: bundles the browser helper, into the first folder as pages load it
// (lark-jsapi.js, a classic script, and lark-jsapi.mjs, a module), into the second as bundlers of front ends read it (module.js for
// `require`, module.mjs for `import`). The same sources give the same bytes everywhere: docs/integrity.md holds the hashes of the first.
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** For any client's web view, and for webpack 4, which reads nothing newer. */
const TARGET = 'es2017';

/** As pages load it. A module finds its own address by `import.meta` only, which is newer and which every browser with modules has. */
const FOR_PAGES = [
  { entry: 'global.ts', outfile: 'lark-jsapi.js', format: 'iife', minify: true },
  {
    entry: 'page-module.ts',
    outfile: 'lark-jsapi.mjs',
    format: 'esm',
    minify: true,
    supported: { 'import-meta': true },
  },
];

/** As bundlers read it. It was not loaded from the service, so the address of the script says nothing of where that is. */
const FOR_BUNDLERS = [
  { entry: 'module.ts', outfile: 'module.js', format: 'cjs', define: { 'import.meta.url': 'undefined' } },
  { entry: 'module.ts', outfile: 'module.mjs', format: 'esm', define: { 'import.meta.url': 'undefined' } },
];

/** What a test of a page puts into its window, as test runners and bundlers read it. */
const FOR_TESTS = [
  { entry: '../testing/install-fake-client.ts', outfile: 'install-fake-client.js', format: 'cjs' },
  { entry: '../testing/install-fake-client.ts', outfile: 'install-fake-client.mjs', format: 'esm' },
];

const optionsOf = ({ entry, outfile, ...more }, folder) => ({
  absWorkingDir: root,
  entryPoints: [join('src/browser', entry)],
  outfile: join(folder, outfile),
  bundle: true,
  target: TARGET,
  logLevel: 'warning',
  ...more,
});

/** Writes what pages load into `folder`. A file that stays as it is stays untouched: the tests of another process may be reading it. */
export async function bundleBrowser(folder) {
  mkdirSync(folder, { recursive: true });
  for (const bundle of FOR_PAGES) {
    const { outputFiles } = await build({ ...optionsOf(bundle, folder), write: false });
    for (const { path, contents } of outputFiles)
      if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
  }
}

/** Writes what `lark-jsapi-signer/browser` is to bundlers into `folder`. */
export async function bundleForBundlers(folder) {
  for (const bundle of FOR_BUNDLERS) await build(optionsOf(bundle, folder));
}

/** Writes what `lark-jsapi-signer/testing` is into `folder`. */
export async function bundleForTests(folder) {
  for (const bundle of FOR_TESTS) await build(optionsOf(bundle, folder));
}

/**
 * Writes what pages load into `folder`, and each again whenever its sources change; `onRewritten` is called after that. Resolves
 * with what ends it, once both have been written for the first time.
 */
export async function watchBrowser(folder, onRewritten) {
  const watched = await Promise.all(
    FOR_PAGES.map((bundle) => watchBundle(optionsOf(bundle, folder), onRewritten)),
  );
  return () => Promise.all(watched.map((bundling) => bundling.dispose()));
}

async function watchBundle(options, onRewritten) {
  let isFirst = true;
  let tellFirst;
  const first = new Promise((resolve) => (tellFirst = resolve));
  const teller = {
    name: 'teller',
    setup: ({ onEnd }) =>
      onEnd(({ errors }) => {
        if (isFirst) tellFirst();
        // A fault is printed by the bundler, and what was written last stays.
        else if (errors.length === 0) onRewritten();
        isFirst = false;
      }),
  };
  const bundling = await context({ ...options, plugins: [teller] });
  await bundling.watch();
  await first;
  return bundling;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [, , forPages, forBundlers] = process.argv;
  if (!forPages) throw new Error('Say where to: node scripts/bundle-browser.mjs public');
  await bundleBrowser(forPages);
  if (forBundlers) await bundleForBundlers(forBundlers);
}
