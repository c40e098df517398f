// Runs the command line as a process of its own, from the sources, bundled as it is shipped.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The bundle, once it is made. */
let main: string | undefined;

/**
 * The path of the bundle, made once for each worker while no source changes. One level below the package's root, as `dist/` is, so
 * that the files next to it are found.
 */
export function bundleMain(): string {
  const outfile = join(ROOT, '.test-build', `main-${process.env['JEST_WORKER_ID'] ?? process.pid}.js`);
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = [
    'package.json',
    'scripts/bundle-main.mjs',
    'scripts/bundled',
    'src',
    ...sources.map((path) => join('src', path)),
  ];
  const changedMs = Math.max(...paths.map((path) => statSync(join(ROOT, path)).mtimeMs));
  if (!existsSync(outfile) || statSync(outfile).mtimeMs < changedMs)
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'bundle-main.mjs'), outfile]);
  return outfile;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly cwd: string;
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match of `pattern` in what stdout has said so far or says later. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code, after `signal` when one is given. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `main <args>` in an empty folder, with nothing in its environment but `env` and PATH. With `stdoutFile` its standard
 * output goes there, and not to us; `envFile` is the text of a `.env` file in that folder; `nodeArguments` go before the program.
 */
export function runMain(
  args: string[],
  env: Record<string, string> = {},
  {
    stdoutFile,
    envFile,
    nodeArguments = [],
  }: { stdoutFile?: string; envFile?: string; nodeArguments?: string[] } = {},
): RunningProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'lark-main-'));
  if (envFile !== undefined) writeFileSync(join(cwd, '.env'), envFile);
  main ??= bundleMain();
  const child = spawn(process.execPath, [...nodeArguments, main, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', stdoutFile === undefined ? 'pipe' : openSync(stdoutFile, 'a'), 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');

  return {
    child,
    cwd,
    stdout: () => stdout,
    stderr: () => stderr,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout);
          if (match) resolve(match);
        };
        child.stdout?.on('data', look);
        void closed.then(() => {
          reject(new Error(`ended without saying ${pattern}: ${stdout}${stderr}`));
        });
        look();
      }),
    async end(signal) {
      if (signal) child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}
