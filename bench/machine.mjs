// Where a run took place, for those who compare two of them.
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** The command as it was typed, the commit, the machine and Node. */
export function describeMachine() {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return {
    command: [
      `npm run ${process.env.npm_lifecycle_event ?? 'bench'}`,
      ...(process.argv.length > 2 ? ['--'] : []),
      ...process.argv.slice(2),
    ].join(' '),
    revision: describeRevision(),
    machine: `${cpus().length} × ${processor?.model.trim()}, ${memory}, ${process.platform} ${release()}`,
    node: process.version,
  };
}

/** Short commit, for those who compare two runs. */
function describeRevision() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}
