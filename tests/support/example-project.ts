// The projects of examples/ as a reader has them: installed with the packed package, and their npm scripts.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { packPackage, runProgram } from './pack-package';
import { waitUntil } from './wait-until';

const EXAMPLES = join(__dirname, '../../examples');
/** The largest framework takes a minute to install and half of one to build, on two idle cores; a busy machine takes ten times that. */
export const EXAMPLE_LIMIT_MS = 600_000;
/** Without a terminal and with `CI`, test runners do not watch files. */
const ENVIRONMENT = { NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', CI: '1' };

type Environment = Readonly<Record<string, string>>;

export interface Examples {
  /** Installs `examples/<name>` unless it is. Returns its folder. */
  install(name: string): string;
  /** Runs an npm script, where there is one, unless it has been run. Throws with what it wrote when it fails. */
  run(name: string, script: string, env?: Environment): void;
  /** Starts an npm script that serves at `PORT`, or at a port of its own that it prints. Resolves to its origin once it answers; it ends after the test. */
  serve(name: string, script: string, env?: Environment): Promise<string>;
}

/** In a file or a `describe`, before other hooks: the examples, in a folder that goes with the tests. */
export function useExamples(): Examples {
  const scratch = mkdtempSync(join(tmpdir(), 'examples-'));
  const done = new Set<string>();
  const running: ChildProcess[] = [];
  let tarball: string;

  beforeAll(() => {
    ({ tarball } = packPackage(join(scratch, 'source')));
  }, EXAMPLE_LIMIT_MS);
  afterEach(async () => {
    for (const child of running.splice(0)) await end(child);
  });
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  function doOnce(what: string, does: () => void): void {
    if (done.has(what)) return;
    does();
    done.add(what);
  }
  function install(name: string): string {
    const folder = join(scratch, name);
    doOnce(name, () => {
      cpSync(join(EXAMPLES, name), folder, { recursive: true });
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      runProgram('npm', ['install', ...options, tarball], folder);
    });
    return folder;
  }

  return {
    install,
    run(name, script, env) {
      const folder = install(name);
      doOnce(`${name} ${script}`, () =>
        runProgram('npm', ['run', '--if-present', script], folder, { ...ENVIRONMENT, ...env }),
      );
    },
    async serve(name, script, env) {
      const port = await freePort();
      const { PATH, HOME } = process.env;
      const child = spawn('npm', ['run', script], {
        cwd: install(name),
        env: { PATH, HOME, ...ENVIRONMENT, PORT: String(port), ...env },
        // A group of its own, so that what npm starts ends too.
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.push(child);
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      let origin = '';
      await waitUntil(`${name} answers, or ends`, async () => {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${said}`);
        origin = /http:\/\/localhost:\d+/.exec(said)?.[0] ?? `http://127.0.0.1:${port}`;
        return fetch(origin).then(
          () => true,
          () => false,
        );
      });
      return origin;
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGKILL');
  await closed;
}
