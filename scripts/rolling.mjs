// `npm run test:rolling`: the long form of tests/e2e/rolling-restart.test.ts, twenty restarts in some three minutes, and a
// verdict in one line.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--runInBand', 'tests/e2e/rolling-restart.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, ROLLING_RESTARTS: '20' },
});
console.log(`rolling: ${status === 0 ? 'PASSED' : 'FAILED'}`);
process.exitCode = status ?? 1;
