// The scripts of package.json: npm runs some names by itself, on every installation; only those that are meant may have one.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Every name that a command of npm runs without being asked for it, in any version since 7; `pre…` and `post…` of each besides. */
const RUN_BY_NPM = [
  ...['install', 'uninstall', 'prepare', 'prepublish', 'prepublishOnly', 'prepack', 'postpack', 'pack'],
  ...['publish', 'dependencies', 'version', 'shrinkwrap', 'stop', 'restart', 'env'],
];

/** These two are meant: a package needs a build before it is packed, and a git dependency is packed by `prepare` alone. */
const MEANT = ['prepack', 'prepare'];

test('no script has a name that npm runs by itself, unless it is meant to', () => {
  const names = Object.keys(scripts);
  const hooked = [...RUN_BY_NPM, ...names];
  const byItself = [...RUN_BY_NPM, ...hooked.flatMap((name) => [`pre${name}`, `post${name}`])];
  expect(names.filter((name) => byItself.includes(name) && !MEANT.includes(name))).toEqual([]);
});

test('there are few enough scripts to know them all', () => {
  expect(Object.keys(scripts).length).toBeLessThanOrEqual(18);
});

test('each pattern of tests that npm test leaves to test:all has a test file', () => {
  const [, list = ''] =
    /^const LATER = \[(.*?)^\];/ms.exec(readFileSync(join(ROOT, 'scripts/test.mjs'), 'utf8')) ?? [];
  const patterns = [...list.matchAll(/'(.*)'/g)].map(([, pattern]) => pattern!);
  const names = patterns.flatMap((pattern) => {
    const [, folder, of = ''] = /^(.*)\((?:\?!)?(.*)\)$/.exec(pattern)!;
    return of.split('|').map((name) => `${folder}${name}.test.ts`);
  });
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
});

/** A clone in small: the real scripts that npm runs, a source, and a build that leaves what a build leaves. */
const folder = mkdtempSync(join(tmpdir(), 'npm-scripts-'));
const inFolder = (path: string): string => join(folder, path);
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(inFolder(path), '..'), { recursive: true });
  writeFileSync(inFolder(path), text);
}

/** Runs a line of shell as npm runs a script. */
function run(line: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(line, {
    shell: true,
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], npm_config_offline: 'true', ...env },
  });
  return { status, stdout, stderr };
}

const prepare = (): ReturnType<typeof run> => run(scripts['prepare']!);
const install = (env: Record<string, string>): ReturnType<typeof run> =>
  run('node scripts/ensure.mjs install', env);

describe('prepare, which npm runs behind npm ci', () => {
  it('does nothing where only package.json, the lock file and .npmrc are', () => {
    for (const file of ['package.json', '.npmrc']) cpSync(join(ROOT, file), inFolder(file));
    expect(prepare()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('does nothing where the scripts are, and not yet the sources', () => {
    for (const file of ['ensure.mjs', 'check-node.cjs'])
      cpSync(join(ROOT, 'scripts', file), inFolder(`scripts/${file}`));
    expect(prepare()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('says that nothing is built without the packages that build, as after npm ci --omit=dev', () => {
    write('src/a.ts', '');
    const { status, stderr } = prepare();
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^dist\/ is not built: .*\n$/),
    });
  });

  it('builds on a full clone, and nothing when that is done', () => {
    mkdirSync(inFolder('node_modules/typescript'), { recursive: true });
    write(
      'scripts/build.mjs',
      `import { mkdirSync, writeFileSync } from 'node:fs';
       for (const path of ['dist', 'public/assets/page']) mkdirSync(path, { recursive: true });
       for (const name of ['lark-jsapi.js', 'lark-jsapi.mjs', 'errors.en.html', 'errors.zh.html', 'openapi.json', 'assets/page/field-report.js']) writeFileSync('public/' + name, ' ');
       writeFileSync('dist/.built', ' ');`,
    );
    expect(prepare()).toEqual({ status: 0, stdout: '', stderr: 'Building…\n' });
    expect(existsSync(inFolder('dist/.built'))).toBe(true);
    expect(prepare()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('builds again when a source was removed', () => {
    rmSync(inFolder('src/a.ts'));
    // File times are too coarse to order what happens within a millisecond.
    const later = new Date(Date.now() + 2_000);
    utimesSync(inFolder('src'), later, later);
    expect(prepare().stderr).toBe('Building…\n');
  });
});

describe('the installation before a script', () => {
  beforeAll(() => {
    const manifest = { name: 'host', version: '1.0.0', devDependencies: { builder: 'file:builder' } };
    write('package.json', JSON.stringify({ ...manifest, engines: { node: '>=20.19.0' } }));
    write('builder/package.json', JSON.stringify({ name: 'builder', version: '1.0.0' }));
    const locked = {
      '': manifest,
      builder: { version: '1.0.0', dev: true },
      'node_modules/builder': { resolved: 'builder', link: true },
    };
    write('package-lock.json', JSON.stringify({ ...manifest, lockfileVersion: 3, packages: locked }));
    rmSync(inFolder('node_modules'), { recursive: true, force: true });
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }],
    ['in a dry run, as npm publish --dry-run', { npm_config_dry_run: 'true' }],
    ['for a global installation', { npm_config_global: 'true' }],
  ])('installs what builds, also %s', (_, env) => {
    rmSync(inFolder('node_modules'), { recursive: true, force: true });
    const { status } = install(env);
    expect({ status, isThere: existsSync(inFolder('node_modules/builder')) }).toEqual({
      status: 0,
      isThere: true,
    });
  });

  it('says why it failed, also when the script was called with --silent', () => {
    rmSync(inFolder('node_modules'), { recursive: true, force: true });
    write('package-lock.json', '{"lockfileVersion": 3, "packages": {}}');
    const { status, stderr } = install({ npm_config_loglevel: 'silent' });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/npm (ERR!|error) /);
  });
});
