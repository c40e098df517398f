// From the start of a process to its first reply: an empty node:http server, and the service with a stored ticket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onCore } from '../cores.mjs';
import { startRunner } from '../world.mjs';

/** Long enough for the garbage of the start to be collected, and for everything that is done after it. */
const SETTLED_MS = 10_000;

/** A process that has not answered by then hangs. */
const START_WITHIN_MS = 30_000;

/** How often it is tried: far below what is measured. */
const TRY_EVERY_MS = 1;

/**
 * `{ emptyMs, oursMs, ratios, rssBytes }`: `rounds` of each, in turn, and the service's memory ten seconds after a start.
 * `contestants` are *empty* and *ours*.
 */
export async function measureStart({ empty, ours }, { world, pages, core, folder, rounds, progress }) {
  const stored = withTicketFile(ours, join(folder, 'tickets'));
  // The first start asks the platform, and stores the ticket.
  const first = await startRunner(stored, { world, pages, core, folder });
  await first.server.stop();
  const callsBefore = world.platform.counters.calls('ticket');

  const emptyMs = [];
  const oursMs = [];
  for (let round = 0; round < rounds; round += 1) {
    emptyMs.push(await startOnce(empty, '/', { world, core, folder }));
    oursMs.push(
      await startOnce(stored, `/config?url=${encodeURIComponent(pages[0].url)}`, { world, core, folder }),
    );
    progress(`start ${round + 1} of ${rounds}`);
  }
  if (world.platform.counters.calls('ticket') !== callsBefore)
    throw new Error('A start asked for a ticket although one was stored.');

  const { server } = await startRunner(stored, { world, pages, core, folder });
  await delay(SETTLED_MS);
  const { rssBytes } = await server.usage();
  await server.stop();
  return { emptyMs, oursMs, ratios: oursMs.map((ms, round) => ms / emptyMs[round]), rssBytes };
}

function withTicketFile(contestant, path) {
  return {
    ...contestant,
    environmentFor: (setting) => ({
      ...contestant.environmentFor(setting),
      TICKET_STORE: `file:${path}`,
    }),
  };
}

/** Milliseconds from the start of the process to its first whole reply of status 200. */
async function startOnce({ program, environmentFor }, path, { world, core, folder }) {
  const port = await freePort();
  const [command, ...args] = onCore(core, [process.execPath, program]);
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    ...environmentFor(world.setting),
    PORT: String(port),
  };
  const startedMs = performance.now();
  const child = spawn(command, args, { cwd: folder, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    for (;;) {
      if (await answers(port, path)) return performance.now() - startedMs;
      if (child.exitCode !== null) throw new Error(`${program} ended at its start.`);
      if (performance.now() - startedMs > START_WITHIN_MS) throw new Error(`${program} does not answer.`);
      await delay(TRY_EVERY_MS);
    }
  } finally {
    child.kill();
    await ended;
  }
}

function answers(port, path) {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200));
    })
      .on('error', () => resolve(false))
      .end();
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
