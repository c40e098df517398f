// `node scripts/sizing.mjs`: memory and seconds to start of the built service, cold and warm, for numbers of apps and of tenants of a store app.
//   After `npm run build`: node scripts/sizing.mjs --apps 1,20,300 --tenants 200,2000
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { systemClock } = require('../dist/base/clock.js');
const { createSandbox } = require('../dist/sandbox/sandbox.js');
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A platform that is neither near nor far. */
const LATENCY_MS = 50;
/** The largest TICKET_CALLS_PER_HOUR. */
const MAX_CEILING = 10_000;
/** Pages that ask at a time, each for a tenant of its own. */
const PAGES = 20;
const KEY = 'an-encrypt-key';

const { values } = parseArgs({
  options: {
    apps: { type: 'string', default: '1,20,300' },
    tenants: { type: 'string', default: '200,2000' },
  },
});
const numbers = (text) => text.split(',').filter(Boolean).map(Number);

for (const apps of numbers(values.apps)) await measure(`${apps} apps`, { apps, tenants: 0 });
for (const tenants of numbers(values.tenants))
  await measure(`1 store app, ${tenants} tenants`, { apps: 1, tenants });

/** Starts a service twice with one ticket file, the second time with all tickets in it, and prints a line for each. */
async function measure(name, { apps, tenants }) {
  const folder = mkdtempSync(join(tmpdir(), 'sizing-'));
  const keys = Array.from({ length: tenants }, (_, index) => `tenant-${index}`);
  const ofStore = tenants > 0 && { type: 'store', tenants: keys };
  const known = Array.from({ length: apps }, (_, index) => ({
    ...{ appId: `cli_${index}`, appSecret: `secret-${index}`, trustedDomains: ['h5.example.com'] },
    ...ofStore,
  }));
  const sandbox = createSandbox({ clock: systemClock, latencyMs: LATENCY_MS, apps: known });
  const { url: platform } = await sandbox.listen();
  const written = known.map(({ appId, appSecret }, index) => ({
    ...{ alias: `app-${index}`, appId, appSecret, allowedOrigins: ['https://h5.example.com'] },
    ...(ofStore && { ...ofStore, encryptKey: KEY }),
  }));
  writeFileSync(join(folder, 'apps.json'), JSON.stringify({ apps: written }));
  for (const how of ['cold', 'warm']) {
    const startedMs = performance.now();
    const service = await start(folder, platform, tenants);
    if (ofStore)
      sandbox.addApp({ ...known[0], events: { url: `${service.url}/events/app-0`, encryptKey: KEY } });
    await until(async () => (await fetch(`${service.url}/readyz`)).status === 200);
    const readySeconds = (performance.now() - startedMs) / 1_000;
    const waiting = [...keys];
    const page = `/config?app=app-0&url=${encodeURIComponent('https://h5.example.com/')}&tenant_key=`;
    const ask = async () => {
      for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
        await until(async () => (await fetch(service.url + page + key)).status === 200);
    };
    await Promise.all(Array.from({ length: PAGES }, ask));
    const allSeconds = (performance.now() - startedMs) / 1_000;
    const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
    const rss = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)[1]);
    const seconds = tenants > 0 ? `, all tenants ${allSeconds.toFixed(1)} s` : '';
    process.stdout.write(
      `${name}, ${how}: ready ${readySeconds.toFixed(1)} s${seconds}, ${Math.round(rss / 2 ** 20)} MB\n`,
    );
    service.child.kill('SIGTERM');
    await service.ended;
  }
  await sandbox.close();
  rmSync(folder, { recursive: true });
}

async function start(folder, platform, tenants) {
  const env = {
    ...{ PATH: process.env.PATH, LARK_APPS_FILE: join(folder, 'apps.json'), LARK_DOMAIN: platform },
    ...{ HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', RATE_LIMIT: '0', LOG_LEVEL: 'info' },
    TICKET_STORE: `file:${join(folder, 'tickets.json')}`,
    TICKET_CALLS_PER_HOUR: String(Math.min(5 * tenants + 60, MAX_CEILING)),
  };
  const child = spawn(process.execPath, [MAIN], { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(said)));
    child.stdout.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000);
      const found = said.split('\n').find((each) => each.includes('"msg":"listening"') && each.endsWith('}'));
      if (found) resolve(JSON.parse(found));
    });
  });
  return {
    child,
    ended,
    url: `http://127.0.0.1:${line.port}`,
    adminUrl: `http://127.0.0.1:${line.adminPort}`,
  };
}

/** Tries every 20 ms: a fiftieth of what is shown. */
async function until(isTrue) {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
}
