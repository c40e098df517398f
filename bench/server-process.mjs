// One contestant as a process: started on the servers' core, asked for its CPU time and memory, stopped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onCore } from './cores.mjs';

const PROBE = fileURLToPath(new URL('support/probe.cjs', import.meta.url));

// A loaded machine takes seconds to start a program with many modules; more is a program that hangs.
const START_WITHIN_MS = 30_000;

/**
 * Starts a contestant and waits until it listens. `folder` is a scratch folder: its working directory, so that no .env file is
 * found, and the place of its log; `nodeArguments` go before the program.
 */
export async function startServer(contestant, { setting, core, folder, nodeArguments = [] }) {
  const { name, program } = contestant;
  const logPath = join(folder, `${name}.log`);
  rmSync(logPath, { force: true });
  // For appending, so that the file can be emptied while the process writes to it.
  const log = openSync(logPath, 'a');
  const [command, ...args] = onCore(core, [process.execPath, ...nodeArguments, '--require', PROBE, program]);
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...contestant.environmentFor(setting) },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);

  const server = {
    name,
    baseUrl: '',
    /** `{ cpuMicros, rssBytes, heapBytes }` since its start and now. */
    usage: () => ask(child, 'usage'),
    /** The same after the garbage has been collected. */
    collected: () => ask(child, 'collected'),
    /** What it logged is of no use any more, and a full disk would end the run. */
    emptyLog: () => truncateSync(logPath),
    /** The last 2,000 characters, to explain a failure. */
    endOfLog: () => readFileSync(logPath, 'utf8').slice(-2_000),
    async stop() {
      if (hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill();
      // Its end of the channel closes with ours, and the probe ends what does not heed the signal.
      child.disconnect();
      await ended;
    },
    /** Ends it from within: by a signal some would end without writing their profile. */
    async exit() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
  try {
    server.baseUrl = `http://127.0.0.1:${await portOf(child, name, logPath)}`;
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function ask(child, question) {
  const answer = once(child, 'message');
  child.send(question);
  const [usage] = await answer;
  return usage;
}

async function portOf(child, name, logPath) {
  const deadlineMs = performance.now() + START_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const text = readFileSync(logPath, 'utf8');
    const line = text.split('\n').find((entry) => entry.includes('"msg":"listening"') && entry.endsWith('}'));
    if (line) return JSON.parse(line).port;
    if (hasEnded(child)) throw new Error(`${name} ended at its start:\n${text}`);
    // Often enough for a start, and no load.
    await delay(50);
  }
  throw new Error(`${name} does not listen:\n${readFileSync(logPath, 'utf8')}`);
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;
