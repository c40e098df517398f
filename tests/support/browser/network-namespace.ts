// A network namespace of the test's own, joined to the machine by one cable: a browser in it meets us at an address that is
// not loopback, without anything leaving the machine.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../needs-program';

export interface NetworkNamespace {
  /** This machine's address, as seen from inside and from outside. */
  readonly address: string;
  /** A program that starts `program` inside, with the arguments it is given. */
  starterOf(program: string): string;
  remove(): void;
}

const ip = (...parameters: string[]): void => void execFileSync('ip', parameters, { stdio: 'pipe' });

/** Why there can be no namespaces here, or undefined. Tries it: containers forbid it in many ways. */
export function findWhyNoNamespace(): string | undefined {
  if (!hasProgram('ip')) return 'ip, of iproute2, is not on the PATH';
  try {
    createNetworkNamespace().remove();
    return undefined;
  } catch {
    return 'network namespaces cannot be made here: it takes root';
  }
}

/** Makes one. Throws when that is not allowed. */
export function createNetworkNamespace(): NetworkNamespace {
  // The process id keeps test files apart that run side by side.
  const id = process.pid;
  const name = `jsapi-${id}`;
  const [outside, inside] = [`js${id}a`, `js${id}b`];
  const network = `10.203.${id % 256}`;
  const folder = mkdtempSync(join(tmpdir(), 'namespace-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    // The cable goes with the namespace that holds its other end.
    ip('netns', 'delete', name);
  };
  ip('netns', 'add', name);
  try {
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name);
    ip('address', 'add', `${network}.1/30`, 'dev', outside);
    ip('link', 'set', outside, 'up');
    ip('-n', name, 'address', 'add', `${network}.2/30`, 'dev', inside);
    ip('-n', name, 'link', 'set', inside, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  } catch (error) {
    remove();
    throw error;
  }
  return {
    address: `${network}.1`,
    starterOf(program) {
      const path = join(folder, 'start');
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${name} ${program} "$@"\n`);
      chmodSync(path, 0o755);
      return path;
    },
    remove,
  };
}
