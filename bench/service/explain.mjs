// Whether an explanation is felt: latency of an open loop at a third of the service's capacity, while the dearest questions are answered
// and after them.
import { setTimeout as delay } from 'node:timers/promises';
import statistics from '../statistics.cjs';
import { startRunner } from '../world.mjs';
import { chooseRate, compareWindows, sendAtRate } from './open-loop.mjs';

const QUESTIONS = 60;

/** The service answers 30 a minute. */
const APART_MS = 2_100;

/** `{ ratePerSecond, compared, answerMs, failures }`: every question beside the pause after it, and the median time of an answer. */
export async function measureExplain(ours, { world, pages, core, folder, load, progress }) {
  const { server, adminToken } = await startRunner(ours, { world, pages, core, folder });
  try {
    const ratePerSecond = await chooseRate(server, { load, progress });
    const asked = [];
    let isOver = false;
    const asking = askAll(server, adminToken, pages, asked).finally(() => (isOver = true));
    const { sent, failures } = await sendAtRate(server, { pages, ratePerSecond, isOver: () => isOver });
    await asking;
    return {
      ...{ ratePerSecond, failures },
      answerMs: statistics.median(asked.map(([fromMs, untilMs]) => untilMs - fromMs)),
      compared: compareWindows(
        sent,
        asked.map(([fromMs, untilMs]) => [
          [fromMs, untilMs],
          [untilMs, 2 * untilMs - fromMs],
        ]),
      ),
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
    const untilMs = performance.now();
    asked.push([fromMs, untilMs]);
    // At least as long without a question, to compare with.
    const tookMs = untilMs - fromMs;
    await delay(Math.max(tookMs, APART_MS - tookMs));
  }
}
