// `npm run dev`: recompiles and bundles on change, and restarts the service. Without LARK_APP_ID it runs against the simulated platform.
import { spawn } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensure.mjs';

ensureBuilt();
// On a fresh clone the bundler is there from here on.
const { watchBrowser } = await import('./bundle-browser.mjs');
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });

const children = [
  start([tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
  start(['--watch', 'dist/main.js', 'dev', ...process.argv.slice(2)]),
];
const endBundling = await watchBrowser('public', () => {
  // The service has the helper in memory; --watch looks at the modules of the program only, so one of them is touched.
  const now = new Date();
  utimesSync(new URL('../dist/main.js', import.meta.url), now, now);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    void endBundling();
  });
}
