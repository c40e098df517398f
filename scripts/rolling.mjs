// `npm run test:rolling`: the long form of tests/process/rolling-restart.test.ts, twenty restarts in some three minutes,
// 300 apps in some six, and a verdict in one line.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(
  process.execPath,
  [jest, '--runInBand', 'tests/process/rolling-restart.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, ROLLING_RESTARTS: '20', ROLLING_APPS: '300', ROLLING_LATENCIES_MS: '200,800' },
  },
);
console.log(`rolling: ${status === 0 ? 'PASSED' : 'FAILED'}`);
process.exitCode = status ?? 1;
