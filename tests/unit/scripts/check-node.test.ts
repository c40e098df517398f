// Node's version is checked before anything that an old Node cannot parse; the program as it is shipped begins with this check.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';

const SCRIPTS = join(__dirname, '../../../scripts');
const CHECK = readFileSync(join(SCRIPTS, 'check-node.cjs'), 'utf8');

/** Runs `source` as Node `version` would; returns what it wrote to stderr, its exit code, and which modules it asked for. */
function runUnder(version: string, source: string) {
  let stderr = '';
  const required: string[] = [];
  const require = createRequire(join(SCRIPTS, 'check-node.cjs'));
  class Exit extends Error {}
  let exitCode: number | undefined;
  const context = {
    require(path: string): unknown {
      required.push(path);
      return path.endsWith('.json') ? require(path) : {};
    },
    process: {
      versions: { node: version },
      stderr: { write: (text: string) => void (stderr += text) },
      exit(code: number) {
        exitCode = code;
        throw new Exit();
      },
    },
  };
  try {
    runInNewContext(source, context);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  return { stderr, exitCode, required };
}

test.each(['12.22.12', '16.20.2', '18.20.8', '19.9.0', '20.18.3'])(
  'Node %s gets one line and exit code 2',
  (version) => {
    const { stderr, exitCode } = runUnder(version, CHECK);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^[^\n]*needs Node ≥ 20\.19; this is Node [^\n]+\n$/);
    expect(stderr).toContain(version);
  },
);

test.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1', '100.0.0'])('Node %s is not refused', (version) => {
  expect(runUnder(version, CHECK)).toMatchObject({ stderr: '', exitCode: undefined });
});

test('the check itself is ES5, which any Node parses', () => {
  // esbuild fails on what it cannot lower, and leaves ES5 as it is.
  const plain = { minifyWhitespace: true, legalComments: 'none' } as const;
  expect(transformSync(CHECK, { ...plain, target: 'es5' }).code).toBe(
    transformSync(CHECK, { ...plain, target: 'esnext' }).code,
  );
});

test('dist/main.js is the check, and then the bundle: an old Node never parses it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-node-'));
  execFileSync(process.execPath, [join(SCRIPTS, 'bundle-main.mjs'), join(folder, 'main.js')]);
  const main = readFileSync(join(folder, 'main.js'), 'utf8');
  rmSync(folder, { recursive: true });
  expect(main).toMatch(/^#!\/usr\/bin\/env node\n/);
  const source = main.replace(/^#!.*\n/, '');
  expect(runUnder('18.20.8', source)).toMatchObject({ exitCode: 2, required: ['../package.json'] });
  expect(runUnder('20.19.0', source).required).toEqual(['../package.json', './main-program.js']);
});
