// Whether memory grows with what passes through: the heap after a million clients and a million pages, against the heap after the first.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRunner } from '../world.mjs';

const SCRIPT = fileURLToPath(new URL('memory.lua', import.meta.url));
const CONNECTIONS = 16;
/** wrk ends by time; between two runs the count is looked at. */
const RUN_SECONDS = 10;
/** By then every path is compiled, and every cache has begun. */
const FIRST_REQUESTS = 100_000;

/** `{ first, last }`, each `{ requests, heapBytes, rssBytes }`, `ratio` of the heaps, and `failures`. Needs wrk. */
export async function measureMemory(ours, { world, pages, core, folder, requests, progress }) {
  const runner = await startRunner(behindProxy(ours), { world, pages, core, folder });
  const { server } = runner;
  let sent = 0;
  let failures = 0;

  async function sendUntil(goal) {
    while (sent < goal) {
      const seconds = sent === 0 ? 1 : RUN_SECONDS;
      const { stdout } = await promisify(execFile)('wrk', [
        ...['--threads', '1', '--connections', String(CONNECTIONS), '--duration', `${seconds}s`],
        ...['--script', SCRIPT, server.baseUrl, '--', String(sent)],
      ]);
      const result = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')));
      sent += result.requests;
      failures += result.failures;
      server.emptyLog();
      progress(`${sent} of ${requests} requests`);
    }
    return { requests: sent, ...(await server.collected()) };
  }

  try {
    const first = await sendUntil(Math.min(FIRST_REQUESTS, requests));
    const last = await sendUntil(requests);
    return { first, last, ratio: last.heapBytes / first.heapBytes, failures };
  } finally {
    await server.stop();
  }
}

/** So that X-Forwarded-For makes a client. */
function behindProxy(contestant) {
  return {
    ...contestant,
    environmentFor: (setting) => ({ ...contestant.environmentFor(setting), TRUST_PROXY: 'loopback' }),
  };
}
