// The process as an operator meets it: exit codes, signals, what it prints.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DEMO_APP_ID, DEMO_APP_SECRET } from '../../src/sandbox/demo-apps';
import { freePort } from '../support/free-port';
import { StandInPage } from '../support/stand-in-page';
import { describeUnless } from '../support/needs-program';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const running: RunningProcess[] = [];
function run(args: string[], env: Record<string, string> = {}, nodeArguments: string[] = []): RunningProcess {
  const started = runMain(args, env, { nodeArguments });
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

describe('a port in use ends with exit code 1 and one line, which names the setting and another port', () => {
  const other = createServer();
  let port: string;
  beforeAll(async () => {
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    port = String((other.address() as AddressInfo).port);
  });
  afterAll(() => other.close());

  it.each([
    ['the service', 'PORT', [], () => ({ ...GOOD, PORT: port })],
    ['the operator’s listener', 'ADMIN_PORT', [], () => ({ ...GOOD, ADMIN_PORT: port })],
    ['dev with an app', 'PORT', ['dev'], () => ({ ...GOOD, PORT: port })],
    ['dev without an app', '--port', ['dev', '--port'], () => ({})],
    ['the demo', '--port', ['demo', '--port'], () => ({})],
    ['the sandbox', '--port', ['sandbox', '--port'], () => ({})],
  ])('%s: %s', async (_, setting, args, env) => {
    const main = run(args.includes('--port') ? [...args, port] : args, env());
    expect(await main.end()).toBe(1);
    expect(main.stderr()).toMatch(
      new RegExp(
        `^${setting}: port ${port} is in use\\. [^\\n]* ${setting}[ =]${Number(port) + 1}, [^\\n]*\\n$`,
      ),
    );
  });
});

test('sandbox --port 99999 ends with exit code 2 and one line', async () => {
  const main = run(['sandbox', '--port', '99999']);
  expect(await main.end()).toBe(2);
  expect(main.stderr()).toBe(
    '--port: "99999" is not a port: write a whole number from 0 to 65535, 0 for any free port.\n',
  );
});

test.each(['start', 'demo', 'dev', 'sandbox', 'doctor', 'explain'])(
  '%s refuses an option that it does not know, with exit code 2, and explains itself',
  async (command) => {
    const main = run([command, '--nonsense']);
    expect(await main.end()).toBe(2);
    expect(main.stderr()).toMatch(
      new RegExp(`^"${command}" has no option --nonsense\\. It takes --[^\\n]*\\n$`),
    );
    const help = run([command, '--help']);
    expect(await help.end()).toBe(0);
    expect(help.stdout()).toContain(`Usage: lark-jsapi-signer ${command} [options]`);
  },
);

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

test('an uncaught error ends the process with what the log still held', async () => {
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

test.each(['demo', 'dev'])(
  '%s takes nothing from .env or the environment, and is open to this machine only',
  async (command) => {
    const settings = {
      HOST: '0.0.0.0',
      PORT: '1',
      BASE_PATH: '/lark',
      ALLOWED_ORIGINS: 'https://pages.example.com',
      HTTP_PROXY: 'http://127.0.0.1:1',
      ADMIN_TOKEN: 'short',
      LARK_DOMAIN: 'nonsense',
    };
    const demo = runMain([command, '--port', '0'], settings, {
      envFile: 'HOST=0.0.0.0\nALLOWED_ORIGINS=https://other.example.com\nADMIN_PORT=0\n',
    });
    running.push(demo);
    const [, signUrl] = await demo.said(/^ {2}curl '(\S+)'$/m);
    await demo.said(/Stop with/);
    expect(new URL(signUrl!)).toMatchObject({ hostname: '127.0.0.1', pathname: '/config' });
    expect((await fetch(signUrl!)).status).toBe(200);
    const { port } = new URL(signUrl!);
    const others = Object.values(networkInterfaces()).flatMap((all = []) =>
      all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
    );
    for (const address of others)
      await expect(fetch(`http://${address}:${port}/healthz`)).rejects.toThrow('fetch failed');
    const scripts = [...demo.stdout().matchAll(/<script src="(\S+)">/g)].map(([, address]) => address!);
    expect(scripts.map((address) => new URL(address).pathname)).toEqual([
      '/sandbox/h5-sdk.js',
      '/lark-jsapi.js',
    ]);
    // The helper is there once it is built; the stand-in always.
    expect((await fetch(scripts[0]!)).headers.get('content-type')).toMatch(/javascript/);
  },
);

test('the demo prints a curl line whose signature the simulated platform accepts', async () => {
  const demo = run(['demo', '--port', '0']);
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
  const demo = run(['demo', '--port', '0']);
  const [, pageUrl] = await demo.said(/^ {2}page +(\S+)$/m);
  const script = await (await fetch(`${pageUrl!}h5-sdk.js`)).text();
  const page = new StandInPage({ script });
  expect(await page.config()).toMatchObject({ errMsg: 'config:ok' });
  expect(await page.call('getSystemInfo')).toMatchObject({ errMsg: 'getSystemInfo:ok' });
  await demo.end('SIGINT');
});

test.each([[['demo', '--port', '0']], [['sandbox', '--port', '0']], [['--help']]])(
  '%j whose reader has gone ends quietly, with exit code 0',
  async (args) => {
    const started = run(args);
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

test('doctor --report lives through its pause, and says how the second calls differ', async () => {
  const sandbox = run(['sandbox', '--port', '0', '--json']);
  const [, url] = await sandbox.said(/"url":"([^"]+)"/);
  const app = { LARK_APP_ID: DEMO_APP_ID, LARK_APP_SECRET: DEMO_APP_SECRET, LARK_DOMAIN: url! };
  const doctor = run(['doctor', '--report'], { ...GOOD, ...app });
  expect(await doctor.end()).toBe(0);
  expect(doctor.stdout()).toContain('\n9 agree, 0 differ, 0 unseen\n');
  expect(doctor.stdout()).toMatch(/^agrees {2}ticketLife: .*counts down \(7\d{3} s, then 7\d{3} s\)$/m);
});

test('the parser of the platform’s replies is not optimized, for 0.1 s of CPU time and 14 MB', async () => {
  const sandbox = run(['sandbox', '--port', '0', '--json']);
  const [, url] = await sandbox.said(/"url":"([^"]+)"/);
  const app = { LARK_APP_ID: DEMO_APP_ID, LARK_APP_SECRET: DEMO_APP_SECRET, LARK_DOMAIN: url! };
  const main = run([], { ...GOOD, ...app }, ['--trace-wasm-compilation-times']);
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  await main.said(/"msg":"ticket obtained"/);
  // As long as a compiler in the background takes.
  for (let count = 0; count < 300; count += 1) await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(main.stdout()).toContain('using Liftoff');
  expect(main.stdout()).not.toContain('using TurboFan');
});

// /dev/full: every write fails as on a full disk.
describeUnless(
  existsSync('/dev/full') ? undefined : 'there is no /dev/full',
  'a log whose disk is full',
  () => {
    test('costs its lines: the service keeps running, and SIGTERM ends it with exit code 0', async () => {
      const port = await freePort();
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
