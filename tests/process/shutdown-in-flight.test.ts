// SIGTERM with a hundred requests under way and a hundred connections kept open: all are answered, and the end is prompt.
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { runMain, type RunningProcess } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const COUNT = 100;
/** The token and the ticket take that long each, so that every request is still under way when the signal comes. */
const LATENCY_MS = 1_500;
/** Ten sweeps over idle connections and the end of a process on a loaded machine; the grace would be ten seconds. */
const PROMPT_MS = 3_000;
const APP = { appId: 'cli_shutdown000001', appSecret: 'secret-of-the-shutdown-app' };
const PATH = `/config?url=${encodeURIComponent('https://h5.example.com/orders?id=42')}`;

let platform: Sandbox | undefined;
let main: RunningProcess | undefined;
const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
afterEach(async () => {
  main?.child.kill('SIGKILL');
  for (const agent of agents) agent.destroy();
  await platform?.close();
});

function ask(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (reply: IncomingMessage) => {
      reply.resume().on('end', () => resolve(reply.statusCode));
    }).on('error', reject);
  });
}

test('every request is answered, and the process ends soon after the last answer', async () => {
  platform = createSandbox({
    clock: systemClock,
    apps: [{ ...APP, trustedDomains: ['h5.example.com'] }],
    latencyMs: LATENCY_MS,
  });
  const { url } = await platform.listen();
  main = runMain([], {
    ...{ LARK_APP_ID: APP.appId, LARK_APP_SECRET: APP.appSecret, LARK_DOMAIN: url },
    ...{ ALLOWED_ORIGINS: 'https://h5.example.com', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'debug' },
  });
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  const baseUrl = `http://127.0.0.1:${port}`;
  const [idle, busy] = agents;
  await Promise.all(Array.from({ length: COUNT }, () => ask(`${baseUrl}/healthz`, idle)));
  expect(Object.values(idle.freeSockets).flat()).toHaveLength(COUNT);

  const answers = Array.from({ length: COUNT }, () => ask(baseUrl + PATH, busy));
  const sockets = (): Socket[] => Object.values(busy.sockets).flatMap((some) => some ?? []);
  await waitUntil(
    'all have sent',
    () => sockets().filter(({ bytesWritten }) => bytesWritten > 0).length === COUNT,
  );
  // Connections are accepted in their order: once later ones are answered, those before have been accepted and read.
  for (let later = 0; later < 3; later += 1) await ask(`${baseUrl}/healthz`, new Agent());
  const ended = main.end('SIGTERM');
  const statuses = await Promise.all(answers);
  const answeredMs = performance.now();
  expect(await ended).toBe(0);
  const tookMs = Math.round(performance.now() - answeredMs);

  expect(statuses).toEqual(Array(COUNT).fill(200));
  // They were under way when the signal came, and not answered before it.
  const lines = main
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const signalAt = lines.findIndex(({ msg }) => msg === 'shutting down');
  const answeredAt = lines.flatMap(({ route, status }, at) =>
    route === '/config' && status === 200 ? [at] : [],
  );
  expect(answeredAt).toHaveLength(COUNT);
  // Nothing of the log was lost on the way out.
  expect(lines.at(-1)).toMatchObject({ msg: 'closed' });
  expect(Math.min(...answeredAt)).toBeGreaterThan(signalAt);
  process.stdout.write(`ended ${tookMs} ms after the last of ${COUNT} answers\n`);
  expect(tookMs).toBeLessThan(PROMPT_MS);
});
