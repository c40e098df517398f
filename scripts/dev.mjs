// `npm run dev`: recompiles and bundles on change, and restarts the service. Without LARK_APP_ID it runs against the simulated platform.
import { spawn } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { watchBrowser } from './bundle-browser.mjs';
import { ensureBuilt } from './ensure.mjs';

ensureBuilt();
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });

const children = [
  start([tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
  start(['--watch', 'dist/main.js', 'dev']),
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
