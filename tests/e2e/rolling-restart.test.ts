// Two processes behind a balancer that learns late, restarted one after the other under load: nobody notices.
// `npm run test:rolling` makes twenty restarts of it.
import { Agent, get } from 'node:http';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { startBalancer, type Balancer } from '../support/balancer';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const RESTARTS = Number(process.env['ROLLING_RESTARTS'] ?? 2);
/** How late the balancer may learn of anything. */
const PROBE_EVERY_MS = 5_000;
/** Above that, as the manual says. */
const SHUTDOWN_DELAY_MS = 6_000;
/** 50 requests a second: steady, and little beside what two processes serve. */
const LOAD_EVERY_MS = 20;
/** Each restart waits for the delay and for the balancer's next round; the rest is for a loaded machine. */
const TIMEOUT_MS = 30_000 + RESTARTS * 20_000;

const APP = { appId: 'cli_rolling0000001', appSecret: 'secret-of-the-rolling-app' };
const PATH = `/config?url=${encodeURIComponent('https://h5.example.com/orders?id=42')}`;

let platform: Sandbox;
let balancer: Balancer;
const processes: { main: RunningProcess; port: number }[] = [];

async function startProcess(platformUrl: string): Promise<{ main: RunningProcess; port: number }> {
  const main = runMain([], {
    LARK_APP_ID: APP.appId,
    LARK_APP_SECRET: APP.appSecret,
    LARK_DOMAIN: platformUrl,
    ALLOWED_ORIGINS: 'https://h5.example.com',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS),
  });
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  const started = { main, port: Number(port) };
  processes.push(started);
  balancer.add(started.port);
  return started;
}

afterEach(async () => {
  for (const { main } of processes.splice(0)) main.child.kill('SIGKILL');
  await balancer.close();
  await platform.close();
});

test(
  `${RESTARTS} restarts fail no request`,
  async () => {
    platform = createSandbox({ clock: systemClock, apps: [{ ...APP, trustedDomains: ['h5.example.com'] }] });
    const { url: platformUrl } = await platform.listen();
    balancer = await startBalancer({ probeEveryMs: PROBE_EVERY_MS });
    const running = [await startProcess(platformUrl), await startProcess(platformUrl)];
    const isUsed = (port: number) => (): boolean => balancer.inUse().includes(port);
    for (const { port } of running) await waitUntil(`${port} is used`, isUsed(port));

    const agent = new Agent({ keepAlive: true });
    const answers: (number | string)[] = [];
    let sent = 0;
    const load = setInterval(() => {
      sent += 1;
      get(balancer.url + PATH, { agent }, (reply) => {
        reply.resume().on('end', () => answers.push(reply.statusCode ?? 0));
      }).on('error', ({ message }) => answers.push(message));
    }, LOAD_EVERY_MS);

    for (let restart = 0; restart < RESTARTS; restart += 1) {
      const old = running.shift()!;
      const atStart = answers.length;
      const [next, code] = await Promise.all([startProcess(platformUrl), old.main.end('SIGTERM')]);
      expect(code).toBe(0);
      running.push(next);
      await waitUntil(`${next.port} is used`, isUsed(next.port));
      // The load did not stand still, and the one that went answered to the end.
      expect(answers.length - atStart).toBeGreaterThan(100);
      expect(isUsed(old.port)()).toBe(false);
    }
    clearInterval(load);
    await waitUntil('the last answers', () => answers.length === sent);
    agent.destroy();

    const failed = answers.filter((status) => status !== 200);
    process.stdout.write(`${RESTARTS} restarts, ${answers.length} requests, ${failed.length} failed\n`);
    expect(failed).toEqual([]);
  },
  TIMEOUT_MS,
);
