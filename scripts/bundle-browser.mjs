// `node scripts/bundle-browser.mjs <folder>`: bundles the browser helper into lark-jsapi.js, a classic script, and
// lark-jsapi.mjs, a module. The same sources give the same bytes everywhere: docs/integrity.md holds their hashes.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The oldest syntax that needs no more: ES2017 for any client's web view, ES2020 for `import.meta`. */
const BUNDLES = [
  { entry: 'global.ts', outfile: 'lark-jsapi.js', format: 'iife', target: 'es2017' },
  { entry: 'module.ts', outfile: 'lark-jsapi.mjs', format: 'esm', target: 'es2020' },
];

const optionsOf = ({ entry, outfile, format, target }, folder) => ({
  absWorkingDir: root,
  entryPoints: [join('src/browser', entry)],
  outfile: join(folder, outfile),
  bundle: true,
  minify: true,
  format,
  target,
  logLevel: 'warning',
});

/** Writes both bundles into `folder`. */
export async function bundleBrowser(folder) {
  for (const bundle of BUNDLES) await build(optionsOf(bundle, folder));
}

/**
 * Writes both bundles into `folder`, and each again whenever its sources change; `onRewritten` is called after that. Resolves
 * with what ends it, once both have been written for the first time.
 */
export async function watchBrowser(folder, onRewritten) {
  const watched = await Promise.all(
    BUNDLES.map((bundle) => watchBundle(optionsOf(bundle, folder), onRewritten)),
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

/** For `require('lark-jsapi-signer/browser')`, as bundlers of front ends read it. */
export async function bundleForRequire(outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/browser/module.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    target: 'es2017',
    // It was not loaded from the service, so the address of the script says nothing of where that is.
    define: { 'import.meta.url': 'undefined' },
    logLevel: 'warning',
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) throw new Error('Say where to: node scripts/bundle-browser.mjs public');
  await bundleBrowser(folder);
}
