// Builds dist/ from scratch, the program as a bundle, the browser helper and other files that are served into public/, and marks dist/ with the time of the build, which ensure.mjs compares with the sources.
import './check-node.cjs';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForBundlers, bundleForTests } from './bundle-browser.mjs';
import { bundleMain, writeLicences } from './bundle-main.mjs';
import { embedFiles } from './embed-files.mjs';
import { writeStaticFiles } from './static-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'src/browser/tsconfig.build.json']) {
  execFileSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
}
writeLicences(await bundleMain('dist/main.js'), new URL('../dist/LICENSES-OF-MAIN.txt', import.meta.url));
await bundleForBundlers('dist/browser');
await bundleForTests('dist/testing');
// The types of the same exports, for those who import them as a module.
for (const entry of ['browser/module', 'testing/install-fake-client'])
  writeFileSync(
    new URL(`../dist/${entry}.d.mts`, import.meta.url),
    `export * from './${basename(entry)}.js';\n`,
  );
// What `import 'lark-jsapi-signer/globals'` loads, beside its types.
writeFileSync(new URL('../dist/browser/globals.js', import.meta.url), '// Types only.\n');
await writeStaticFiles();
embedFiles(new URL('../dist/base/package-files.js', import.meta.url));
writeFileSync(new URL('../dist/.built', import.meta.url), '');
