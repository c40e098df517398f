// A whole run: every contestant started, warmed up, and measured once a round.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCores, moveSelfTo } from './cores.mjs';
import { CONNECTIONS, createLoad } from './load.mjs';
import { measureWindow } from './measure.mjs';
import pageUrls from './page-urls.cjs';
import { startRunner, startWorld } from './world.mjs';

const PAGES = 1_000;
const SEED = 1;

/** Some ten thousand requests of a fast contestant, and short enough that its neighbours meet the same machine. */
const WINDOW = { full: { seconds: 2, warmUpSeconds: 4 }, quick: { seconds: 1, warmUpSeconds: 2 } };

/** `{ runners, windows, facts }`: who ran, the windows by their name, and how it was measured. Tells its progress on standard error. */
export async function measureAll(contestants, { quick, pairs }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // 130: what a shell expects of a program that was interrupted. The contestants end with this process.
  process.once('SIGINT', () => process.exit(130));
  const { seconds, warmUpSeconds } = quick ? WINDOW.quick : WINDOW.full;
  const cores = findCores();
  if (cores) moveSelfTo(cores.load);
  const pages = pageUrls.createPages(PAGES, SEED);
  const load = createLoad(pages, folder);
  const world = await startWorld();
  const runners = [];
  const windows = {};
  try {
    for (const contestant of contestants) {
      progress(`starting ${contestant.name}`);
      const runner = await startRunner(contestant, { world, pages, core: cores?.server, folder });
      runners.push(runner);
      // Uncounted: compilation at run time, and the ticket's way into every cache.
      await measureWindow(runner, { load, seconds: warmUpSeconds });
      windows[contestant.name] = [];
    }
    const startedMs = performance.now();
    for (let pair = 0; pair < pairs; pair += 1) {
      // There and back again: what comes later in a round comes earlier in the next.
      for (const runner of pair % 2 === 0 ? runners : runners.toReversed()) {
        windows[runner.name].push(await measureWindow(runner, { load, seconds }));
      }
      const leftMs = ((performance.now() - startedMs) / (pair + 1)) * (pairs - pair - 1);
      progress(`round ${pair + 1} of ${pairs}, ${Math.ceil(leftMs / 1_000)} s left`);
    }
  } finally {
    await Promise.all(runners.map(({ server }) => server.stop()));
    await world.close();
  }
  return { runners, windows, facts: { load: load.name, connections: CONNECTIONS, cores, pairs, seconds } };
}

function progress(line) {
  console.error(`[${new Date().toISOString().slice(11, 19)}] ${line}`);
}
