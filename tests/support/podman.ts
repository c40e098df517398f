// Podman in a folder of its own: images, containers, settings and locks are in it, and are gone after `close`. Needs root and no daemon.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a command wrote, and its exit code. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Podman {
  /** Runs `podman <args>` to its end, whatever its exit code. */
  try(args: readonly string[]): Promise<Outcome>;
  /** Runs `podman <args>`; returns its standard output, trimmed. Throws unless the exit code is 0. */
  run(args: readonly string[]): Promise<string>;
  /** Ends all containers and removes the folder. */
  close(): Promise<void>;
}

/** Programs that a test with an image needs. */
export const IMAGE_PROGRAMS = ['podman', 'apt-get', 'dpkg-deb'];

/**
 * Why the kernel, or the sandbox this runs in, refuses containers; undefined where it allows them. Tries what a container consists
 * of: its own namespaces, and mounts in them.
 */
export function whyNoContainers(): string | undefined {
  const mounts = 'mount -t proc proc /proc && mount -t mqueue mqueue /mnt && mount -t tmpfs tmpfs /mnt';
  const { error, status, stderr } = spawnSync(
    'unshare',
    ['--mount', '--pid', '--ipc', '--uts', '--fork', '--propagation', 'private', 'sh', '-c', mounts],
    { encoding: 'utf8' },
  );
  if (error) return `unshare: ${error.message}`;
  return status === 0 ? undefined : `no containers here: ${stderr.trim().split('\n')[0]}`;
}

/**
 * A mount namespace for each call, so that podman's mounts do not reach the machine. Where cgroups of both versions are mounted, crun
 * fails at the second, which is unmounted there.
 */
const IN_OWN_MOUNTS = 'umount /sys/fs/cgroup/unified 2>/dev/null; exec podman "$@"';
/** A build's log has some 100 KB. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Makes `folder`. */
export function createPodman(folder: string): Podman {
  const inside = (name: string): string => join(folder, name);
  mkdirSync(inside('tmp'), { recursive: true });
  writeFileSync(
    inside('containers.conf'),
    `[containers]
# Lower than anywhere: only CAP_SYS_RESOURCE may raise a limit.
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
cgroups = "disabled"
http_proxy = false
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = ${JSON.stringify(inside('state'))}
`,
  );
  const storage = ['--storage-driver', 'vfs', '--root', inside('storage'), '--runroot', inside('run')];
  const env = {
    ...process.env,
    CONTAINERS_CONF: inside('containers.conf'),
    TMPDIR: inside('tmp'),
    // Health checks are run by the test; the timers of systemd are not there.
    DISABLE_HC_SYSTEMD: 'true',
  };

  function attempt(args: readonly string[]): Promise<Outcome> {
    const words = [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      IN_OWN_MOUNTS,
      'sh',
      ...storage,
      ...args,
    ];
    return new Promise((resolve) => {
      execFile('unshare', words, { env, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, stdout, stderr });
      });
    });
  }

  return {
    try: attempt,
    async run(args) {
      const { status, stdout, stderr } = await attempt(args);
      if (status !== 0) throw new Error(`podman ${args[0]} ended with ${status}: ${stdout}${stderr}`);
      return stdout.trim();
    },
    async close() {
      await attempt(['rm', '--all', '--force', '--time', '0']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
