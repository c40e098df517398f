// A load that does not wait for replies: requests at a fixed rate, each with the time from when it was due to when it was answered.
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

const CONNECTIONS = 64;

/** Of what the closed loop reaches. */
const SHARE_OF_CAPACITY = 0.3;

/** A third of what the service can do, requests a second. */
export async function chooseRate(server, { load, progress }) {
  const { requests, seconds } = await load.run(server.baseUrl, 3);
  const ratePerSecond = Math.round((requests / seconds) * SHARE_OF_CAPACITY);
  progress(`capacity ${Math.round(requests / seconds)} requests/s; the open loop sends ${ratePerSecond}`);
  return ratePerSecond;
}

/**
 * Sends at the rate, whether or not earlier requests were answered, until `isOver(nowMs)`, which is called every millisecond.
 * `sent` holds `[dueMs, tookMs]` of every request that was answered.
 */
export async function sendAtRate(server, { pages, ratePerSecond, isOver }) {
  const pool = new Pool(server.baseUrl, { connections: CONNECTIONS, pipelining: 1 });
  const paths = pages.map(({ url }) => `/config?url=${encodeURIComponent(url)}`);
  const sent = [];
  const underWay = new Set();
  let failures = 0;
  let count = 0;
  const startedMs = performance.now();
  for (;;) {
    await delay(1);
    const nowMs = performance.now();
    if (isOver(nowMs)) break;
    for (; count < ((nowMs - startedMs) / 1_000) * ratePerSecond; count += 1) {
      const dueMs = startedMs + (count / ratePerSecond) * 1_000;
      const sending = pool
        .request({ method: 'GET', path: paths[count % paths.length] })
        .then(async ({ statusCode, body }) => {
          await body.dump();
          if (statusCode !== 200) failures += 1;
          sent.push([dueMs, performance.now() - dueMs]);
        })
        .catch(() => (failures += 1))
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
  }
  await Promise.all(underWay);
  await pool.close();
  return { sent, failures };
}
