// Whether an explanation is felt: latency of an open loop at a third of the service's capacity, while the dearest questions are answered
// and between them.
import { setTimeout as delay } from 'node:timers/promises';
import statistics from '../statistics.cjs';
import { startRunner } from '../world.mjs';
import { chooseRate, sendAtRate } from './open-loop.mjs';

/** The service answers 30 a minute. */
const QUESTIONS = 28;
/** From the answer to the next question: a page load or two hundred by which to compare. */
const PAUSE_MS = 300;

/** `{ ratePerSecond, during, without, ratio, answerMs, counts, failures }`: p99 in milliseconds, and the median time of an answer. */
export async function measureExplain(ours, { world, pages, core, folder, load, progress }) {
  const { server, adminToken } = await startRunner(ours, { world, pages, core, folder });
  try {
    const ratePerSecond = await chooseRate(server, { load, progress });
    const asked = [];
    let isOver = false;
    const asking = askAll(server, adminToken, pages, asked).finally(() => (isOver = true));
    const { sent, failures } = await sendAtRate(server, { pages, ratePerSecond, isOver: () => isOver });
    await asking;
    const isAsked = ([dueMs]) => asked.some(([fromMs, untilMs]) => dueMs >= fromMs && dueMs <= untilMs);
    const took = (requests) => requests.map(([, tookMs]) => tookMs);
    const kinds = [took(sent.filter(isAsked)), took(sent.filter((request) => !isAsked(request)))];
    const [during, without] = kinds.map((values) => statistics.percentile(values, 99));
    return {
      ...{ ratePerSecond, during, without, ratio: during / without, failures },
      answerMs: statistics.median(asked.map(([fromMs, untilMs]) => untilMs - fromMs)),
      counts: { during: kinds[0].length, without: kinds[1].length },
    };
  } finally {
    await server.stop();
  }
}

/** A signature that no mistake gives: every one is tried. */
async function askAll(server, adminToken, pages, asked) {
  for (let index = 0; index < QUESTIONS; index += 1) {
    const question = {
      ...{ url: pages[index].url, signature: 'f'.repeat(40) },
      ...{ timestamp: String(Date.now()), nonceStr: `nonce${index}` },
    };
    const fromMs = performance.now();
    const response = await fetch(`${server.baseUrl}/explain`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`/explain: ${response.status} ${text}`);
    asked.push([fromMs, performance.now()]);
    await delay(PAUSE_MS);
  }
}
