// Packs this package from a build of its own, so that the working tree's `dist/` is neither used nor changed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_FROM, copyProject } from './copy-project';

/** Only a registry that does not answer takes as long: a test's own limit does not end a program it waits for. */
const LIMIT_MS = 300_000;

const ROOT = join(__dirname, '../..');

export interface PackedPackage {
  /** Path of the file to install. */
  readonly tarball: string;
  readonly sizeBytes: number;
  /** Paths in it. */
  readonly files: readonly string[];
}

/** Builds and packs in `folder`, which is made: as on a fresh clone, there is no dist/ yet. */
export function packPackage(folder: string): PackedPackage {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const shipped = files.filter((path) => !/^!?dist\b/.test(path));
  copyProject(folder, [
    ...new Set([...BUILT_FROM, ...shipped, 'README.md', 'README.zh-CN.md', 'LICENSE', 'CHANGELOG.md']),
  ]);
  const [packed] = JSON.parse(runProgram('npm', ['pack', '--json'], folder)) as {
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  return {
    tarball: join(folder, packed!.filename),
    sizeBytes: packed!.size,
    files: packed!.files.map(({ path }) => path),
  };
}

/** What a program writes to standard output. Throws with all that it wrote when it fails; `more` is added to its environment. */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, npm_config_prefer_offline: 'true', ...more };
  try {
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe', timeout: LIMIT_MS });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
