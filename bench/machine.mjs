// Where a run took place, for those who compare two of them.
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { relative } from 'node:path';

/** The command as it was typed, the commit, the machine and Node. */
export function describeMachine() {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return {
    command: describeCommand(),
    revision: describeRevision(),
    machine: `${cpus().length} × ${processor?.model.trim()}, ${memory}, ${process.platform} ${release()}`,
    node: process.version,
  };
}

function describeCommand() {
  const [, program, ...options] = process.argv;
  const script = process.env.npm_lifecycle_event;
  if (!script) return ['node', relative(process.cwd(), program), ...options].join(' ');
  return [`npm run ${script}`, ...(options.length > 0 ? ['--'] : []), ...options].join(' ');
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
