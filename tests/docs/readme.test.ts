// README and the documents of the service say what the code does: variables, codes, commands, paths, files.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import request from 'supertest';
import { createApp } from '../../src/http/create-app';
import { loadConfig, VARIABLE_NAMES, type Config } from '../../src/config/config';
import { ERRORS } from '../../src/base/errors';
import { createHttpServer } from '../../src/http/server';
import { SHAPE_NAMES } from '../../src/http/shapes';
import { CONTROL_PATHS } from '../../src/sandbox/control-routes';
import { FakeClock } from '../support/fake-clock';
import { FakeSigningApps, FakeSigningApp } from '../support/fake-signing-apps';
import { filesIn } from '../support/files-in';
import { markdownFiles } from '../support/markdown';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const readme = read('README.md');
const configuration = read('docs/configuration.md');
const httpApi = read('docs/http-api.md');
const troubleshooting = read('docs/troubleshooting.md');
/** Documents that show how the service is run and called. */
const guides = [
  ...['README.md', 'docs/configuration.md', 'docs/http-api.md', 'docs/many-apps.md', 'docs/store-apps.md'],
  'docs/troubleshooting.md',
];
const guide = guides.map(read).join('\n');
const architecture = read('docs/architecture.md');
const documents = markdownFiles();
/** Documents that name files of the sources. */
const manuals = [...guides, 'CONTRIBUTING.md', 'SECURITY.md', 'docs/architecture.md'];

/** The cells of the rows below the header row whose first cell is `header`, without links and code marks. */
function table(markdown: string, header: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === header);
  expect({ header, start }).not.toEqual({ header, start: -1 });
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + length).map(cellsOf);
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) =>
      cell
        .trim()
        .replace(/^\[(.*)\]\(.*\)$/, '$1')
        .replace(/^`([^`]*)`$/, '$1'),
    );
}

/** Where `pattern` occurs in the documents at `paths`, and its first group. */
function findAll(paths: readonly string[], pattern: RegExp): { path: string; found: string }[] {
  return paths.flatMap((path) =>
    [...read(path).matchAll(pattern)].map(([, found]) => ({ path, found: found! })),
  );
}

/** The `curl` lines in fences, continued lines joined. */
function curlLines(markdown: string): string[] {
  const fences = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) =>
    text!.replaceAll('\\\n', ' '),
  );
  return fences.flatMap((fence) => fence.split('\n').filter((line) => line.startsWith('curl ')));
}

/** Method and path of every `curl` line that goes to `port` of this machine. */
function curlRequests(markdown: string, port: number): { method: string; path: string }[] {
  return curlLines(markdown).flatMap((line) => {
    const [, path] = new RegExp(`127\\.0\\.0\\.1:${port}(/[^\\s'"]*)`).exec(line) ?? [];
    const method = /-X (\w+)/.exec(line)?.[1] ?? (line.includes(' -d ') ? 'POST' : 'GET');
    return path === undefined ? [] : [{ method, path }];
  });
}

test.each(['README.md', 'README.zh-CN.md'])('%s is one page, for a first deployment', (path) => {
  const markdown = read(path);
  expect(markdown.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  const variables = table(markdown, path === 'README.md' ? 'variable' : '变量').map(([name]) => name);
  expect(variables).toHaveLength(12);
  expect(VARIABLE_NAMES).toEqual(expect.arrayContaining(variables));
  // The first line of its map.
  const [, map = ''] = /\n## [^\n]+\n\n- (?![^]*\n## )([^\n]*)/.exec(markdown) ?? [];
  expect(map).toContain('docs/architecture.md#to-change-x-see-y');
});

describe('the table of variables', () => {
  const rows = table(configuration, 'variable');
  const required = { LARK_APP_ID: 'cli_a', LARK_APP_SECRET: 's', ALLOWED_ORIGINS: 'https://h5.example.com' };
  // As JSON: the functions of two compiled lists of origins are never equal.
  const plain = (config: Config): string => JSON.stringify(config);
  const load = (more: Record<string, string> = {}) => loadConfig({ ...required, ...more }, String);

  it('is what the table of settings says, in both languages, in README and in .env.example', () => {
    const checked = spawnSync(process.execPath, ['scripts/document-settings.mjs', '--check'], { cwd: root });
    expect(checked.stderr.toString()).toBe('');
    expect(checked.status).toBe(0);
    expect(rows.map(([name]) => name)).toEqual(VARIABLE_NAMES);
  });

  it('tells the true defaults', () => {
    const defaults = rows.filter(([, value]) => value !== 'required' && value !== '–');
    expect(defaults.length).toBeGreaterThan(5);
    for (const [name, value] of defaults) {
      expect({ name, config: plain(load({ [name!]: value! })) }).toEqual({ name, config: plain(load()) });
    }
  });

  it('tells which ones are required', () => {
    const marked = rows.filter(([, value]) => value === 'required').map(([name]) => name);
    expect(marked.sort()).toEqual(Object.keys(required).sort());
    for (const name of marked) expect(() => load({ [name!]: '' })).toThrow(`${name}: missing`);
  });
});

test('the table of failures is the table of codes', () => {
  const told = table(httpApi, 'status').map(([status, code]) => [code, Number(status)]);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status])),
  );
});

test('the table of shapes has every shape', () => {
  expect(table(httpApi, 'shape').map(([name]) => name)).toEqual(SHAPE_NAMES);
});

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
  // `npm start` and `npm test` are short forms; the rest of npm's words are its own.
  const named = findAll(documents, /\bnpm (?:run (?:--silent )?|(?=start\b|test\b))([\w:-]+)/g);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ found }) => !Object.hasOwn(scripts, found))).toEqual([]);
});

test('the commands of the documents are commands', () => {
  const names = table(configuration, 'command').map(([command]) => command);
  expect(names).toEqual(expect.arrayContaining(['npm run demo', 'npm start', 'npm run doctor']));
  const [, commands = ''] = /^ {2}commands: \{ (.*) \},$/m.exec(read('src/main.ts')) ?? [];
  const subcommands = [...guide.matchAll(/node dist\/main\.js ([a-z]\w*)/g)].map(([, name]) => name);
  for (const name of subcommands) expect(commands.split(', ')).toContain(name);
});

test('every file that the manuals name is there', () => {
  const files = findAll(manuals, /(?:^|`)((?:src|tests|docs|scripts|public)\/[\w./-]*)/gm);
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter(({ found }) => !existsSync(join(root, found)))).toEqual([]);
});

test('the listing of the architecture has everything in src/', () => {
  const floors = /^```\n(.*?)^```/ms.exec(architecture)?.[1] ?? '';
  // At the beginning of a line, or in its second column.
  const listed = [...floors.matchAll(/(?:^|\s{3,})([\w-]+(?:\.ts|(?=\/)))/gm)].map(([, name]) => name);
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const names = new Set(files.filter((file) => file.endsWith('.ts')).map((file) => file.split(sep)[0]));
  expect(listed.sort()).toEqual([...names].sort());
});

describe('paths of the examples', () => {
  let server: Server;
  /** What a build puts beside the page. */
  const publicDirectory = mkdtempSync(join(tmpdir(), 'docs-readme-'));
  for (const name of ['index.html', 'errors.en.html', 'openapi.json', 'lark-jsapi.js', 'lark-jsapi.mjs'])
    writeFileSync(join(publicDirectory, name), '');
  afterAll(() => rmSync(publicDirectory, { recursive: true }));
  beforeEach(() => {
    const clock = new FakeClock();
    const app = createApp({
      apps: new FakeSigningApps(new FakeSigningApp()),
      publicFiles: filesIn(publicDirectory),
      version: '1.2.3',
      h5SdkUrls: ['https://sdk.example.com/sdk.js'],
      publicPage: true,
      openOperator: true,
      explain: () => Promise.resolve({ verdict: 'unknown', findings: [], hashes: 0 }),
      readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
      clock,
    });
    server = createHttpServer(app).listen(0, '127.0.0.1');
  });
  afterEach(() => server.close());

  /** 404 and 405 say that there is no such route. */
  async function expectRoute(method: string, path: string): Promise<void> {
    const agent = request(server);
    const ask = {
      GET: () => agent.get(path),
      POST: () => agent.post(path),
      PUT: () => agent.put(path),
    }[method]!;
    const { status } = await ask();
    expect({ method, path, isRoute: status !== 404 && status !== 405 }).toEqual({
      method,
      path,
      isRoute: true,
    });
  }

  it('are routes of the service', async () => {
    const inTable = table(httpApi, 'request').map(([cell]) => cell!.split(/[ ?]/));
    expect(inTable.length).toBeGreaterThan(4);
    for (const [method, path] of inTable) await expectRoute(method!, path!);

    const inProse = [...guide.matchAll(/`(GET|POST) (\/[\w./<>-]+)/g)];
    for (const [, method, path] of inProse) await expectRoute(method!, path!);

    const toService = curlRequests(guide, 3000);
    expect(toService.length).toBeGreaterThan(2);
    for (const { method, path } of toService) await expectRoute(method, path);
  });

  it('the front end asks for, behind the gateway, is a route', async () => {
    const fetched = [...readme.matchAll(/fetch\('\/lark(\/[\w-]+)/g)];
    expect(fetched).toHaveLength(1);
    await expectRoute('GET', fetched[0]![1]!);
    expect(readme).toContain('`BASE_PATH=/lark`');
  });

  it('are control paths of the simulated platform', () => {
    const toPlatform = curlRequests(troubleshooting, 4400).map(({ method, path }) => `${method} ${path}`);
    expect(toPlatform.length).toBeGreaterThan(2);
    for (const control of toPlatform) expect(CONTROL_PATHS).toContain(control);
  });
});
