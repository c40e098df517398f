// The service by itself: how fast it starts, whether a renewal or an explanation is felt, whether memory grows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findContestants } from './contestants.mjs';
import { findCores, moveSelfTo } from './cores.mjs';
import { createLoad } from './load.mjs';
import { describeMachine } from './machine.mjs';
import pageUrls from './page-urls.cjs';
import { findTooHigh, renderService } from './report-service.mjs';
import { measureExplain } from './service/explain.mjs';
import { measureMemory } from './service/memory.mjs';
import { LATENCY_MS, measureRenewal } from './service/renewal.mjs';
import { measureStart } from './service/start.mjs';
import { writeChapter } from './write-document.mjs';
import { startWorld } from './world.mjs';

const HELP = `Usage, after npm run build: node bench/run-service.mjs [options]

  --only <a,b>      some of start, renewal, explain, memory. Default: all
  --rounds <n>      starts of each kind. Default 20
  --renewals <n>    renewals under load, 6 s each, and a tenth as many that fail at first. Default 60
  --requests <n>    requests for the memory. Default 5,000,000
  --json <file>     the figures as JSON
  --write           writes the chapter of docs/benchmarks.md
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'start,renewal,explain,memory' },
    rounds: { type: 'string', default: '20' },
    renewals: { type: 'string', default: '60' },
    requests: { type: 'string', default: '5000000' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const [rounds, renewals, requests] = [values.rounds, values.renewals, values.requests].map(Number);
  const only = values.only.split(',');
  const contestants = Object.fromEntries(
    findContestants().map((contestant) => [contestant.name, contestant]),
  );
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const cores = findCores();
  if (cores) moveSelfTo(cores.load);
  const pages = pageUrls.createPages(1_000, 1);
  const load = createLoad(pages, folder);
  const common = { pages, core: cores?.server, folder, load };
  const startedAt = new Date().toISOString();
  const measured = {};

  async function measure(name, latencyMs, run) {
    if (!only.includes(name)) return;
    const world = await startWorld({ latencyMs });
    const progress = (line) => console.error(`[${new Date().toISOString().slice(11, 19)}] ${name}: ${line}`);
    try {
      measured[name] = await run({ ...common, world, progress });
    } finally {
      await world.close();
    }
  }

  await measure('start', 0, (setting) => measureStart(contestants, { ...setting, rounds }));
  await measure('renewal', LATENCY_MS, (setting) =>
    measureRenewal(contestants.ours, { ...setting, renewals }),
  );
  await measure('explain', 0, (setting) => measureExplain(contestants.ours, setting));
  await measure('memory', 0, (setting) => measureMemory(contestants.ours, { ...setting, requests }));

  const text = renderService(measured, { ...describeMachine(), startedAt });
  console.log(text);
  for (const line of findTooHigh(measured)) console.error(line);
  if (values.json) writeFileSync(values.json, JSON.stringify(measured, null, 2));
  if (values.write) await writeChapter('service', text);
}
