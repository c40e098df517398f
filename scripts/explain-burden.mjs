// `npm run bench:explain`: what explanations cost everybody else. The built service with thousands of apps beside the simulated
// platform; the dearest question over and over, and the p99 of /config beside it and without it, in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import statistics from '../bench/statistics.cjs';

const require = createRequire(import.meta.url);
const { createExplainer } = require('../dist/explain/explainer.js');
const { RememberedTickets } = require('../dist/explain/held-tickets.js');
const { Secret } = require('../dist/base/secret.js');
const { createSandbox } = require('../dist/sandbox/sandbox.js');
const { systemClock } = require('../dist/base/clock.js');
const { median, percentile } = statistics;

const { values } = parseArgs({ options: { tickets: { type: 'string' }, calls: { type: 'string' } } });
/** As many as one process was measured with. */
const TICKETS = Number(values.tickets ?? 10_000);
/** The service takes 30 a minute, and the first two are warm-up. */
const CALLS = Math.min(Number(values.calls ?? 28), 28);
/** Well below what one core serves, so that the figures tell of the explanations and not of a queue. */
const REQUESTS_PER_SECOND = 500;
/** Enough to keep the platform busy, and fewer than it would take for an attack. */
const FIRST_REQUESTS_AT_ONCE = 20;
/** A second apart, beside the five seconds that the service lets a page wait: some minutes, then something is wrong. */
const MAX_ATTEMPTS = 40;
const ADMIN_TOKEN = 'token-of-the-benchmark';
const ORIGIN = 'https://h5.example.com';
const PAGE = `${ORIGIN}/orders?id=42&from=workbench&tab=a`;

const appIds = Array.from({ length: TICKETS }, (_, index) => `cli_${String(index).padStart(8, '0')}`);
const secretOf = (appId) => `secret-of-${appId}`;
/** No mistake gives this signature, so all of them are tried. */
const questionNow = () => ({
  pageUrl: PAGE,
  nonceStr: 'nonce-of-a-page',
  timestamp: Date.now(),
  signature: 'a'.repeat(40),
});

/** This process's CPU time in ms: unlike the clock's, it leaves out what else the machine does. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** In this process: the CPU time that each turn of a call takes, in ms; an array for every call. */
async function measureTurns() {
  const tickets = new RememberedTickets();
  for (const appId of appIds) {
    tickets.onEvent({ of: 'ticket', appId, event: { type: 'loaded', value: new Secret(secretOf(appId)) } });
  }
  let turns;
  let startedMs;
  const endTurn = () => turns.push(cpuMs() - startedMs);
  const explain = createExplainer({
    apps: { find: () => ({ appId: appIds[0] }) },
    tickets,
    clock: systemClock,
    nowMs: Date.now,
    async nextTurn() {
      endTurn();
      await nextTurn();
      startedMs = cpuMs();
    },
  });
  const calls = [];
  for (let call = 0; call < CALLS; call += 1) {
    turns = [];
    startedMs = cpuMs();
    await explain({ facts: questionNow() });
    endTurn();
    calls.push(turns);
  }
  return calls;
}

const agent = new Agent({ keepAlive: true });

/** The time to the end of the reply, in ms; rejects unless it is 200. */
async function ask(url, path, { headers = {}, question } = {}) {
  const sentMs = performance.now();
  const json = question && { 'Content-Type': 'application/json' };
  const sent = request(url + path, {
    agent,
    method: question ? 'POST' : 'GET',
    headers: { ...headers, ...json },
  });
  sent.end(question && JSON.stringify(question));
  const [reply] = await once(sent, 'response');
  reply.resume();
  await once(reply, 'end');
  if (reply.statusCode !== 200) throw new Error(`${path} was answered with ${reply.statusCode}`);
  return performance.now() - sentMs;
}

const signFor = (url, appId) => ask(url, `/config?app=${appId}&url=${encodeURIComponent(PAGE)}`);

/** Until the app has its ticket: while thousands start, a busy machine makes a page wait too long, and it is told to come again. */
async function firstOf(url, appId) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await signFor(url, appId);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await sleep(1_000);
    }
  }
}

/** The latencies of /config, at a steady rate, for as long as `during` takes. */
async function measureConfig(url, during) {
  const startedMs = performance.now();
  const latencies = [];
  let isOver = false;
  const ended = during.finally(() => (isOver = true));
  while (!isOver) {
    const due = ((performance.now() - startedMs) / 1_000) * REQUESTS_PER_SECOND;
    while (latencies.length < due) latencies.push(signFor(url, appIds[0]));
    await sleep(1);
  }
  return { tookMs: await ended, latencies: await Promise.all(latencies) };
}

async function measureBurden(url) {
  const explain = () =>
    ask(url, '/explain', {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
      question: { ...questionNow(), app: appIds[0] },
    });
  for (let warm = 0; warm < 2; warm += 1) await measureConfig(url, explain());
  const [beside, without, tookMs] = [[], [], []];
  for (let call = 0; call < CALLS; call += 1) {
    const one = await measureConfig(url, explain());
    beside.push(one.latencies);
    tookMs.push(one.tookMs);
    // As long as the other, so that both kinds meet the same machine.
    without.push((await measureConfig(url, sleep(one.tookMs))).latencies);
  }
  return { beside, without, tookMs };
}

const folder = mkdtempSync(join(tmpdir(), 'explain-burden-'));
const platform = createSandbox({
  clock: systemClock,
  apps: appIds.map((appId) => ({ appId, appSecret: secretOf(appId), trustedDomains: [ORIGIN] })),
});
let service;
try {
  const ms = (value) => `${value.toFixed(1)} ms`;
  const calls = await measureTurns();
  const longest = calls.map((turns) => Math.max(...turns));
  const wholes = calls.map((turns) => turns.reduce((sum, turn) => sum + turn, 0));
  console.log(
    `one call with ${TICKETS} tickets: ${ms(median(wholes))} of CPU, its longest turn ${ms(median(longest))}; ` +
      `the very first call ${ms(wholes[0])}, its longest turn ${ms(longest[0])}`,
  );

  const { url: platformUrl } = await platform.listen();
  const apps = appIds.map((appId) => ({
    ...{ alias: appId.replace('_', '-'), appId, appSecret: secretOf(appId), allowedOrigins: [ORIGIN] },
  }));
  writeFileSync(join(folder, 'apps.json'), JSON.stringify({ apps }));
  service = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...{ LARK_APPS_FILE: 'apps.json', APPS_RELOAD_SECONDS: '0', LARK_DOMAIN: platformUrl, ADMIN_TOKEN },
      ...{ HOST: '127.0.0.1', PORT: '0', RATE_LIMIT: '0', LOG_LEVEL: 'info' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url;
  // It tells what is wrong on standard error before it ends.
  for await (const line of createInterface({ input: service.stdout })) {
    const { msg, port } = JSON.parse(line);
    if (msg !== 'listening') continue;
    url = `http://127.0.0.1:${port}`;
    break;
  }
  if (url === undefined) throw new Error('the service did not start');
  service.stdout.resume();
  const waiting = [...appIds];
  const lane = async () => {
    for (let appId = waiting.pop(); appId !== undefined; appId = waiting.pop()) await firstOf(url, appId);
  };
  await Promise.all(Array.from({ length: FIRST_REQUESTS_AT_ONCE }, lane));

  const { beside, without, tookMs } = await measureBurden(url);
  // The middle window of each kind: what else the machine does in one of them tells nothing of the explanations.
  const [loud, quiet] = [beside, without].map((windows) => median(windows.map((one) => percentile(one, 99))));
  console.log(`POST /explain over HTTP, under load: ${ms(median(tookMs))}`);
  console.log(
    `p99 of /config, of ${CALLS} windows each with ${beside.flat().length} and ${without.flat().length} requests: ` +
      `${ms(loud)} beside explanations, ${ms(quiet)} without, ${(loud / quiet).toFixed(2)} times`,
  );
} finally {
  if (service?.exitCode === null) {
    const ended = once(service, 'exit');
    service.kill();
    await ended;
  }
  agent.destroy();
  await platform.close();
  rmSync(folder, { recursive: true });
}
