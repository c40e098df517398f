// `node scripts/bundle-browser.mjs <folder>`: bundles the browser helper into lark-jsapi.js, a classic script, and
// lark-jsapi.mjs, a module. The same sources give the same bytes everywhere: docs/integrity.md holds their hashes.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The oldest syntax that needs no more: ES2017 for any client's web view, ES2020 for `import.meta`. */
const BUNDLES = [
  { entry: 'global.ts', outfile: 'lark-jsapi.js', format: 'iife', target: 'es2017' },
  { entry: 'module.ts', outfile: 'lark-jsapi.mjs', format: 'esm', target: 'es2020' },
];

/** Writes both bundles into `folder`. */
export async function bundleBrowser(folder) {
  for (const { entry, outfile, format, target } of BUNDLES) {
    await build({
      absWorkingDir: root,
      entryPoints: [join('src/browser', entry)],
      outfile: join(folder, outfile),
      bundle: true,
      minify: true,
      format,
      target,
      logLevel: 'warning',
    });
  }
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
