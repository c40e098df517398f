// A load that does not wait for replies: requests at a fixed rate, each with the time it took. It writes to plain sockets: an HTTP
// client in JavaScript takes as long as the service, and its own pauses would be measured.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import seededRandom from '../seeded-random.cjs';
import statistics from '../statistics.cjs';

const CONNECTIONS = 64;

/** Of what the closed loop reaches. */
const SHARE_OF_CAPACITY = 0.3;

const END_OF_HEAD = '\r\n\r\n';

/** A third of what the service can do, requests a second. */
export async function chooseRate(server, { load, progress }) {
  const { requests, seconds } = await load.run(server.baseUrl, 3);
  const ratePerSecond = Math.round((requests / seconds) * SHARE_OF_CAPACITY);
  progress(`capacity ${Math.round(requests / seconds)} requests/s; the open loop sends ${ratePerSecond}`);
  return ratePerSecond;
}

/**
 * Sends at the rate, whether or not earlier requests were answered, until `isOver(nowMs)`, which is called every millisecond.
 * `sent` holds `[sentMs, tookMs]` of every request that was answered, its wait for a free connection included.
 */
export async function sendAtRate(server, { pages, ratePerSecond, isOver }) {
  const { hostname, port, host } = new URL(server.baseUrl);
  const requests = pages.map(({ url }) =>
    Buffer.from(`GET /config?url=${encodeURIComponent(url)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  );
  const sent = [];
  const waiting = [];
  const idle = [];
  let failures = 0;

  function open() {
    const socket = connect({ host: hostname, port, noDelay: true }).setEncoding('latin1');
    const connection = { socket, request: undefined, reply: '' };
    socket.on('data', (text) => {
      connection.reply += text;
      if (!isWhole(connection.reply)) return;
      const { sentMs } = connection.request;
      sent.push([sentMs, performance.now() - sentMs]);
      if (!connection.reply.startsWith('HTTP/1.1 200 ')) failures += 1;
      connection.request = undefined;
      connection.reply = '';
      send(connection);
    });
    // A request that was under way got no reply.
    socket.on('error', () => undefined).on('close', () => (failures += connection.request ? 1 : 0));
    return once(socket, 'connect').then(() => idle.push(connection));
  }

  /** The next request that waits; with none, the connection does. */
  function send(connection) {
    connection.request = waiting.shift();
    if (connection.request) connection.socket.write(connection.request.bytes);
    else idle.push(connection);
  }

  await Promise.all(Array.from({ length: CONNECTIONS }, open));
  const startedMs = performance.now();
  for (let count = 0; ;) {
    await delay(1);
    const sentMs = performance.now();
    if (isOver(sentMs)) break;
    for (; count < ((sentMs - startedMs) / 1_000) * ratePerSecond; count += 1)
      waiting.push({ sentMs, bytes: requests[count % requests.length] });
    // The one that has rested longest: the server closes connections that rest for a minute.
    while (idle.length > 0 && waiting.length > 0) send(idle.shift());
  }
  // Replies that take longer than this are failures.
  for (let tries = 0; idle.length < CONNECTIONS && tries < 5_000; tries += 1) await delay(1);
  failures += waiting.length;
  const closed = CONNECTIONS - idle.length;
  for (const { socket } of idle) socket.destroy();
  if (closed > 0) throw new Error(`${closed} connections were closed, or got no reply within 5 s.`);
  return { sent, failures };
}

/**
 * What happens in one window of time beside what happens in another, near it: `pairs` of `[fromMs, untilMs]`. A machine that stands
 * still for 20 ms spoils the p99 of one window, not the median of all: `{ ratio: { median, low, high }, p99Ms, besideMs, requests }`,
 * the p99 as medians too, and the requests on both sides.
 */
export function compareWindows(sent, pairs) {
  const inWindow = ([fromMs, untilMs]) =>
    sent.filter(([sentMs]) => sentMs >= fromMs && sentMs <= untilMs).map(([, tookMs]) => tookMs);
  const windows = pairs
    .map((pair) => pair.map(inWindow))
    .filter((pair) => pair.every(({ length }) => length));
  const p99s = windows.map((pair) => pair.map((values) => statistics.percentile(values, 99)));
  const [of, beside] = [0, 1].map((side) => p99s.map((pair) => pair[side]));
  const random = seededRandom.createSeededRandom(1);
  return {
    ratio: statistics.bootstrapMedian(
      p99s.map(([one, other]) => one / other),
      { random },
    ),
    p99Ms: statistics.median(of),
    besideMs: statistics.median(beside),
    requests: [0, 1].map((side) => windows.reduce((sum, pair) => sum + pair[side].length, 0)),
  };
}

/** Every reply has its length. */
function isWhole(reply) {
  const end = reply.indexOf(END_OF_HEAD);
  if (end < 0) return false;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(reply) ?? [];
  return reply.length >= end + END_OF_HEAD.length + Number(length);
}
