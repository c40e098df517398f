// Faults of the process and its machine: file descriptors, memory, stalls, and a log that cannot be written.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Expectation, LogFields } from './fault-case';
import type { ProcessCase, ProcessInfliction, Victim } from './process-case';

/** The soft limit alone, so that it can be lifted again. */
function limit({ pid }: Victim, what: 'nofile' | 'fsize', to: number | string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--${what}=${to}:`]);
}

/** Within seconds: a handful of attempts, and one renewal more. */
const FEW = { token: 8, ticket: 8 };
/** The sixth attempt in vain, and more there is no time for, is followed by a pause of at most 32 s. */
const SOON_SECONDS = 33;

/** Before the first ticket and after the last the platform was away until the fault began: the first page meets that. */
function felt(how: Pick<Expectation, 'pages' | 'ready'> & { log?: LogFields }): ProcessCase['expected'] {
  const { pages, ready, log = 'silent' } = how;
  const rest = { calls: FEW, healedWithinSeconds: SOON_SECONDS };
  const late = how.log ?? { reason: 'connection' };
  return {
    cold: { ...rest, pages, ready, log: late },
    fresh: { ...rest, pages: ['signed'], ready: true, log: 'silent' },
    renewing: { ...rest, pages: ['signed'], ready: true, log },
    expired: { ...rest, pages, ready: true, log: late },
  };
}

const UNHARMED = felt({ pages: ['TICKET_UNAVAILABLE', 'signed'], ready: true });

/** At once, as often as it can be answered; more would only wait in line. */
const CROWD = 50;
/** A page URL of nearly the 8,192 characters that are allowed. */
const LONG_PAGE = `https://h5.example.com/?q=${'x'.repeat(8_000)}`;

/** Requests for signatures in a crowd until it is stopped. */
function crowd({ baseUrl }: Victim): () => Promise<void> {
  let isOver = false;
  const one = async (): Promise<void> => {
    const body = JSON.stringify({ url: LONG_PAGE });
    while (!isOver) {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${baseUrl}/config`, { method: 'POST', headers, body })
        .then((reply) => reply.text())
        .catch(() => pause(10));
    }
  };
  const all = Promise.all(Array.from({ length: CROWD }, one));
  return async () => {
    isOver = true;
    await all;
  };
}

function memoryPressure(): ProcessInfliction {
  let stop: (() => Promise<void>) | undefined;
  return {
    // It needs some 25 MB to serve at all.
    env: { NODE_OPTIONS: '--max-old-space-size=40', RATE_LIMIT: '0' },
    begin: (victim) => void (stop = crowd(victim)),
    end: () => stop?.(),
  };
}

/** Stopped for 0.8 s out of every 1.6: timers are late, replies lie in their sockets, wall time advances. */
function stalls(): ProcessInfliction {
  let isOver = false;
  let stalling: Promise<void> | undefined;
  return {
    begin({ process: { child } }) {
      stalling = (async () => {
        while (!isOver) {
          child.kill('SIGSTOP');
          await pause(800);
          child.kill('SIGCONT');
          await pause(800);
        }
      })();
    },
    async end() {
      isOver = true;
      await stalling;
    },
  };
}

function fullLogDisk(): ProcessInfliction {
  let before = '';
  return {
    logFile: join(mkdtempSync(join(tmpdir(), 'faults-log-')), 'log'),
    env: { LOG_LEVEL: 'debug' },
    begin(victim) {
      before = victim.log();
      limit(victim, 'fsize', 0);
    },
    end: (victim) => limit(victim, 'fsize', 'unlimited'),
    // Events of the meantime are reported, too.
    isMended: (victim) => victim.log().length > before.length && victim.log().includes('"msg":"request"'),
  };
}

/** More lines than a pipe and the buffers behind it hold. */
const LINES = 1_000;
const AT_ONCE = 40;

function stuckLogReader(): ProcessInfliction {
  return {
    async begin({ process: { child }, baseUrl }) {
      child.stdout?.pause();
      const ask = async (): Promise<unknown> => (await fetch(`${baseUrl}/config?url=none`)).text();
      for (let n = 0; n < LINES; n += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, ask));
    },
    end: ({ process: { child } }) => child.stdout?.resume(),
    isMended: (victim) => (victim.log().match(/"msg":"request"/g) ?? []).length >= LINES,
  };
}

function noFileDescriptors(): ProcessInfliction {
  return {
    // Those that are open have other numbers: not one more can be had.
    begin: (victim) => limit(victim, 'nofile', 3),
    // As many as a service usually has.
    end: (victim) => limit(victim, 'nofile', 1_024),
  };
}

export const processFaults: readonly ProcessCase[] = [
  {
    name: 'no-descriptors',
    area: 'process',
    what: 'no file descriptor is left; pages come by connections that are open',
    needs: 'prlimit',
    inflictOnProcess: noFileDescriptors,
    expected: felt({
      pages: ['TICKET_UNAVAILABLE'],
      ready: false,
      log: { reason: 'connection', summary: 'EMFILE' },
    }),
  },
  {
    name: 'little-memory',
    area: 'process',
    what: 'a heap of 40 MB and a crowd of large requests',
    inflictOnProcess: memoryPressure,
    expected: UNHARMED,
  },
  {
    name: 'stalls',
    area: 'process',
    what: 'the process stands still for 0.8 s out of every 1.6',
    inflictOnProcess: stalls,
    expected: UNHARMED,
  },
  {
    name: 'log-disk-full',
    area: 'process',
    what: 'the log’s disk is full',
    needs: 'prlimit',
    inflictOnProcess: fullLogDisk,
    // Nothing can be told before there is room again.
    expected: UNHARMED,
  },
  {
    name: 'log-stuck',
    area: 'process',
    what: 'the reader of the log has stopped',
    inflictOnProcess: stuckLogReader,
    expected: UNHARMED,
  },
  {
    name: 'log-gone',
    area: 'process',
    what: 'the reader of the log is gone',
    inflictOnProcess: () => ({
      begin: ({ process: { child } }) => child.stdout?.destroy(),
      end: () => undefined,
    }),
    expected: UNHARMED,
  },
];
