// A long run: the service under mixed traffic and faults, every reply judged, its memory and handles watched.
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleMain } from '../../support/run-main';
import { faultSchedule, type SoakEvent } from './fault-schedule';
import { judgeFlatness, type Flatness, type Sample } from './flatness';
import { Judge, type JudgeCounts } from './judge';
import { PipelinedConnection, type Flight } from './pipelined-connection';
import { ServiceProcess } from './service-process';
import { SHOP } from './soak-apps';
import { SoakPlatform } from './soak-platform';
import { Traffic, type SoakRequest } from './traffic';

/** How long, and which. */
export interface SoakOptions {
  /** It ends after so many requests, or so many milliseconds, whichever comes first. */
  readonly requests?: number;
  readonly lastsMs?: number;
  readonly seed: number;
  /** Divides the durations of the schedule. Default 1. */
  readonly pace?: number;
  /** The file that is the service. Default: bundled from the sources. */
  readonly main?: string;
  /** Called with the progress, from 0 to 1, some ten times a second. */
  readonly onProgress?: (share: number, requests: number) => void;
}

/** The outcome. */
export interface SoakReport extends JudgeCounts {
  readonly requests: number;
  readonly seconds: number;
  /** Events carried out, by kind. */
  readonly events: Record<string, number>;
  readonly restarts: number;
  readonly platformCalls: number;
  readonly samples: readonly Sample[];
  readonly flatness: readonly Flatness[];
  readonly isGood: boolean;
}

/** Enough to keep a service of one thread busy, and others served while a page on one waits for a ticket. */
const CONNECTIONS = 12;
/** The pace of everything that is not a reply: progress, deadlines, the end. */
const TICK_MS = 100;
/** Two thousand samples in an hour; a scrape costs the service some milliseconds. */
const SAMPLE_EVERY_MS = 2_000;
/** The service answers after 5 s at most; the rest is for a machine that has other things to do. */
const ANSWER_LIMIT_MS = 15_000;

/** Runs it. Rejects when the service cannot be started, or ends by itself. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { requests: mostRequests = Infinity, lastsMs = Infinity, seed, pace = 1 } = options;
  const platform = new SoakPlatform();
  const service = await ServiceProcess.prepare(options.main ?? bundleMain());
  const traffic = new Traffic(seed);
  const reports: SoakRequest[] = [];
  const judge = new Judge(platform, ({ app, tenantKey }, signed) =>
    reports.push(traffic.report(app, tenantKey, signed)),
  );
  const samples: Sample[] = [];
  const events: Record<string, number> = {};
  const ending = new AbortController();
  const isEnding = (): boolean => ending.signal.aborted;
  let [sent, answered, restarts] = [0, 0, 0];
  let isRestarting = false;
  let startedMs = performance.now();
  const share = (): number => Math.max(answered / mostRequests, (performance.now() - startedMs) / lastsMs);

  function next(): Flight | undefined {
    if (isEnding() || isRestarting || sent >= mostRequests) return undefined;
    sent += 1;
    const request = reports.shift() ?? traffic.next();
    return { request, sentMs: performance.now(), sentPlatformMs: platform.sandbox.nowMs() };
  }

  /** Restarts belong to the first half: the second is one process's, whose memory is measured. */
  async function restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (share() >= 0.5) return;
    isRestarting = true;
    await service.restart(signal);
    judge.restarted();
    platform.restarted(SHOP.appId);
    restarts += 1;
    isRestarting = false;
  }

  async function carryOut(event: SoakEvent): Promise<void> {
    const end = platform.begin(event);
    const name = event.kind === 'fault' ? `fault: ${event.fault.kind}` : event.kind;
    events[name] = (events[name] ?? 0) + 1;
    if (event.kind === 'restart') await restart(event.signal);
    if (event.kind === 'fault') await pause(event.lastsMs);
    end();
  }

  async function disturb(): Promise<void> {
    for (const event of faultSchedule(seed, { pace })) {
      await pause(event.afterMs);
      if (isEnding()) return;
      await carryOut(event);
    }
  }

  async function measure(): Promise<void> {
    while (!isEnding()) {
      await pause(SAMPLE_EVERY_MS / pace);
      if (!isRestarting && !isEnding()) samples.push(await service.sample(answered));
    }
  }

  /** Ends early, without a word, when the run ends. */
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: ending.signal }).catch(() => undefined);

  let connections: PipelinedConnection[] = [];
  try {
    await service.start(await platform.start(service.url));
    platform.restarted(SHOP.appId);
    startedMs = performance.now();
    connections = Array.from(
      { length: CONNECTIONS },
      () =>
        new PipelinedConnection({
          port: service.port,
          next,
          onReply(flight, status, body) {
            answered += 1;
            judge.reply(flight, status, body);
          },
          onCut(flights, reason) {
            answered += flights.length;
            judge.cut(flights, reason, isRestarting);
          },
        }),
    );
    const others = [disturb(), measure()];
    while (share() < 1) {
      await sleep(TICK_MS);
      if (service.hasDied) throw new Error(`the service ended by itself: ${service.stderr}`);
      for (const connection of connections) {
        if (performance.now() - (connection.oldestSentMs ?? Infinity) > ANSWER_LIMIT_MS) connection.abort();
        else connection.fill();
      }
      options.onProgress?.(share(), answered);
    }
    ending.abort();
    await Promise.all([...others, ...connections.map((connection) => connection.close())]);
    samples.push(await service.sample(answered));
  } finally {
    ending.abort();
    for (const connection of connections) connection.abort();
    await service.close();
    await platform.sandbox.close();
  }

  const { counts } = judge;
  const flatness = judgeFlatness(samples);
  const isGood =
    counts.wrong + counts.unexplained === 0 &&
    service.stderr === '' &&
    flatness.every(({ isFlat }) => isFlat);
  if (service.stderr !== '') counts.examples.push(`the service said on stderr: ${service.stderr}`);
  return {
    ...counts,
    requests: answered,
    seconds: (performance.now() - startedMs) / 1_000,
    events,
    restarts,
    platformCalls: platform.sandbox.counters.calls(),
    samples,
    flatness,
    isGood,
  };
}
