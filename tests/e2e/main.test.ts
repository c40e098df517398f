// The process as an operator meets it: exit codes, signals, what it prints.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DEMO_APP_ID, DEMO_APP_SECRET } from '../../src/sandbox/demo-apps';
import { StandInPage } from '../support/stand-in-page';
import { describeUnless } from '../support/needs-program';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const running: RunningProcess[] = [];
function run(args: string[], env: Record<string, string> = {}): RunningProcess {
  const started = runMain(args, env);
  running.push(started);
  return started;
}
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});

const GOOD = {
  LARK_APP_ID: 'cli_main0000000001',
  LARK_APP_SECRET: 'a-secret',
  ALLOWED_ORIGINS: 'https://h5.example.com',
  // Nothing listens there: the service has to serve all the same.
  LARK_DOMAIN: 'http://127.0.0.1:9',
  HOST: '127.0.0.1',
  PORT: '0',
};

test('bad configuration ends with exit code 2 and a line for each wrong variable', async () => {
  const main = run([], { LARK_APP_ID: 'nonsense', PORT: '99999' });
  expect(await main.end()).toBe(2);
  const lines = main.stderr();
  for (const variable of ['LARK_APP_ID', 'LARK_APP_SECRET', 'ALLOWED_ORIGINS', 'PORT']) {
    expect(lines).toMatch(new RegExp(`^.*${variable}.*$`, 'm'));
  }
  expect(main.stdout()).toBe('');
});

test('a port that is taken ends with exit code 1 and says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const main = run([], { ...GOOD, PORT: String((other.address() as AddressInfo).port) });
  expect(await main.end()).toBe(1);
  expect(main.stderr()).toContain('EADDRINUSE');
  other.close();
});

test('the service listens without its platform, and SIGTERM ends it with exit code 0', async () => {
  const main = run([], GOOD);
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  expect(await main.end('SIGTERM')).toBe(0);
});

test('a pipe in place of the ticket file, or of a secret file, holds up neither the start nor the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lark-pipe-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const main = run([], { ...GOOD, TICKET_STORE: `file:${pipe}` });
  await main.said(/it is a pipe, a device or a socket: name a file/);
  expect(await main.end('SIGTERM')).toBe(0);

  const others: Record<string, string> = { ...GOOD };
  delete others['LARK_APP_SECRET'];
  const secretless = run([], { ...others, LARK_APP_SECRET_FILE: pipe });
  expect(await secretless.end()).toBe(2);
  expect(secretless.stderr()).toContain('LARK_APP_SECRET_FILE: the file is empty');
  const device = run([], { ...others, LARK_APP_SECRET_FILE: '/dev/zero' });
  expect(await device.end()).toBe(2);
  expect(device.stderr()).toContain('it is a device or a socket, name a file');
  rmSync(folder, { recursive: true });
});

test('an error that nobody caught ends the process with what the log still held', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lark-fatal-'));
  // Thrown between a reply and the turn in which its line would have been written.
  writeFileSync(
    join(folder, 'boom.js'),
    `const { ServerResponse } = require('node:http');
     const { end } = ServerResponse.prototype;
     ServerResponse.prototype.end = function (...rest) {
       if (this.statusCode === 400) process.nextTick(() => { throw new Error('boom'); });
       return end.apply(this, rest);
     };`,
  );
  const main = run([], { ...GOOD, NODE_OPTIONS: `--require ${join(folder, 'boom.js')}` });
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  const config = { headers: { 'X-Request-Id': 'the-last-one' } };
  await fetch(`http://127.0.0.1:${port}/config`, config).catch(() => undefined);
  expect(await main.end()).toBe(1);
  expect(main.stderr()).toContain('boom');
  expect(main.stdout()).toMatch(/"requestId":"the-last-one".*"code":"URL_MISSING"/);
  rmSync(folder, { recursive: true });
});

test('a .env file in the working directory is read, and the real environment wins', async () => {
  const main = run(['--version']);
  expect(await main.end()).toBe(0);
  writeFileSync(join(main.cwd, '.env'), 'LARK_APP_ID=wrong\nPORT=0\n');
  const second = runMain([], { ...GOOD });
  writeFileSync(join(second.cwd, '.env'), 'PORT=1\nBASE_PATH=/lark\n');
  running.push(second);
  const [, port] = await second.said(/"port":(\d+),"msg":"listening"/);
  expect((await fetch(`http://127.0.0.1:${port}/lark/readyz`)).status).toBe(503);
});

test('--help and --version print and end with exit code 0; unknown words with 2', async () => {
  const help = run(['--help']);
  expect(await help.end()).toBe(0);
  expect(help.stdout()).toContain('sandbox');
  const version = run(['--version']);
  expect(await version.end()).toBe(0);
  expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await run(['nonsense']).end()).toBe(2);
  expect(await run(['--nonsense']).end()).toBe(2);
  expect(await run(['sandbox', '--port', 'many']).end()).toBe(2);
});

test('the demo prints a curl line whose signature the simulated platform accepts', async () => {
  const demo = run(['demo'], { PORT: '0' });
  const [, signUrl] = await demo.said(/^ {2}curl '(\S+)'$/m);
  const [, verifyUrl] = await demo.said(/-d @- (\S+)$/m);
  const config = await (await fetch(signUrl!)).text();
  const verdict = await fetch(verifyUrl!, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: config,
  });
  expect(await verdict.json()).toMatchObject({ errCode: 0 });
  expect(await demo.end('SIGINT')).toBe(0);
});

test('the simulated client that the demo hands out answers a page', async () => {
  const demo = run(['demo'], { PORT: '0' });
  const [, pageUrl] = await demo.said(/^ {2}page +(\S+)$/m);
  const script = await (await fetch(`${pageUrl!}h5-sdk.js`)).text();
  const page = new StandInPage({ script });
  expect(await page.config()).toMatchObject({ errMsg: 'config:ok' });
  expect(await page.call('getSystemInfo')).toMatchObject({ errMsg: 'getSystemInfo:ok' });
  await demo.end('SIGINT');
});

test.each([[['demo']], [['sandbox', '--port', '0']], [['--help']]])(
  '%j whose reader has gone ends quietly, with exit code 0',
  async (args) => {
    const started = run(args, { PORT: '0' });
    // Closed before anything is printed.
    started.child.stdout!.destroy();
    expect(await started.end()).toBe(0);
    expect(started.stderr()).toBe('');
  },
);

test('doctor ends with exit code 1 when something is wrong, and prints JSON on demand', async () => {
  const doctor = run(['doctor', '--json'], GOOD);
  expect(await doctor.end()).toBe(1);
  const { ok, findings } = JSON.parse(doctor.stdout()) as { ok: boolean; findings: object[] };
  expect(ok).toBe(false);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'proxy', verdict: 'wrong' }));
});

test('doctor ends with exit code 0 when all is well', async () => {
  const sandbox = run(['sandbox', '--port', '0', '--json']);
  const [, url] = await sandbox.said(/"url":"([^"]+)"/);
  const app = { LARK_APP_ID: DEMO_APP_ID, LARK_APP_SECRET: DEMO_APP_SECRET, LARK_DOMAIN: url! };
  const doctor = run(['doctor'], { ...GOOD, ...app });
  expect(await doctor.end()).toBe(0);
  expect(doctor.stdout()).toMatch(/^GOOD {2}ticket/m);
});

// /dev/full: every write fails as on a full disk.
describeUnless(
  existsSync('/dev/full') ? undefined : 'there is no /dev/full',
  'a log whose disk is full',
  () => {
    test('costs its lines: the service goes on, and SIGTERM ends it with exit code 0', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      other.close();
      await once(other, 'close');
      const main = runMain([], { ...GOOD, PORT: String(port) }, { stdoutFile: '/dev/full' });
      running.push(main);
      const isServing = (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await waitUntil('serving', isServing);
      // A line that fails, and the turn after it.
      await fetch(`http://127.0.0.1:${port}/config`);
      expect(await isServing()).toBe(true);
      expect(await main.end('SIGTERM')).toBe(0);
      expect(main.stderr()).toBe('');
    });
  },
);
