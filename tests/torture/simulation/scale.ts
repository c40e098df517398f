// Fleets of a size that no machine here could run, for a simulated day without faults: calls, load of the store, spread.
import type { Clock } from '../../../src/base/clock';
import type { Verdict } from '../suite';
import { PAGE_HOST, startReplica, type ReplicaListener } from './replica';
import { Scheduler } from './scheduler';
import { createSeededRandom } from '../seeded-random';
import { SharedStore } from './shared-store';
import { SimulatedNetwork } from './simulated-network';
import { SimulatedPlatform } from './simulated-platform';
import { SimulatedProcess } from './simulated-process';

/** Which fleets: those of `CASES`, or one of another size. */
export interface ScaleOptions {
  replicas: number | undefined;
  apps: number | undefined;
  hours: number | undefined;
}

/** What it is done with. */
export interface ScaleMeans {
  clock: Clock;
  print: (line: string) => void;
  /** Bytes in use. */
  memoryBytes: () => number;
}

/** What was counted. Durations in simulated milliseconds unless they say otherwise. */
export interface ScaleFigures {
  renewals: number;
  ticketCalls: number;
  tokenCalls: number;
  /** Requests that only ask for the time: two for each process whose first ticket came from the store. */
  probes: number;
  storeCommands: number;
  /** In the fullest second, while everything starts and after. */
  peakAtStart: number;
  peakLater: number;
  /** From the issue of a ticket to each replica's use of it, of all renewals; sorted. */
  spreadMs: Float64Array;
  steps: number;
}

/** A day; of many apps two renewals each, since every one is like the other and a day of them takes a quarter of an hour. */
const CASES = [
  { replicas: 10_000, apps: 1, hours: 24 },
  { replicas: 100, apps: 1_000, hours: 4 },
];
const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** A roll-out in a hurry. */
const START_WITHIN_MS = 60 * SECOND_MS;
/** After the starts, the first loads and the measurements of the time that follow: many apps start five at a time. */
const STARTED_AFTER_MS = 10 * 60 * SECOND_MS;
/** One thread that carries out 100,000 commands a second, or notifies half a million subscribers: what Redis does on one core. */
const COMMAND_MS = 0.01;
const TELL_MS = 0.002;
const SEED = 1;

/** Runs the fleets and prints a line for each figure. Good when each renewal took one ticket call. */
export async function runScale(options: ScaleOptions, means: ScaleMeans): Promise<Verdict> {
  const { clock, print, memoryBytes } = means;
  const { replicas, apps } = options;
  const isOwn = replicas !== undefined || apps !== undefined;
  const [standard] = CASES;
  const cases = isOwn ? [{ ...standard!, ...(replicas && { replicas }), ...(apps && { apps }) }] : CASES;
  let isGood = true;
  for (const size of cases) {
    const hours = options.hours ?? size.hours;
    const name = `${count(size.replicas)} replicas of ${count(size.apps)} ${size.apps === 1 ? 'app' : 'apps'}`;
    print(`scale: ${name}, ${hours} simulated hours`);
    const startedMs = clock.monotonicMs();
    const figures = await simulateScale({ ...size, hours });
    const tookSeconds = (clock.monotonicMs() - startedMs) / SECOND_MS;
    for (const line of describe(figures)) print(`  ${line}`);
    print(
      `  took ${tookSeconds.toFixed(1)} s for ${count(figures.steps)} steps, ${count(memoryBytes() / 2 ** 20)} MB of memory`,
    );
    isGood &&= figures.ticketCalls === figures.renewals + size.apps;
  }
  return {
    isGood,
    summary: isGood ? 'one ticket call a renewal' : 'a renewal took more than one ticket call',
  };
}

/** One fleet, from an empty store on; the first ticket of each app is not counted as a renewal. */
export async function simulateScale(options: {
  replicas: number;
  apps: number;
  hours: number;
}): Promise<ScaleFigures> {
  const scheduler = new Scheduler();
  const random = createSeededRandom(SEED, 'scale');
  const network = new SimulatedNetwork(scheduler, random);
  const apps = Array.from({ length: options.apps }, (_, index) => ({
    appId: `cli_${index}`,
    appSecret: `the secret of app ${index}`,
  }));
  const perSecond = new Map<number, number>();
  const store = new SharedStore({
    scheduler,
    network,
    random,
    commandMs: COMMAND_MS,
    tellMs: TELL_MS,
    listener: {
      onCommand() {
        const second = Math.floor(scheduler.nowMs / SECOND_MS);
        perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
      },
    },
  });
  const issuedAtMs = new Map<string, number>();
  const first = new Set<string>();
  const platform = new SimulatedPlatform({
    scheduler,
    network,
    apps,
    trustedHost: PAGE_HOST,
    ticketLifeSeconds: 7_200, // as documented
    onIssued(ticket, appId) {
      if (issuedAtMs.has(ticket)) return;
      issuedAtMs.set(ticket, scheduler.nowMs);
      if (!issuedTo.has(appId)) first.add(ticket);
      issuedTo.add(appId);
    },
  });
  const issuedTo = new Set<string>();
  const spreadMs: number[] = [];
  const listener: ReplicaListener = {
    onEvent(heard) {
      if (heard.of !== 'ticket' || heard.event.type !== 'loaded') return;
      const ticket = heard.event.value.reveal();
      // A ticket from the store is reported twice where the process learns that its clock was wrong; here none is.
      if (!first.has(ticket)) spreadMs.push(scheduler.nowMs - issuedAtMs.get(ticket)!);
    },
    onTicketCall: () => undefined,
    onTicketCallEnded: () => undefined,
    onTicket: () => undefined,
  };
  for (let number = 0; number < options.replicas; number += 1) {
    scheduler.after(random.between(0, START_WITHIN_MS), () => {
      const process = new SimulatedProcess(
        `replica-${number}`,
        scheduler,
        random.between(-SECOND_MS, SECOND_MS),
      );
      startReplica({ process, apps, platform, store, random, listener });
    });
  }
  await scheduler.runUntil(options.hours * HOUR_MS);
  const isStart = ([second]: [number, number]): boolean => second * SECOND_MS < STARTED_AFTER_MS;
  const seconds = [...perSecond];
  const fullest = (of: [number, number][]): number =>
    of.reduce((most, [, commands]) => Math.max(most, commands), 0);
  return {
    renewals: issuedAtMs.size - first.size,
    ticketCalls: platform.counters.calls('ticket'),
    tokenCalls: platform.counters.calls('token'),
    probes: platform.counters.calls('other'),
    storeCommands: seconds.reduce((sum, [, commands]) => sum + commands, 0),
    peakAtStart: fullest(seconds.filter(isStart)),
    peakLater: fullest(seconds.filter((entry) => !isStart(entry))),
    spreadMs: Float64Array.from(spreadMs).sort(),
    steps: scheduler.steps,
  };
}

function describe(figures: ScaleFigures): string[] {
  const { spreadMs } = figures;
  const at = (share: number): string => (spreadMs[Math.ceil(spreadMs.length * share) - 1] ?? 0).toFixed(1);
  return [
    `${count(figures.renewals)} renewals; ${count(figures.ticketCalls)} ticket calls, ${count(figures.tokenCalls)} token calls, ${count(figures.probes)} requests for the time`,
    `store: ${count(figures.storeCommands)} commands; in the fullest second ${count(figures.peakAtStart)} at the start, ${count(figures.peakLater)} later`,
    `new ticket at each replica after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms (${count(spreadMs.length)} samples)`,
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
