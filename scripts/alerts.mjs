// `npm run test:alerts`: the long form of tests/torture/alerts/alerts.test.ts, every outage and three normal days in some minutes, and a
// verdict in one line.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--runInBand', 'tests/torture/alerts/alerts.test.ts'], {
  stdio: 'inherit',
  // Without promtool and redis-server there would be nothing to show.
  env: { ...process.env, ALERTS: 'full', REQUIRE_ALL: '1' },
});
console.log(`alerts: ${status === 0 ? 'PASSED' : 'FAILED'}`);
process.exitCode = status ?? 1;
