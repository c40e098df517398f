// The package as others get it: packed, installed into empty CommonJS and ES module projects, compiled there, and used.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { parse } from 'acorn';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { BUNDLERS } from '../support/bundlers';
import { createJsdomLikeWindow, type JsdomLikeWindow } from '../support/jsdom-like-window';
import { packPackage, runProgram } from '../support/pack-package';

const ROOT = join(__dirname, '../..');
const APP = { appId: 'cli_package000001', appSecret: 'a-secret', trustedDomains: ['h5.example.com'] };
const PAGE = 'https://h5.example.com/a?x=1&y=2';
/** Compiling and installing take some twenty seconds on an idle machine, and other tests run beside this one. */
const LIMIT_MS = 300_000;
/** A bundler is installed besides. */
const BUNDLING_LIMIT_MS = 600_000;

const scratch = mkdtempSync(join(tmpdir(), 'package-'));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
/** Where the package is installed, and below it a project of each kind. */
const projects = join(scratch, 'projects');
let tarball: string;
let files: readonly string[];
let sizeBytes: number;
let sandbox: Sandbox;
let domain: string;

/** Runs the command-line program of a development dependency. */
function runTool(name: string, bin: string, args: string[], cwd: string): string {
  return runProgram(process.execPath, [join(ROOT, 'node_modules', name, bin), ...args], cwd);
}

beforeAll(async () => {
  ({ tarball, files, sizeBytes } = packPackage(join(scratch, 'source')));
  // Once, in the folder above the two projects, where both find it.
  const { dependencies, devDependencies } = manifest;
  const versions = [
    `express@${dependencies['express']!}`,
    ...['@types/express', '@types/node', 'typescript'].map((name) => `${name}@${devDependencies[name]!}`),
  ];
  mkdirSync(projects);
  writeFileSync(join(projects, 'package.json'), JSON.stringify({ name: 'host', private: true }));
  runProgram(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball, ...versions],
    projects,
  );
  sandbox = createSandbox({ clock: systemClock, apps: [APP] });
  domain = (await sandbox.listen()).url;
}, LIMIT_MS);
afterAll(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('the tarball holds what is used, and nothing else', () => {
  const folders = new Set(
    files.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : path)),
  );
  const readmes = ['README.md', 'README.zh-CN.md'];
  expect([...folders].sort()).toEqual([
    ...['LICENSE', ...readmes, 'browser', 'dist', 'globals', 'handler', 'package.json', 'public', 'testing'],
  ]);
  expect(files.filter((path) => /\.(ts|map|tsbuildinfo)$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  const programs = ['dist/main.js', 'dist/main-program.js', 'dist/main-commands.js'];
  const served = ['lark-jsapi.mjs', 'errors.zh.html', 'openapi.json'].map((name) => `public/${name}`);
  // What describes the API is needed by the build alone.
  expect(files.filter((path) => path.startsWith('dist/http/openapi'))).toEqual([]);
  for (const path of ['dist/index.js', 'dist/index.d.ts', ...programs, ...served])
    expect(files).toContain(path);
});

test('npx lark-jsapi-signer demo signs, and ends', async () => {
  const child = spawn('npx', ['--no-install', 'lark-jsapi-signer', 'demo', '--port', '0'], {
    cwd: projects,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    // A group of its own, so that what npx starts ends too.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Stop with Ctrl+C')) resolve();
    });
    void closed.then(() => resolve());
  });
  const [, signUrl = ''] = /^ {2}curl '(\S+)'$/m.exec(said) ?? [];
  const [, verifyUrl = ''] = /-d @- (\S+)$/m.exec(said) ?? [];
  const body = await (await fetch(signUrl)).text();
  const headers = { 'content-type': 'application/json' };
  const verdict = await fetch(verifyUrl, { method: 'POST', headers, body });
  expect(await verdict.json()).toMatchObject({ errCode: 0 });
  for (const [, script] of said.matchAll(/<script src="(\S+)">/g))
    expect((await fetch(script!)).headers.get('content-type')).toMatch(/javascript/);
  process.kill(-child.pid!, 'SIGTERM');
  await closed;
});

test.each([
  ['docs/library.md', /makes a file of (\d+) KB/],
  ['docs/library.zh-CN.md', /(\d+) KB 的安装包/],
])('its size is what %s says', (path, size) => {
  const [, told] = size.exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  // To a tenth: gzip and every line that is written move it a little.
  expect(Math.abs(Number(told) - sizeBytes / 1_000) / (sizeBytes / 1_000)).toBeLessThan(0.1);
});

test('publint finds nothing', () => {
  const said = runTool('publint', 'src/cli.js', [tarball, '--strict'], scratch);
  expect(said).toContain('All good!');
});

test('the types are found by every way of resolving them', () => {
  // node10, node16 from CommonJS and from ES modules, bundler.
  runTool('@arethetypeswrong/cli', 'dist/index.js', [tarball, '--format', 'ascii'], scratch);
});

test.each(['browser', 'globals', 'handler', 'testing'])(
  'the entry %s is found without "exports", as webpack 4 and TypeScript’s node10 look for it',
  (entry) => {
    const folder = join(projects, 'node_modules/lark-jsapi-signer', entry);
    type Paths = Record<'main' | 'module' | 'types', string | undefined>;
    const { main, module, types } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Paths;
    // By its folder, as it was done before there were exports; a path is no name that exports could shut.
    expect(typeof createRequire(__filename)(folder)).toBe('object');
    interface Targets {
      default: string;
      types: string;
    }
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, Targets | { import: Targets; default: Targets }>;
    };
    const target = exports[`./${entry}`]!;
    const [asModule, asScript] = 'import' in target ? [target.import, target.default] : [undefined, target];
    // The same files either way.
    expect([main, module, types].map((path) => path?.replace('../', './'))).toEqual([
      asScript.default,
      asModule?.default,
      asScript.types,
    ]);
  },
);

/** A page adds a JSAPI and a function of tt that the package does not have. */
const ADDED_NAMES = `
import { create } from 'lark-jsapi-signer/browser';
declare module 'lark-jsapi-signer/globals' {
  interface JsApis {
    getStepCount: { params: { day?: 'today' }; result: { stepCount: number } };
  }
  interface Tt {
    getRecorderManager(): { start(): void };
  }
}
export async function use(): Promise<void> {
  (await create().call('getStepCount', { day: 'today' })).stepCount satisfies number;
  tt.getStepCount({ success: ({ stepCount }) => stepCount satisfies number });
  tt.getRecorderManager().start();
  // @ts-expect-error not today
  await create().call('getStepCount', { day: 'yesterday' });
}
`;

test.each([
  ['node10', 'commonjs', ['--module', 'commonjs', '--ignoreDeprecations', '6.0']],
  ['node16', 'commonjs', ['--module', 'node16']],
  ['node16', 'module', ['--module', 'node16']],
  ['bundler', 'module', ['--module', 'esnext']],
])(
  'pages are typed under %s in a project of type %s',
  (moduleResolution, type, more) => {
    const project = join(projects, `pages-${moduleResolution}-${type}`);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(project, 'added-names.ts'), ADDED_NAMES);
    for (const name of ['fake-answers.ts', 'typed-pages.ts'])
      cpSync(join(ROOT, 'tests/types', name), join(project, name));
    const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--noEmit'];
    const target = ['--target', 'es2022', '--lib', 'es2022,dom'];
    runProgram(
      process.execPath,
      [
        '../node_modules/typescript/bin/tsc',
        ...[...options, ...target, '--moduleResolution', moduleResolution, ...more],
        ...['added-names.ts', 'fake-answers.ts', 'typed-pages.ts'],
      ],
      project,
    );
  },
  LIMIT_MS,
);

test.each(['browser/module', 'testing/install-fake-client'])(
  'dist/%s is ES2017, the newest that webpack 4 reads',
  (path) => {
    const file = join(projects, 'node_modules/lark-jsapi-signer/dist', path);
    parse(readFileSync(`${file}.js`, 'utf8'), { ecmaVersion: 2017, sourceType: 'script' });
    parse(readFileSync(`${file}.mjs`, 'utf8'), { ecmaVersion: 2017, sourceType: 'module' });
  },
);

/** What `require(name)` loads, as the folders of packages, and its CPU time in ms: the least of five runs. */
function load(name: string): { modules: number; packages: string[]; cpuMs: number } {
  const script = `const before = process.cpuUsage();
    require('${name}');
    const { user, system } = process.cpuUsage(before);
    const paths = Object.keys(require.cache);
    const packages = paths.map((path) => path.split('/node_modules/').at(-1).split('/')[0]);
    console.log(JSON.stringify({ modules: paths.length, packages, cpuMs: (user + system) / 1000 }));`;
  const runs = Array.from(
    { length: 5 },
    () => JSON.parse(runProgram(process.execPath, ['-e', script], projects)) as ReturnType<typeof load>,
  );
  return { ...runs[0]!, cpuMs: Math.min(...runs.map(({ cpuMs }) => cpuMs)) };
}

test('the handlers load less than Express alone', () => {
  const [handler, main, express] = ['lark-jsapi-signer/handler', 'lark-jsapi-signer', 'express'].map(load);
  const heavy = ['express', 'helmet', 'pino', 'prom-client', 'redis', 'undici', 'zod'];
  expect(handler!.packages.filter((name) => heavy.includes(name))).toEqual([]);
  const told = (loaded: ReturnType<typeof load>): string =>
    `${loaded.modules} modules in ${loaded.cpuMs.toFixed(0)} ms of CPU`;
  console.info(
    `/handler ${told(handler!)}; the main entry ${told(main!)}; Express alone ${told(express!)}: ${(handler!.cpuMs / main!.cpuMs).toFixed(2)} of the main entry`,
  );
  expect(handler!.modules).toBeLessThan(express!.modules);
  expect(handler!.cpuMs).toBeLessThan(0.6 * main!.cpuMs);
});

/** Each entry of pages: refused outside the client, and in the fake one authorised. */
const BUNDLED_PAGE = `
import 'lark-jsapi-signer/globals';
import { create } from 'lark-jsapi-signer/browser';
import { installFakeClient } from 'lark-jsapi-signer/testing';
const endpoint = 'https://signer.example.com';
async function use() {
  const outside = await create({ endpoint }).ready().catch(({ problem }) => problem);
  installFakeClient({ signer: endpoint, answers: { scanCode: { result: 'A-1' } } });
  return { outside, scanned: (await create({ endpoint }).call('scanCode')).result };
}
window.outcome = use();
`;

test.each(Object.keys(BUNDLERS) as (keyof typeof BUNDLERS)[])(
  'a page with each entry of pages, bundled by %s, scans, and has nothing of Node in it',
  async (name) => {
    const folder = join(projects, `page-by-${name.replace(' ', '-')}`);
    mkdirSync(folder);
    const [entry, outfile] = [join(folder, 'page.js'), join(folder, 'out', 'bundle.js')];
    writeFileSync(entry, BUNDLED_PAGE);
    BUNDLERS[name](join(scratch, 'bundlers'), { entry, outfile, platform: 'browser' });
    const code = readFileSync(outfile, 'utf8');
    expect(code).not.toMatch(/node:|express|\bzod\b/);
    const window: JsdomLikeWindow & { outcome?: unknown } = createJsdomLikeWindow();
    runInNewContext(`var window = globalThis; ${code}`, Object.assign(window, { URL }));
    expect(await window.outcome).toEqual({ outside: 'NOT_IN_LARK', scanned: 'A-1' });
  },
  BUNDLING_LIMIT_MS,
);

const USE = `
const app: Express = express();
const before = { request: app.request, response: app.response, settings: JSON.stringify(app.settings) };
const signer: Signer = createSigner({
  appId: ${JSON.stringify(APP.appId)},
  appSecret: ${JSON.stringify(APP.appSecret)},
  allowedOrigins: ['https://h5.example.com'],
  domain: process.env['DOMAIN']!,
});
app.use(express.json());
app.use('/lark', jsapiRouter(signer, { authorize: (request: Request) => request.headers['x-user'] === 'somebody' }));
app.use('/tenants', jsapiRouter(signer, { resolve: ({ headers }) => ({ signer, tenantKey: headers.cookie }) }));
app.get('/own', (_request, response) => { response.json({ own: true }); });

// Stores of one's own making, with the machine's clock and randomness; neither connects or reads before it is asked.
const onWarning = (message: string) => { console.error(message); };
const files: TicketStore = createFileStore({ path: 'tickets.json', onWarning });
const redis: TicketStore = createRedisStore({ url: 'redis://127.0.0.1:1', onWarning });
const storeApp: StoreSigner = createSigner({
  appId: 'cli_package000002',
  appSecret: 'a-secret',
  type: 'store',
  tenants: ['tenant-1'],
  allowedOrigins: ['*'],
  store: files,
});

async function main(): Promise<void> {
  await storeApp.setAppTicket('an-app-ticket');
  await storeApp.close();
  await files.write('a name', 'a text', { replacing: undefined, lifeMs: 60_000 });
  const stored = await files.read('a name');
  await Promise.all([files.close(), redis.close()]);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reply = await fetch(\`http://127.0.0.1:\${port}/lark/config\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user': 'somebody' },
    body: JSON.stringify({ url: ${JSON.stringify(PAGE)} }),
  });
  const routed = (await reply.json()) as SignedConfig;
  const direct: SignedConfig = await signer.sign(${JSON.stringify(PAGE)});
  const refusal: string = await signer.sign('https://elsewhere.example/').then(
    () => 'signed',
    (error: unknown) => (error instanceof ServiceError ? error.code : 'another error'),
  );
  const own = await (await fetch(\`http://127.0.0.1:\${port}/own\`)).json();
  const unchanged =
    app.request === before.request &&
    app.response === before.response &&
    JSON.stringify(app.settings) === before.settings &&
    Object.getPrototypeOf(app.request) === express.request &&
    Object.getPrototypeOf(app.response) === express.response;
  server.close();
  server.closeAllConnections();
  await signer.close();
  console.log(JSON.stringify({ routed, direct, refusal, own, unchanged, stored, exports: typeof createService + typeof createApp + typeof createHttpServer }));
}
void main();
`;
const NAMES =
  'createApp, createFileStore, createHttpServer, createRedisStore, createService, createSigner, jsapiRouter, ServiceError';
const TYPES = 'type SignedConfig, type Signer, type StoreSigner, type TicketStore';

test.each([
  { kind: 'commonjs', type: 'commonjs' },
  { kind: 'ES module', type: 'module' },
])(
  'a $kind project compiles against it, mounts the router, signs, and ends',
  async ({ type }) => {
    const project = join(projects, type);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
    writeFileSync(
      join(project, 'main.ts'),
      `import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request } from 'express';
import { ${NAMES}, ${TYPES} } from 'lark-jsapi-signer';
import { create } from 'lark-jsapi-signer/browser';
create;
${USE}`,
    );
    // Strict, and with the types of the package itself checked.
    const options = ['--strict', '--skipLibCheck', 'false', '--esModuleInterop', '--types', 'node'];
    const target = ['--module', 'node16', '--target', 'es2022', '--lib', 'es2022,dom'];
    runProgram(
      process.execPath,
      ['../node_modules/typescript/bin/tsc', ...options, ...target, 'main.ts'],
      project,
    );
    const env = { PATH: process.env['PATH'], DOMAIN: domain };
    // It ends by itself: nothing of the package keeps the process.
    const running = promisify(execFile)(process.execPath, ['main.js'], {
      cwd: project,
      env,
      timeout: 60_000,
    });
    const { stdout: said } = await running;
    const { routed, direct, ...rest } = JSON.parse(said);
    expect(rest).toEqual({
      refusal: 'URL_NOT_ALLOWED',
      own: { own: true },
      unchanged: true,
      stored: 'a text',
      exports: 'functionfunctionfunction',
    });
    for (const config of [routed, direct]) expect(sandbox.verify(config)).toMatchObject({ errCode: 0 });
  },
  LIMIT_MS,
);

/** What carries a signer below /lark, and the pages of the service, which only the main entry has. */
const BUNDLED_SERVERS = {
  'lark-jsapi-signer': `
import express from 'express';
import { createService, createSigner, jsapiRouter, loadConfig } from 'lark-jsapi-signer';
const start = async (signer) => {
  const app = express();
  app.use('/lark', jsapiRouter(signer));
  const service = createService(loadConfig({ LARK_APP_ID: '${APP.appId}', LARK_APP_SECRET: '${APP.appSecret}', LARK_DOMAIN: process.env.DOMAIN, ALLOWED_ORIGINS: 'https://h5.example.com', PUBLIC_PAGE: 'on', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' }, String));
  const { port } = await service.start();
  return { server: createServer(app), service, pages: ['/', '/assets/page.js'].map((path) => \`http://127.0.0.1:\${port}\${path}\`) };
};`,
  'lark-jsapi-signer/handler': `
import { createNodeHandler, createSigner } from 'lark-jsapi-signer/handler';
const start = (signer) => ({ server: createServer(createNodeHandler(signer, { basePath: '/lark' })), pages: [] });`,
};
const ASK = `
import { once } from 'node:events';
import { createServer } from 'node:http';
async function main() {
  const signer = createSigner({ appId: '${APP.appId}', appSecret: '${APP.appSecret}', allowedOrigins: ['https://h5.example.com'], domain: process.env.DOMAIN });
  const { server, service, pages } = await start(signer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const paths = ['/config?url=${encodeURIComponent(PAGE)}', '/lark-jsapi.js', '/lark-jsapi.mjs', '/errors?lang=zh', '/assets/document.css'];
  const replies = {};
  for (const address of [...paths.map((path) => \`http://127.0.0.1:\${server.address().port}/lark\${path}\`), ...pages]) {
    const response = await fetch(address);
    replies[address.replace(/^[^:]+:..[^/]+/, '').replace(/url=.*/, '')] = [response.status, (await response.text()).slice(0, 10_000)];
  }
  server.close();
  server.closeAllConnections();
  await signer.close();
  await service?.close();
  console.log(JSON.stringify(replies));
}
void main();
`;

test.each(
  (['esbuild', 'webpack 5'] as const).flatMap((bundler) =>
    (Object.keys(BUNDLED_SERVERS) as (keyof typeof BUNDLED_SERVERS)[]).map((entry) => ({ bundler, entry })),
  ),
)(
  'a server with $entry, bundled into one file by $bundler, runs without the package, and serves what that serves',
  async ({ bundler, entry }) => {
    const name = `${entry.replace('/', '-')}-by-${bundler.replace(' ', '-')}`;
    const folder = join(projects, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'server.mjs'), BUNDLED_SERVERS[entry] + ASK);
    // Nothing of the package is near where it runs.
    const elsewhere = join(scratch, `elsewhere-${name}`);
    const outfile = join(elsewhere, 'dist/server.cjs');
    BUNDLERS[bundler](join(scratch, 'bundlers'), {
      entry: join(folder, 'server.mjs'),
      outfile,
      platform: 'node',
    });
    const running = promisify(execFile)(process.execPath, [outfile], {
      cwd: elsewhere,
      env: { PATH: process.env['PATH'], DOMAIN: domain },
      timeout: 60_000,
    });
    const replies = JSON.parse((await running).stdout) as Record<string, [number, string]>;
    const told = Object.fromEntries(Object.entries(replies).map(([path, [status]]) => [path, status]));
    expect(told).toEqual({
      ...{ '/lark/config?': 200, '/lark/lark-jsapi.js': 200, '/lark/lark-jsapi.mjs': 200 },
      ...{ '/lark/errors?lang=zh': 200, '/lark/assets/document.css': 200 },
      ...(entry === 'lark-jsapi-signer' && { '/': 200, '/assets/page.js': 200 }),
    });
    expect(sandbox.verify(JSON.parse(replies['/lark/config?']![1]))).toMatchObject({ errCode: 0 });
    expect(replies['/lark/lark-jsapi.js']![1]).toContain('LarkJsapi');
    expect(replies['/lark/errors?lang=zh']![1]).toContain('<h2 id="URL_MISSING">');
  },
  BUNDLING_LIMIT_MS,
);
