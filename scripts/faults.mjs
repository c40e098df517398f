// `npm run test:faults`: the fault matrix, every fault at every moment of a ticket's life; tests/torture/faults/ holds it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['-r', 'ts-node/register/transpile-only', 'tests/torture/faults/run-matrix.ts', ...process.argv.slice(2)],
  // rootDir: ts-node would take the folder of the first file for it.
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TS_NODE_COMPILER_OPTIONS: JSON.stringify({ rootDir: root }) },
  },
);
process.exitCode = status ?? 1;
