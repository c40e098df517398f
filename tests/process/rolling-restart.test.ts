// Two processes behind a balancer that learns late, replaced one after the other under load: no client notices, be it one app or
// hundreds. `npm run torture -- rolling` makes twenty restarts of it, and takes 300 apps.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { appsFile, pageOf, platformApp, writtenApp } from '../support/apps-folder';
import { startBalancer, type Balancer } from '../support/balancer';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const RESTARTS = Number(process.env['ROLLING_RESTARTS'] ?? 2);
/** So many, so slowly, that the last one's turn comes later than a page waits for a ticket, 5 s. */
const APPS = Number(process.env['ROLLING_APPS'] ?? 20);
const LATENCIES_MS = (process.env['ROLLING_LATENCIES_MS'] ?? '1000').split(',').map(Number);
/** 50 requests a second: steady, and little beside what two processes serve. */
const LOAD_EVERY_MS = 20;
/** Above every bound of the service itself: the first attempts of many apps may take three minutes. */
const READY_WITHIN_MS = 200_000;

let platform: Sandbox;
let balancer: Balancer;
const folder = mkdtempSync(join(tmpdir(), 'rolling-'));
afterAll(() => rmSync(folder, { recursive: true }));
const processes: RunningProcess[] = [];
afterEach(async () => {
  for (const main of processes.splice(0)) main.child.kill('SIGKILL');
  await balancer.close();
  await platform.close();
});

interface Rolling {
  apps: number;
  /** Of the platform's answers, once the first two processes are in use. */
  latencyMs: number;
  restarts: number;
  /** How late the balancer may learn of anything. */
  probeEveryMs: number;
}

/** Replaces one process after the other; gives what the requests were answered that were not answered with 200. */
async function roll({ apps, latencyMs, restarts, probeEveryMs }: Rolling): Promise<(number | string)[]> {
  const aliases = Array.from({ length: apps }, (_, index) => `app${index}`);
  const file = join(folder, `apps-${apps}.json`);
  writeFileSync(file, appsFile(aliases.map((alias) => writtenApp(alias))));
  platform = createSandbox({ clock: systemClock, apps: aliases.map(platformApp) });
  const { url: platformUrl } = await platform.listen();
  balancer = await startBalancer({ probeEveryMs });
  const isUsed = (port: number) => (): boolean => balancer.inUse().includes(port);

  async function startProcess(): Promise<{ main: RunningProcess; port: number }> {
    const main = runMain([], {
      LARK_APPS_FILE: file,
      LARK_DOMAIN: platformUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
      RATE_LIMIT: '1000000',
      // Above the probes, as the manual says.
      SHUTDOWN_DELAY_MS: String(probeEveryMs + 1_000),
    });
    processes.push(main);
    const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
    balancer.add(Number(port));
    await waitUntil(`${port} is used`, isUsed(Number(port)), READY_WITHIN_MS);
    return { main, port: Number(port) };
  }

  const running = await Promise.all([startProcess(), startProcess()]);
  if (latencyMs > 0) platform.addFault({ kind: 'slow', delayMs: latencyMs });

  const agent = new Agent({ keepAlive: true });
  const answers: (number | string)[] = [];
  let sent = 0;
  const load = setInterval(() => {
    const alias = aliases[sent % apps]!;
    sent += 1;
    get(
      `${balancer.url}/config?app=${alias}&url=${encodeURIComponent(`${pageOf(alias)}/a?b=c`)}`,
      { agent },
      (reply) => {
        reply.resume().on('end', () => answers.push(reply.statusCode ?? 0));
      },
    ).on('error', ({ message }) => answers.push(message));
  }, LOAD_EVERY_MS);

  for (let restart = 0; restart < restarts; restart += 1) {
    const old = running.shift()!;
    const atStart = answers.length;
    const [next, code] = await Promise.all([startProcess(), old.main.end('SIGTERM')]);
    expect(code).toBe(0);
    running.push(next);
    // The load did not stand still, and the one that went answered to the end.
    expect(answers.length - atStart).toBeGreaterThan(50);
    expect(isUsed(old.port)()).toBe(false);
  }
  // Pages of apps that the last one has no ticket for yet would wait for it, 5 s at most.
  if (apps > 1) await new Promise((resolve) => setTimeout(resolve, 6_000));
  clearInterval(load);
  await waitUntil('the last answers', () => answers.length === sent);
  agent.destroy();

  const failed = answers.filter((status) => status !== 200);
  process.stdout.write(
    `${apps} apps, platform at ${latencyMs} ms: ${restarts} restarts, ${answers.length} requests, ${failed.length} failed\n`,
  );
  return failed;
}

test(
  `${RESTARTS} restarts fail no request`,
  async () => {
    expect(await roll({ apps: 1, latencyMs: 0, restarts: RESTARTS, probeEveryMs: 5_000 })).toEqual([]);
  },
  // Each restart waits for the delay and for the balancer's next round; the rest is for a loaded machine.
  30_000 + RESTARTS * 20_000,
);

test.each(LATENCIES_MS)(
  `a restart with ${APPS} apps and the memory store fails no request, the platform at %d ms`,
  async (latencyMs) => {
    // Beyond two there is nothing new to see.
    const restarts = RESTARTS > 2 ? 2 : 1;
    expect(await roll({ apps: APPS, latencyMs, restarts, probeEveryMs: 1_000 })).toEqual([]);
  },
  4 * READY_WITHIN_MS,
);
