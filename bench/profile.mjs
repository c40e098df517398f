// `node bench/profile.mjs`: where a contestant's time goes under full load, by Node's own profiler: the functions that cost most.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findContestants } from './contestants.mjs';
import { findCores, moveSelfTo } from './cores.mjs';
import { createLoad } from './load.mjs';
import pageUrls from './page-urls.cjs';
import { startRunner, startWorld } from './world.mjs';

const HELP = `Usage, after npm run build: node bench/profile.mjs [options]

  --only <name>      the contestant; default ours
  --program <file>   another build of it, an older dist/main.js
  --seconds <n>      how long it is under load; default 10
  --top <n>          how many functions are listed; default 25
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'ours' },
    program: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    top: { type: 'string', default: '25' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const found = findContestants().find(({ name }) => name === values.only);
  if (!found) throw new RangeError(`There is no contestant "${values.only}".`);
  const contestant = values.program ? { ...found, program: resolve(values.program) } : found;
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const cores = findCores();
  if (cores) moveSelfTo(cores.load);
  const world = await startWorld();
  try {
    const pages = pageUrls.createPages(1_000, 1);
    const load = createLoad(pages, folder);
    const { server } = await startRunner(contestant, {
      world,
      pages,
      core: cores?.server,
      folder,
      // Five samples a millisecond.
      nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200'],
    });
    const { requests } = await load.run(server.baseUrl, Number(values.seconds));
    await server.exit();
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
    print(costs(JSON.parse(readFileSync(join(folder, file), 'utf8'))), requests);
  } finally {
    await world.close();
    rmSync(folder, { recursive: true });
  }
}

/** `[function, microseconds spent in it and not in what it called]`, the largest first. */
function costs({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new Map();
  samples.forEach((id, index) => {
    const name = describe(frames.get(id));
    sums.set(name, (sums.get(name) ?? 0) + timeDeltas[index]);
  });
  sums.delete('(idle)');
  return [...sums].sort(([, one], [, other]) => other - one);
}

function describe({ functionName, url }) {
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/(?=(node_modules|dist|bench)\/)/, '');
  return [functionName || '(anonymous)', file].filter(Boolean).join(' ');
}

function print(sorted, requests) {
  const total = sorted.reduce((sum, [, micros]) => sum + micros, 0);
  console.log(
    `${requests} requests, ${(total / requests).toFixed(1)} µs each under the profiler: its own cost is in them, so the shares count`,
  );
  for (const [name, micros] of sorted.slice(0, Number(values.top)))
    console.log(
      `${((100 * micros) / total).toFixed(1).padStart(5)} % ${(micros / requests).toFixed(2).padStart(6)} µs  ${name}`,
    );
}
