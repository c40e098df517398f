// The commands of README and of the documents of the service, the same in both languages, as they are there: those that ask with curl, and those that start something, in a copy of its own.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../src/base/clock';
import { runSandbox, type RunningSandbox } from '../../src/sandbox/run-sandbox';
import { BUILT_FROM, copyProject } from '../support/copy-project';
import { describeWith } from '../support/needs-program';
import { ADMIN_TOKEN, createStoreWorld } from '../support/store-world';
import { createWorld } from '../support/world';

const ROOT = join(__dirname, '../..');
const DOCUMENTS = [
  'README',
  ...['configuration', 'http-api', 'many-apps', 'store-apps', 'troubleshooting'].map(
    (name) => `docs/${name}`,
  ),
];
const read = (extension: string): string =>
  DOCUMENTS.map((path) => readFileSync(join(ROOT, path + extension), 'utf8')).join('\n');
const ENGLISH = read('.md');
/** Every fence of shell commands, continued lines joined. */
const fencesOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text!.replaceAll(/\\\n\s*/g, ''));
const FENCES = fencesOf(ENGLISH);
const LINES = FENCES.flatMap((fence) => fence.trim().split('\n'));
/** Compiling takes some ten seconds on an idle machine, and other tests run beside this one. */
const BUILD_LIMIT_MS = 300_000;

const scratch = mkdtempSync(join(tmpdir(), 'readme-commands-'));
let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await runSandbox({ port: 0, clock: systemClock, log: () => undefined });
});
afterAll(async () => {
  await sandbox.sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('the Chinese documents have the same commands, so that running them once is enough', () => {
  expect(FENCES.length).toBeGreaterThan(10);
  expect(fencesOf(read('.zh-CN.md'))).toEqual(FENCES);
});

test('every line of a fence is one that is run here, or by the test of the image', () => {
  const known = /^(curl |export |npm (start --silent|run (demo|sandbox))$|node dist\/main\.js)/;
  // The first is the reader's; the commands of the other two are run one by one by image.test.ts.
  const elsewhere = /^(git clone |npm ci && npm run build$|docker build )/;
  expect(LINES.filter((line) => !known.test(line) && !elsewhere.test(line))).toEqual([]);
});

describeWith('curl', 'the curl lines', () => {
  /** Runs a line with the ports of this test in place of the usual ones. */
  async function curl(line: string, serviceUrl: string): Promise<{ status: number; body: string }> {
    // Read by curl itself, so that the line is run as it stands.
    writeFileSync(join(scratch, '.curlrc'), 'silent\nwrite-out = "\\n%{http_code}"\n');
    const command = line
      .replace('http://127.0.0.1:3000', serviceUrl)
      .replace('http://127.0.0.1:4400', sandbox.url);
    const env = { PATH: process.env['PATH'], CURL_HOME: scratch, ADMIN_TOKEN };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env });
    const at = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(at)), body: stdout.slice(0, at) };
  }

  const lines = LINES.filter((line) => line.startsWith('curl '));

  it('to the service are answered', async () => {
    const world = await createWorld({ env: { ADMIN_TOKEN } });
    const asked = lines.filter((line) => line.includes(':3000/') && !line.includes('/admin/'));
    expect(asked.join('\n')).toContain('/explain');
    expect(asked.length).toBeGreaterThan(2);
    for (const line of asked)
      expect({ line, ...(await curl(line, world.baseUrl)) }).toMatchObject({ status: 200 });
    await world.close();
  });

  it('of operators are answered', async () => {
    const world = await createStoreWorld();
    const asked = lines.filter((line) => line.includes('/admin/'));
    expect(asked.length).toBeGreaterThan(1);
    for (const line of asked) {
      const { status, body } = await curl(line, world.baseUrl);
      // "…" is no app ticket, and 01234567 no fingerprint: both are for the reader to fill in.
      expect({ line, status, body }).toMatchObject({ status: expect.any(Number) });
      expect(['BODY_INVALID', 'FINGERPRINT_MISMATCH', 'TENANT_REQUIRED']).toContain(JSON.parse(body).code);
    }
    await world.close();
  });

  it('to the simulated platform are answered', async () => {
    const asked = lines.filter((line) => line.includes(':4400/'));
    expect(asked.length).toBeGreaterThan(2);
    for (const line of asked) expect((await curl(line, '')).status).toBeLessThan(300);
  });
});

describe('what starts something', () => {
  const copy = join(scratch, 'copy');

  beforeAll(() => {
    // Without the lock file nothing is installed.
    copyProject(copy, BUILT_FROM);
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: copy, stdio: 'pipe' });
    mkdirSync(join(copy, 'secrets'));
    writeFileSync(join(copy, 'what-the-console-says.txt'), 'invalid signature 333441');
    writeFileSync(join(copy, 'ticket.txt'), 'a-ticket');
    const [, apps = ''] = /# Many apps.*?```json\n(.*?)```/s.exec(ENGLISH) ?? [];
    writeFileSync(join(copy, 'apps.json'), apps);
    writeFileSync(join(copy, 'secrets', 'shop'), 'a-secret');
  }, BUILD_LIMIT_MS);

  const starting = FENCES.filter((fence) => /^(npm|node) /m.test(fence)).map((fence) =>
    fence
      .trim()
      .replace(/^git clone .*\n/, '')
      .replace(/^npm ci .*\n/, ''),
  );

  test.each(starting)(
    '%s',
    async (commands) => {
      const script = commands
        .replace('/etc/lark/apps.json', join(copy, 'apps.json'))
        .replace('http://127.0.0.1:4400', sandbox.url)
        // A port of its own: the usual one may be in use.
        .replace(/npm run (demo|sandbox)$/, 'npm run $1 -- --port 0');
      const app = {
        LARK_APP_ID: 'cli_readme',
        LARK_APP_SECRET: 'a',
        ALLOWED_ORIGINS: 'https://h5.example.com',
      };
      const child = spawn('/bin/sh', ['-c', script], {
        cwd: copy,
        // A group of its own, so that what npm starts ends too.
        detached: true,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          HOST: '127.0.0.1',
          PORT: '0',
          LARK_DOMAIN: sandbox.url,
          WIKI_SECRET: 'a-secret',
          ...(!commands.includes('LARK_APPS_FILE') && app),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const closed = once(child, 'close');
      let said = '';
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      const done = new Promise<void>((resolve) => {
        const look = (chunk: Buffer): void => {
          said += chunk.toString();
          if (/"msg":"listening"|listening on http|Stop with Ctrl\+C/.test(said)) resolve();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void closed.then(() => resolve());
      });
      await done;
      if (/dist\/main\.js (doctor|explain)/.test(commands)) {
        await closed;
        // The doctor finds a wrong secret here.
        if (commands.includes('doctor')) expect(said).toMatch(/^WRONG token/m);
        expect(child.exitCode).toBe(commands.includes('doctor') ? 1 : 0);
        return;
      }
      expect(said).toMatch(/listening|Stop with Ctrl\+C/);
      process.kill(-child.pid!, 'SIGTERM');
      await closed;
      // The log is what a collector reads line by line: npm adds nothing to it.
      if (/npm start|dist\/main\.js$/.test(commands))
        for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^\{.*\}$/);
    },
    60_000,
  );
});
