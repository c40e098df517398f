// Runs one cell of the fault matrix with the service as a process of its own, on the machine's clock, with tickets that live for seconds.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox';
import { runMain } from '../../support/run-main';
import { waitUntil } from '../../support/wait-until';
import type { Answer, Moment } from './fault-case';
import { countCalls, distinct, isNamed, type Observation } from './observation';
import type { ProcessCase, Victim } from './process-case';

const APP = {
  appId: 'cli_faults00000001',
  appSecret: 'the-secret-of-the-faults-app',
  trustedDomains: ['h5.example.com'],
};
const PAGE = 'https://h5.example.com/orders?id=42';

/** The window of such a ticket opens after 18.3 to 18.9 s, and after 22.8 s it is not handed out any more. */
const TICKET_LIFE_SECONDS = 24;
const FRESH_MS = 1_000;
/** Some time before, since a busy machine is late. */
const BEFORE_WINDOW_MS = 16_000;
const INSIDE_WINDOW_MS = 3_200;
const WATCH_MS = 2_000;
/** Pages, and lines of the log, whose turn has to come yet are waited for: the sixth back-off takes 32 s at most, and on a busy machine it comes to that. */
const LATE_MS = 45_000;
const PAGE_EVERY_MS = 200;
/** 5 s as ever, and what a machine that is busy, or stalled on purpose, adds to it. */
const PATIENCE_MS = 12_000;
const HEALING_LIMIT_MS = 45_000;
/** Several start at once, on a machine that may be busy. */
const START_LIMIT_MS = 30_000;

/** Runs the cell; never rejects for what the service does once it listens: that is in the observation. */
export async function runProcessCell(row: ProcessCase, moment: Moment): Promise<Observation> {
  const infliction = row.inflictOnProcess();
  const sandbox = createSandbox({ clock: systemClock, apps: [APP], ticketLifeSeconds: TICKET_LIFE_SECONDS });
  const { url, port } = await sandbox.listen();
  /** Every connection to the platform is cut, so that one that is open hides no fault. */
  const reconnect = async (): Promise<void> => {
    await sandbox.close();
    await sandbox.listen({ port });
  };
  const trouble: string[] = [];
  const bodies: string[] = [];
  if (moment === 'cold') await sandbox.close();
  const victim = await start(infliction, url);
  const startedMs = performance.now();
  const at = async (ms: number): Promise<void> => {
    await pause(Math.max(0, startedMs + ms - performance.now()));
  };

  // One connection that stays open, as a gateway has.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async function get(path: string): Promise<{ ok: boolean; status: number; body: string }> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const [response] = (await once(request(victim.baseUrl + path, { agent, signal }).end(), 'response', {
      signal,
    })) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    bodies.push(body);
    const { statusCode: status = 0 } = response;
    return { ok: status === 200, status, body };
  }
  async function ask(): Promise<Answer> {
    try {
      const { status, body } = await get(`/config?url=${encodeURIComponent(PAGE)}`);
      const json = JSON.parse(body) as { code: Answer };
      if (status === 503) return json.code;
      if (status !== 200) trouble.push(`a page is answered ${status} ${json.code}`);
      const { errCode } = sandbox.verify({ ...json, url: PAGE });
      return errCode === 0 ? 'signed' : (`signed but ${errCode}` as Answer);
    } catch (error) {
      // Once the body has begun an abort is reported as a lost connection.
      if (/abort/i.test(String(error))) trouble.push(`hang: no reply after ${PATIENCE_MS} ms`);
      return 'connection refused';
    }
  }

  try {
    // Opens the connection that pages come by.
    await get('/healthz');
    let linesBefore = 0;
    const isAway = moment === 'cold' || moment === 'expired';
    if (moment !== 'cold') {
      await waitUntil('the first ticket', async () => (await get('/readyz')).ok);
      await at(moment === 'fresh' ? FRESH_MS : BEFORE_WINDOW_MS);
    }
    if (moment === 'expired') {
      linesBefore = lines(victim).length;
      await sandbox.close();
      const hasRunOut = async (): Promise<boolean> => !(await get(`/readyz?app=${APP.appId}`)).ok;
      await waitUntil('the ticket has run out', hasRunOut, LATE_MS);
    } else if (moment !== 'cold') linesBefore = lines(victim).length;
    sandbox.counters.reset();
    if (!isAway) await reconnect();
    // The first attempt has failed, and been told, before the fault comes.
    else if (moment === 'cold') await ask().then(() => pause(PAGE_EVERY_MS));
    await infliction.begin(victim);
    const answers: Answer[] = [];
    if (isAway) {
      answers.push(await ask());
      await sandbox.listen({ port });
    }
    if (moment === 'renewing') await pause(INSIDE_WINDOW_MS);
    const watchedFromMs = performance.now();
    const isOver = (): boolean => {
      const { pages, log } = row.expected[moment];
      const isToldOf = log === 'silent' || isNamed(lines(victim).slice(linesBefore), log);
      const sawAll = isToldOf && distinct(answers).length >= pages.length;
      return performance.now() - watchedFromMs > (sawAll ? WATCH_MS : LATE_MS);
    };
    while (!isOver()) {
      answers.push(await ask());
      await pause(PAGE_EVERY_MS);
    }
    const ready = (await get('/readyz')).ok;
    const calls = countCalls(
      sandbox.counters.list.map(({ endpoint }) => ({
        path: endpoint === 'ticket' ? '/jssdk/ticket/get' : '/auth/v3/',
      })),
    );
    await infliction.end(victim);
    const endedMs = performance.now();
    let healedAfterSeconds: number | undefined;
    while (healedAfterSeconds === undefined && performance.now() - endedMs < HEALING_LIMIT_MS) {
      const isSigning = (await get(`/readyz?app=${APP.appId}`)).ok && (await ask()) === 'signed';
      if (isSigning) healedAfterSeconds = Math.round((performance.now() - endedMs) / 1_000);
      else await pause(PAGE_EVERY_MS);
    }
    if (infliction.isMended)
      await waitUntil('mended', () => infliction.isMended!(victim)).catch(() =>
        trouble.push('what was broken is not used again'),
      );
    // Some of it may only have been written once there was room.
    const seen = lines(victim).slice(linesBefore);
    const { child } = victim.process;
    if (child.exitCode !== null || child.signalCode !== null)
      trouble.push(
        `crash: exit code ${child.exitCode}, ${child.signalCode}: ${victim.process.stderr().slice(0, 500)}`,
      );
    else {
      const end = await Promise.race([
        victim.process.end('SIGTERM'),
        pause(PATIENCE_MS, 'nothing', { ref: false }),
      ]);
      if (end !== 0) trouble.push(`SIGTERM ends it with ${end}`);
    }
    trouble.push(...leaks(sandbox, [...bodies, victim.log(), victim.process.stderr()]));
    return {
      pages: distinct(answers),
      ready,
      calls,
      healedAfterSeconds,
      lines: seen,
      trouble: distinct(trouble),
    };
  } finally {
    agent.destroy();
    victim.process.child.kill('SIGKILL');
    await sandbox.close();
  }
}

async function start(
  { env, logFile }: ReturnType<ProcessCase['inflictOnProcess']>,
  url: string,
): Promise<Victim> {
  const process = runMain(
    [],
    {
      LARK_APP_ID: APP.appId,
      LARK_APP_SECRET: APP.appSecret,
      LARK_DOMAIN: url,
      ALLOWED_ORIGINS: 'https://h5.example.com',
      HOST: '127.0.0.1',
      PORT: '0',
      SHUTDOWN_GRACE_MS: '500',
      // Fewer would throttle the renewals of tickets that live for seconds.
      TICKET_CALLS_PER_HOUR: '600',
      ...env,
    },
    logFile === undefined ? {} : { stdoutFile: logFile },
  );
  const log = (): string => (logFile === undefined ? process.stdout() : readFileSync(logFile, 'utf8'));
  let port: string | undefined;
  await waitUntil(
    'the service listens',
    () => {
      port = /"port":(\d+),"msg":"listening"/.exec(log())?.[1];
      return port !== undefined;
    },
    START_LIMIT_MS,
  );
  return { process, pid: process.child.pid!, baseUrl: `http://127.0.0.1:${port}`, log };
}

/** The log's complete lines. */
function lines(victim: Victim): Record<string, unknown>[] {
  const complete = victim.log().split('\n').slice(0, -1);
  return complete.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function leaks(sandbox: Sandbox, texts: readonly string[]): string[] {
  const secrets = [APP.appSecret, ...sandbox.issuedTickets(APP.appId), ...sandbox.issuedTokens(APP.appId)];
  return secrets.some((secret) => texts.some((text) => text.includes(secret))) ? ['a secret is printed'] : [];
}
