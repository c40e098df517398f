// What the Dockerfile makes: its own commands, in their order, from an empty folder to a service that signs and ends.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createDemoApp } from '../../src/sandbox/demo-apps';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { buildImage, type Image } from '../support/dockerfile';

const CONTEXT = join(__dirname, '../..');
const PAGE = 'http://localhost:8080/a?x=1&y=2';
/** Installing and compiling take half a minute on an idle machine, and other tests run beside this one. */
const BUILD_LIMIT_MS = 300_000;

const scratch = mkdtempSync(join(tmpdir(), 'image-'));
const app = createDemoApp(['http://localhost:8080']);
let image: Image;
let sandbox: Sandbox;
let platformUrl: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  // What npm has downloaded before is not downloaded again.
  image = buildImage(CONTEXT, scratch, { npm_config_prefer_offline: 'true' });
  sandbox = createSandbox({ clock: systemClock, apps: [app] });
  platformUrl = (await sandbox.listen()).url;
}, BUILD_LIMIT_MS);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sandbox.close();
  // Made read-only below.
  execFileSync('chmod', ['-R', 'u+w', scratch]);
  rmSync(scratch, { recursive: true, force: true });
});

test('it installs without running anything of a package, and leaves out what only builds', () => {
  expect(image.commands).toEqual([
    'npm ci --ignore-scripts',
    'npm run build',
    'npm prune --omit=dev --ignore-scripts',
  ]);
  const installed = readdirSync(join(image.root, image.workdir, 'node_modules'));
  expect(installed).toContain('express');
  for (const name of ['typescript', 'jest', 'esbuild', 'yaml']) expect(installed).not.toContain(name);
  expect(existsSync(join(image.root, image.workdir, 'src'))).toBe(false);
});

test('it runs as a user that is not root, by number', () => {
  expect(image.user).toMatch(/^[1-9]\d*$/);
});

test('it signs from folders that are read-only, and ends at SIGTERM', async () => {
  const cwd = join(image.root, image.workdir);
  execFileSync('chmod', ['-R', 'a-w', image.root]);
  const env = { PATH: process.env['PATH'], ...image.env };
  const [program = '', ...args] = image.entrypoint;
  const child = spawn(program, args, {
    cwd,
    env: {
      ...env,
      LARK_APP_ID: app.appId,
      LARK_APP_SECRET: app.appSecret,
      LARK_DOMAIN: platformUrl,
      ALLOWED_ORIGINS: 'http://localhost:8080',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, found] = /"port":(\d+),"msg":"listening"/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });

  const reply = await fetch(`http://localhost:${port}/config?url=${encodeURIComponent(PAGE)}`);
  const config = (await reply.json()) as Parameters<Sandbox['verify']>[0];
  expect(reply.status).toBe(200);
  expect(sandbox.verify({ ...config, url: PAGE })).toMatchObject({ errCode: 0 });
  expect((await fetch(`http://localhost:${port}/lark-jsapi.js`)).status).toBe(200);
  for (const language of ['en', 'zh'])
    expect((await fetch(`http://localhost:${port}/errors?lang=${language}`)).status).toBe(200);

  const [checker = '', ...check] = image.healthcheck;
  const healthcheck = (): number | null =>
    spawnSync(checker, check, { cwd, env: { ...env, PORT: port } }).status;
  expect(healthcheck()).toBe(0);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(healthcheck()).toBe(1);
});
