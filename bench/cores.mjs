// Keeps the servers and the load apart: each on a processor core of its own, where the machine allows it.
import { execFileSync } from 'node:child_process';

/** `{ server, load }`, numbers of cores; undefined with fewer than two of them, or without taskset. */
export function findCores() {
  let answer;
  try {
    // "pid 4711's current affinity list: 0-3,6"
    answer = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return undefined;
  }
  const cores = answer
    .slice(answer.lastIndexOf(':') + 1)
    .split(',')
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
  return cores.length < 2 ? undefined : { server: cores.at(-1), load: cores[0] };
}

/** Moves this process to a core; what it starts afterwards inherits that: the load generator is to. */
export function moveSelfTo(core) {
  execFileSync('taskset', ['-acp', String(core), String(process.pid)]);
}

/** The command line that runs `command` on a core. */
export function onCore(core, command) {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}
