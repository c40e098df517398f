// `npm run test:slow-clients`: what 500 clients that send a byte a second cost everybody else. The built service beside the
// simulated platform; the same load without them and with them; a verdict in one line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clearInterval, setInterval } from 'node:timers';
import autocannon from 'autocannon';

const root = fileURLToPath(new URL('..', import.meta.url));
const { DEMO_APP_ID, DEMO_APP_SECRET } = createRequire(import.meta.url)('../dist/sandbox/demo-apps.js');

const SLOW_CLIENTS = 500;
/** Well below what one core serves, so that the figures tell of the slow clients and not of a queue. */
const REQUESTS_PER_SECOND = 500;
const SECONDS = 3;
/** Short rounds in turns, and the middle one of each kind: what else the machine does falls on both, and its worst on neither. */
const ROUNDS = 11;
/** A p99 that doubles, or grows by 5 ms, which is what a busy machine does by itself, would be felt. */
const ALLOWED_FACTOR = 2;
const ALLOWED_MS = 5;

const children = [];

/** Starts `node dist/main.js …`; resolves with the address of its "listening" line. */
async function start(args, env) {
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = line.startsWith('{') ? JSON.parse(line) : {};
    if (entry.msg !== 'listening') continue;
    child.stdout.resume();
    return { port: entry.port, url: `http://127.0.0.1:${entry.port}` };
  }
  throw new Error(`no listening line from ${args.join(' ') || 'the service'}`);
}

/** Clients that never come to the end of their headers; one that is closed begins anew. */
function slowClients(port) {
  const sockets = new Set();
  const timers = new Set();
  let isOver = false;
  let letGo = 0;
  function open() {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.add(socket);
    socket.resume().write('GET /config HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const timer = setInterval(() => socket.write('x'), 1000);
    timers.add(timer);
    socket.on('close', () => {
      clearInterval(timer);
      sockets.delete(socket);
      letGo += 1;
      if (!isOver) open();
    });
  }
  for (let i = 0; i < SLOW_CLIENTS; i += 1) open();
  return {
    open: () => [...sockets].filter((socket) => socket.readyState === 'open').length,
    letGo: () => letGo,
    end() {
      isOver = true;
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function measure(url) {
  const page = encodeURIComponent('http://localhost:8080/orders?id=42');
  const result = await autocannon({
    url: `${url}/config?url=${page}`,
    connections: 20,
    overallRate: REQUESTS_PER_SECOND,
    duration: SECONDS,
  });
  const bad = result.non2xx + result.errors;
  if (bad > 0) throw new Error(`${bad} requests failed`);
  return result.latency;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const platform = await start(['sandbox', '--port', '0', '--json'], {});
  const { port, url } = await start([], {
    LARK_APP_ID: DEMO_APP_ID,
    LARK_APP_SECRET: DEMO_APP_SECRET,
    LARK_DOMAIN: platform.url,
    ALLOWED_ORIGINS: 'http://localhost:*',
    HOST: '127.0.0.1',
    PORT: '0',
  });
  await measure(url); // warm
  const without = [];
  const beside = [];
  let connected = SLOW_CLIENTS;
  for (let round = 0; round < ROUNDS; round += 1) {
    without.push((await measure(url)).p99);
    const slow = slowClients(port);
    beside.push((await measure(url)).p99);
    connected = Math.min(connected, slow.open());
    slow.end();
  }
  const [before, after] = [median(without), median(beside)];
  console.log(
    `p99 without: ${without.join(', ')} ms; beside ${connected} slow clients: ${beside.join(', ')} ms`,
  );
  const isGood =
    connected === SLOW_CLIENTS && after <= Math.max(before * ALLOWED_FACTOR, before + ALLOWED_MS);
  console.log(
    `slow clients: ${isGood ? 'PASSED' : 'FAILED'}, p99 ${before} ms without, ${after} ms beside them`,
  );
  process.exitCode = isGood ? 0 : 1;
} finally {
  for (const child of children) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
