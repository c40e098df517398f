// What contestants live in: the simulated platform, which issues their tickets and checks their answers, and they themselves.
import { setTimeout as delay } from 'node:timers/promises';
import clock from '../dist/base/clock.js';
import demoApps from '../dist/sandbox/demo-apps.js';
import sandbox from '../dist/sandbox/sandbox.js';
import answerCheck from './answer-check.cjs';
import { findMetrics } from './measure.mjs';
import pageUrls from './page-urls.cjs';
import seededRandom from './seeded-random.cjs';
import { startServer } from './server-process.mjs';

/** How long a contestant may take for its ticket. */
const READY_WITHIN_MS = 10_000;

/** Which pages are sampled; the same in every run. */
const SEED = 2;

/** Starts the simulated platform, which takes `latencyMs` for each reply: `{ setting, platform, close() }`. */
export async function startWorld({ latencyMs = 0 } = {}) {
  const origins = pageUrls.PAGE_ORIGINS;
  const app = demoApps.createDemoApp([...origins]);
  const platform = sandbox.createSandbox({ clock: clock.systemClock, apps: [app], latencyMs });
  const { url: platformUrl } = await platform.listen();
  return {
    platform,
    setting: {
      platformUrl,
      appId: app.appId,
      appSecret: app.appSecret,
      origins,
    },
    close: () => platform.close(),
  };
}

/** Starts a contestant and waits for its first right answer: `{ name, server, check, scrape, stop() }`. */
export async function startRunner(contestant, { world, pages, core, folder, nodeArguments }) {
  const { platform, setting } = world;
  const server = await startServer(contestant, { setting, core, folder, nodeArguments });
  try {
    const check = answerCheck.createAnswerCheck({
      signs: contestant.signs,
      baseUrl: server.baseUrl,
      pages,
      platform,
      random: seededRandom.createSeededRandom(SEED),
      fetch,
    });
    await waitForAnswer(check, server);
    check.reset();
    return { ...contestant, server, check, scrape: await findMetrics(contestant, server.baseUrl) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function waitForAnswer(check, server) {
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const fault = await check.sample();
    if (!fault) return;
    if (performance.now() > deadlineMs) {
      throw new Error(`${server.name} does not answer rightly: ${fault}\n${server.endOfLog()}`);
    }
    await delay(100);
  }
}
