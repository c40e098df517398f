// `npm run test:fleet`: the long form of tests/process/fleet.test.ts, some fifteen minutes, and a verdict in one line.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const startedMs = performance.now();
const { status } = spawnSync(process.execPath, [jest, '--runInBand', 'tests/process/fleet.test.ts'], {
  stdio: 'inherit',
  // Without redis-server there would be nothing to show.
  env: { ...process.env, FLEET: 'full', REQUIRE_ALL: '1' },
});
const seconds = Math.round((performance.now() - startedMs) / 1000);
console.log(`fleet: ${status === 0 ? 'PASSED' : 'FAILED'} after ${seconds} s`);
process.exitCode = status ?? 1;
