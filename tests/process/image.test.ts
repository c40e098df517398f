// The image, built from the Dockerfile by podman and run as the examples of deployment run it: no root, no capability, nothing to write to.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createDemoApp } from '../../src/sandbox/demo-apps';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { freePort } from '../support/free-port';
import { describeUnless, hasProgram } from '../support/needs-program';
import { createPodman, IMAGE_PROGRAMS, whyNoContainers, type Outcome, type Podman } from '../support/podman';
import { waitUntil } from '../support/wait-until';

const CONTEXT = join(__dirname, '../..');
const DOCKERFILE = readFileSync(join(CONTEXT, 'Dockerfile'), 'utf8');
const PAGE = 'http://localhost:8080/a?x=1&y=2';
/** Two minutes with four other processes on two cores, ten with twenty; only a hang takes as long. */
const BUILD_LIMIT_MS = 1_200_000;
/** What the image adds to its base: 7 MB were measured, 31 with packages. */
const MAX_OWN_MB = 10;
/** At least 16 characters. */
const ADMIN_TOKEN = 'a-token-of-the-operator';
/** What Docker waits between SIGTERM and SIGKILL. */
const STOP_LIMIT_S = 10;

const missing = IMAGE_PROGRAMS.find((program) => !hasProgram(program));
const refusal = missing === undefined ? whyNoContainers() : undefined;
const describeImage = (name: string, tests: () => void): void =>
  refusal === undefined
    ? describeUnless(missing && `${missing} is not on the PATH`, name, tests)
    : describe.skip(`${name} (${refusal})`, tests);

/** Nothing to write to, not even /tmp, which podman would make writable. */
const LOCKED = ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL'];
const RUN = [...LOCKED, '--security-opt', 'no-new-privileges', '--network', 'host'];

describeImage('the image', () => {
  const app = createDemoApp(['http://localhost:8080']);
  let folder: string;
  let podman: Podman;
  let sandbox: Sandbox;
  let platformUrl: string;
  let buildLog: string;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'image-'));
    podman = createPodman(folder);
    const [, version = ''] = /^ARG NODE_IMAGE=node:(\d+)-slim$/m.exec(DOCKERFILE) ?? [];
    execFileSync(join(CONTEXT, 'tests/support/node-image.sh'), [join(folder, 'base'), version]);
    await podman.run(['import', '--quiet', join(folder, 'base/node.tar'), 'localhost/node']);
    buildLog = await podman.run([
      ...['build', '--isolation', 'chroot', '--network', 'host', '--layers=false', '--pull=never'],
      // Only this format has health checks.
      ...['--format', 'docker', '--tag', 'localhost/signer', '--build-arg', 'NODE_IMAGE=localhost/node'],
      ...npmSettings(folder),
      CONTEXT,
    ]);
    sandbox = createSandbox({ clock: systemClock, apps: [app] });
    platformUrl = (await sandbox.listen()).url;
    await start();
  }, BUILD_LIMIT_MS);
  afterAll(async () => {
    await podman.close();
    await sandbox.close();
  });

  /** Arguments of `podman run` that set variables: `own`, the app and the simulated platform. */
  function settings(own: Record<string, string>): string[] {
    const all = {
      LARK_APP_ID: app.appId,
      LARK_DOMAIN: platformUrl,
      ALLOWED_ORIGINS: 'http://localhost:8080',
      ...own,
    };
    return Object.entries(all).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  }

  /** Runs the image to its end; should it serve, for a minute. */
  const runToEnd = (...args: string[]): Promise<Outcome> =>
    podman.try(['run', '--rm', '--timeout', '60', ...RUN, ...args, 'localhost/signer']);

  /** Starts the service as the container `signer`, and waits until it can sign. */
  async function start(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const own = {
      LARK_APP_SECRET: app.appSecret,
      HOST: '127.0.0.1',
      PORT: String(port),
      ADMIN_TOKEN,
      // Nothing listens there: the service asks, and signs without.
      TICKET_STORE: `redis://127.0.0.1:${await freePort()}`,
    };
    await podman.run(['create', '--name', 'signer', ...RUN, ...settings(own), 'localhost/signer']);
    await podman.run(['start', 'signer']);
    await waitUntil('/healthz answers', () => isOk('/healthz'));
    const healthyMs = Date.now();
    await waitUntil('/readyz answers', () => isOk('/readyz'));
    const started = await inspect('signer', '{{.State.StartedAt.Format "2006-01-02T15:04:05.000Z07:00"}}');
    process.stdout.write(`the image: /healthz ${healthyMs - Date.parse(started)} ms after its start\n`);
  }

  const isOk = (path: string): Promise<boolean> =>
    fetch(`${url}${path}`).then(
      ({ ok }) => ok,
      () => false,
    );

  /** The value of a JavaScript expression inside the running container. */
  async function evaluate(expression: string): Promise<unknown> {
    const script = `console.log(JSON.stringify(${expression}))`;
    return JSON.parse(await podman.run(['exec', 'signer', 'node', '-e', script]));
  }

  const inspect = async (what: string, template: string): Promise<string> =>
    podman.run(['inspect', '--format', template, what]);

  test('runs no code of a package while it is installed, and adds little to its base', async () => {
    const installs = [...buildLog.matchAll(/RUN npm (ci|install)\b.*/g)].map(([line]) => line);
    expect(installs.length).toBeGreaterThan(0);
    for (const line of installs) expect(line).toContain('--ignore-scripts');
    const bytes = async (image: string) => Number(await inspect(image, '{{.Size}}'));
    const ownMb = ((await bytes('localhost/signer')) - (await bytes('localhost/node'))) / 1e6;
    expect(ownMb).toBeGreaterThan(0);
    expect(ownMb).toBeLessThan(MAX_OWN_MB);
    process.stdout.write(`the image: ${ownMb.toFixed(1)} MB of its own\n`);
  });

  test('holds what COPY brings, and no packages', async () => {
    expect(await evaluate(`fs.readdirSync('/app')`)).toEqual(['dist', 'package.json', 'public']);
  });

  test('signs, serves the helper and explains errors', async () => {
    const reply = await fetch(`${url}/config?url=${encodeURIComponent(PAGE)}`);
    const config = (await reply.json()) as Parameters<Sandbox['verify']>[0];
    expect(reply.status).toBe(200);
    expect(sandbox.verify({ ...config, url: PAGE })).toMatchObject({ errCode: 0 });
    for (const path of ['/lark-jsapi.js', '/errors?lang=en', '/errors?lang=zh'])
      expect([path, await isOk(path)]).toEqual([path, true]);
  });

  test('has the packages that are loaded later, for Redis, metrics and proxies', async () => {
    expect(await podman.run(['logs', 'signer'])).toContain('Redis is not connected: connect ECONNREFUSED');
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    expect(await (await fetch(`${url}/metrics`, { headers })).text()).toContain('process_cpu_seconds_total');
    expect(await evaluate(`typeof require('/app/dist/main-undici.js').EnvHttpProxyAgent`)).toBe('function');
  });

  test('is healthy by its own check, in the container', async () => {
    expect(await podman.try(['healthcheck', 'run', 'signer'])).toMatchObject({ status: 0 });
  });

  test('is process 1, of a user without rights that Kubernetes can tell from root, and can write nowhere', async () => {
    expect(await inspect('localhost/signer', '{{.Config.User}}')).toMatch(/^[1-9]\d*$/);
    const lines = `fs.readFileSync('/proc/1/status', 'utf8').trim().split('\\n')`;
    const status = `Object.fromEntries(${lines}.map((line) => line.split(/:\\s+/)))`;
    expect(await evaluate(status)).toMatchObject({
      Uid: '1000\t1000\t1000\t1000',
      CapEff: '0000000000000000',
      CapBnd: '0000000000000000',
      NoNewPrivs: '1',
    });
    const command = `fs.readFileSync('/proc/1/cmdline', 'utf8').split('\\0').slice(0, -1)`;
    expect(await evaluate(command)).toEqual(['node', 'dist/main.js']);
    const write = `(folder) => { try { fs.writeFileSync(folder + '/x', ''); } catch ({ code }) { return code; } }`;
    expect(await evaluate(`['/app', '/app/dist', '/tmp', '/'].map(${write})`)).toEqual(
      Array(4).fill('EROFS'),
    );
  });

  test('ends at SIGTERM, long before it would be killed', async () => {
    const askedMs = performance.now();
    await podman.run(['stop', '--time', String(STOP_LIMIT_S), 'signer']);
    const tookMs = performance.now() - askedMs;
    // 137 for a process that had to be killed.
    expect(await inspect('signer', '{{.State.ExitCode}}')).toBe('0');
    expect(tookMs).toBeLessThan(STOP_LIMIT_S * 1_000);
    process.stdout.write(`the image: ended ${tookMs.toFixed(0)} ms after SIGTERM\n`);
  });

  test('says what is wrong with its settings, and ends with 2', async () => {
    const { status, stdout, stderr } = await runToEnd();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^LARK_APP_ID: missing: /),
      expect.stringMatching(/^LARK_APP_SECRET: missing: /),
      expect.stringMatching(/^ALLOWED_ORIGINS: missing: /),
    ]);
  });

  test('says that its user may not read the file of the secret', async () => {
    const secret = join(folder, 'app-secret');
    // As `docker run --volume` and a compose file leave it: owned by root.
    writeFileSync(secret, app.appSecret, { mode: 0o600 });
    const inside = '/run/secrets/lark/app-secret';
    const { status, stdout, stderr } = await runToEnd(
      ...['--volume', `${secret}:${inside}:ro`],
      ...settings({ LARK_APP_SECRET_FILE: inside }),
    );
    expect({ status, stdout, stderr: stderr.trim() }).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'LARK_APP_SECRET_FILE: the file cannot be read (EACCES): check its path, and that this user may read it',
    });
  });
});

/** The registry, certificates, credentials and downloads of this machine's npm, for the npm of the build. None of them is part of the image. */
function npmSettings(folder: string): string[] {
  const npm = JSON.parse(
    execFileSync('npm', ['config', 'list', '--json'], { cwd: CONTEXT, encoding: 'utf8' }),
  ) as Record<string, string | null>;
  const volumes: string[] = [];
  const mount = (from: string | null | undefined, to: string): void => {
    if (from && existsSync(from)) volumes.push('--volume', `${from}:${to}`);
  };
  mount(npm['cache'], '/root/.npm');
  mount(npm['userconfig'], '/root/.npmrc:ro');
  const certificates = npm['cafile'] ?? process.env['NODE_EXTRA_CA_CERTS'];
  if (certificates) {
    const file = join(folder, 'npmrc');
    writeFileSync(file, `cafile=${certificates}\n`);
    mount(file, '/usr/local/etc/npmrc:ro');
    mount(certificates, `${certificates}:ro`);
  }
  return ['--build-arg', `NPM_REGISTRY=${npm['registry']}`, ...volumes];
}
