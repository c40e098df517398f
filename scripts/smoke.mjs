// `node scripts/smoke.mjs <node binary>`: starts the built simulated platform and the built service under that Node,
// lets the service sign one page URL, has the platform verify it, fetches the browser helper, and ends both; exit code 0
// when all of that worked, and the package gives the helper to `import` and `require`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.argv[2] ?? process.execPath;
/** A start takes under a second; a machine under load gets half a minute. */
const PATIENCE_MS = 30_000;
/** One of the pages that the demo app trusts. */
const PAGE_ORIGIN = 'http://localhost:8080';

const require = createRequire(import.meta.url);
const { DEMO_APP_ID, DEMO_APP_SECRET } = require('../dist/sandbox/demo-apps.js');

const children = [];
const giveUp = setTimeout(() => finish(`gave up after ${PATIENCE_MS} ms`), PATIENCE_MS);

function finish(failure) {
  clearTimeout(giveUp);
  for (const child of children) child.kill('SIGKILL');
  if (failure) console.error(`smoke: ${failure}`);
  process.exit(failure ? 1 : 0);
}

/** Starts `node dist/main.js …`; resolves with the process and the port of its "listening" line. */
async function start(args, env) {
  const child = spawn(node, ['dist/main.js', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = line.startsWith('{') ? JSON.parse(line) : {};
    if (entry.msg === 'listening') {
      child.stdout.resume();
      return { child, base: `http://127.0.0.1:${entry.port}` };
    }
  }
  throw new Error(`no listening line from ${args.join(' ') || 'the service'}`);
}

async function stop({ child }) {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await exited;
  if (code !== 0) throw new Error(`exit code ${code} after SIGTERM`);
}

try {
  const platform = await start(['sandbox', '--port', '0', '--json'], {});
  const service = await start([], {
    LARK_APP_ID: DEMO_APP_ID,
    LARK_APP_SECRET: DEMO_APP_SECRET,
    LARK_DOMAIN: platform.base,
    ALLOWED_ORIGINS: PAGE_ORIGIN,
    HOST: '127.0.0.1',
    PORT: '0',
  });
  const pageUrl = `${PAGE_ORIGIN}/a?x=1&y=%E9%A3%9E#/r`;
  const config = await (await fetch(`${service.base}/config?url=${encodeURIComponent(pageUrl)}`)).json();
  const verdict = await fetch(`${platform.base}/sandbox/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...config, url: pageUrl }),
  });
  const { errCode, errMsg } = await verdict.json();
  if (errCode !== 0) throw new Error(`the platform refuses the signature: ${errCode} ${errMsg}`);
  const helper = await (await fetch(`${service.base}/lark-jsapi.js`)).text();
  if (!helper.includes('LarkJsapi')) throw new Error('the service does not hand out the browser helper');
  const name = 'lark-jsapi-signer/browser';
  for (const { create } of [await import(name), require(name)]) create();
  await stop(service);
  await stop(platform);
  finish();
} catch (error) {
  finish(error.message);
}
