// Each recipe for a framework as a reader has it: its project is installed with the packed package, started, and answers the same requests
// in the same words as all others.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { packPackage, runProgram } from '../support/pack-package';
import { expectReply, PAGE, PAGE_REQUESTS } from '../support/page-requests';
import { codeOf, countLines, folderOf, RECIPES, type Recipe } from '../support/recipes';
import { waitUntil } from '../support/wait-until';

const APP = { appId: 'cli_recipes000001', appSecret: 'a-secret', trustedDomains: [new URL(PAGE).hostname] };
/** What a reader is ready to write, the app's own start included. */
const MAX_LINES = 15;
/** The largest framework takes a minute to install and half of one to build, on two idle cores. */
const LIMIT_MS = 600_000;
const NO_TELEMETRY = { NEXT_TELEMETRY_DISABLED: '1' };

const scratch = mkdtempSync(join(tmpdir(), 'recipes-'));
let tarball: string;
let sandbox: Sandbox;
let domain: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  ({ tarball } = packPackage(join(scratch, 'source')));
  sandbox = createSandbox({ clock: systemClock, apps: [APP] });
  domain = (await sandbox.listen()).url;
}, LIMIT_MS);
afterEach(async () => {
  for (const child of running.splice(0)) await end(child);
});
afterAll(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

test.each(RECIPES)(
  '$title: the requests of a page, in few lines',
  async (recipe) => {
    const lines = countLines(codeOf(recipe));
    console.info(`${recipe.title}: ${lines} lines`);
    expect(lines).toBeLessThanOrEqual(MAX_LINES);
    const base = await start(recipe);
    const send = (path: string, init?: RequestInit) => fetch(`${base}/lark${path}`, init);
    for (const expected of PAGE_REQUESTS) await expectReply(expected, send);
    const signed = await (await send(`/config?url=${encodeURIComponent(PAGE)}`)).text();
    expect(sandbox.verify(JSON.parse(signed))).toMatchObject({ errCode: 0 });
  },
  LIMIT_MS,
);

/** Installs, builds and starts the project. Its address, once it answers. */
async function start(recipe: Recipe): Promise<string> {
  const folder = join(scratch, recipe.name);
  cpSync(folderOf(recipe), folder, { recursive: true });
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  runProgram('npm', ['install', ...options, tarball], folder);
  runProgram('npm', ['run', '--if-present', 'build'], folder, NO_TELEMETRY);
  const port = await findFreePort();
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ...NO_TELEMETRY },
      ...{ LARK_APP_ID: APP.appId, LARK_APP_SECRET: APP.appSecret, LARK_DOMAIN: domain, PORT: String(port) },
    },
    // A group of its own, so that what npm starts ends too.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.push(child);
  const base = `http://127.0.0.1:${port}`;
  await waitUntil(`${recipe.title} answers, or ends`, async () => {
    if (child.exitCode !== null) throw new Error(`${recipe.title} ended with ${child.exitCode}`);
    return fetch(base).then(
      () => true,
      () => false,
    );
  });
  return base;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGKILL');
  await closed;
}

/** A port that nothing has at this moment. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
