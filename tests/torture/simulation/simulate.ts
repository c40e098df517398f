// One simulation: a fleet under the faults that a seed draws, then without them until all replicas agree, and two renewals more.
import { FAULTS, type FaultKind } from './faults';
import { Fleet } from './fleet';
import type { SeededRandom } from '../seeded-random';

/** What may go wrong in one simulation, by name. A seed has one of them in turn. */
export const PROFILES: Record<string, readonly FaultKind[]> = {
  calm: [],
  network: ['network'],
  store: ['store', 'processes'],
  platform: ['platform'],
  processes: ['processes'],
  clocks: ['clocks', 'network', 'processes'],
  deaths: ['death', 'network', 'processes'],
  everything: ['network', 'store', 'platform', 'processes'],
};
/** In the turn that seeds take them. */
export const PROFILE_NAMES = Object.keys(PROFILES);

/** What a simulation is made with; the same again is the same simulation. */
export interface SimulationOptions {
  seed: number;
  /** Default: 2 to 8, as the seed has it. */
  replicas?: number | undefined;
  /** Keeps every line of the trace, not the latest only. */
  traceAll?: boolean;
}

/** How a simulation ended. Durations in simulated milliseconds. */
export interface SimulationResult {
  seed: number;
  profile: string;
  replicas: number;
  /** The first promise that was broken. */
  broken: string | undefined;
  trace: readonly string[];
  /** From the end of the faults to one good ticket everywhere. */
  agreedAfterMs: number;
  simulatedMs: number;
  steps: number;
  faults: number;
  starts: number;
  pages: number;
  renewals: number;
  ticketCalls: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** As documented; a renewal comes every hour and a half. */
const TICKET_LIFE_SECONDS = 7_200;
/** Two renewals and more fall into the faults. */
const FAULTS_MS = { least: 3 * HOUR_MS, most: 6 * HOUR_MS };
/** From moments to longer than the last half hour of a ticket, which is all a replica has to survive an outage on. */
const FAULT_LASTS_MS = { least: SECOND_MS, most: 45 * MINUTE_MS };
const FAULT_EVERY_MS = { least: 2 * SECOND_MS, most: 20 * MINUTE_MS };
/** A ticket that dies early is believed of pages once an hour. */
const DEATH_EVERY_MS = HOUR_MS + 10 * MINUTE_MS;
const PAGE_EVERY_MS = { least: 100, most: 2 * MINUTE_MS };
const START_WITHIN_MS = { least: 1, most: 10 * SECOND_MS };
const HAND_EVERY_MS = { least: 10 * SECOND_MS, most: 3 * HOUR_MS };
/**
 * How soon all replicas agree once the faults have ended: a renewal's jitter of a minute, a call that the ceiling throttles for
 * 75 s, or delays of up to 5 min after a call that came too early for a clock that is wrong.
 */
const AGREED_WITHIN_MS = 8 * MINUTE_MS;
/** Loads that were under way when they agreed end meanwhile. */
const QUIET_MS = 30 * SECOND_MS;
/** Some ten messages of up to 30 ms: what it takes to lock, ask, write, tell and read. */
const TOLD_WITHIN_MS = SECOND_MS;

/** Runs the simulation of a seed. Never rejects; what went wrong is in the result. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed } = options;
  const profile = PROFILE_NAMES[seed % PROFILE_NAMES.length]!;
  const kinds = PROFILES[profile]!;
  const clocksAreRight = !kinds.includes('clocks');
  const replicas = options.replicas ?? 2 + (Math.floor(seed / PROFILE_NAMES.length) % 7);
  const fleet = new Fleet({
    seed,
    replicas,
    ticketLifeSeconds: TICKET_LIFE_SECONDS,
    aheadMs: (random) => (clocksAreRight ? random.between(-2_000, 2_000) : wrongBy(random)),
    clocksAreRight,
    platformIsGood: kinds.every((kind) => kind === 'store' || kind === 'processes'),
    traceAll: options.traceAll ?? false,
  });
  const { random } = fleet;
  const plan = new FaultPlan(fleet, kinds);

  // All at one moment, or one after the other.
  const startWithinMs = random.spread(START_WITHIN_MS.least, START_WITHIN_MS.most);
  for (const machine of fleet.machines)
    fleet.scheduler.after(random.between(0, startWithinMs), () => fleet.start(machine));
  repeat(fleet, PAGE_EVERY_MS, () => {
    const { life } = random.pick(fleet.machines);
    if (life?.process.isAwake) fleet.traffic.page(life);
  });
  if (kinds.length > 0) {
    plan.begin();
    repeat(fleet, HAND_EVERY_MS, () => {
      const { life } = random.pick(fleet.machines);
      if (life?.process.isAwake && !plan.isOver) fleet.traffic.renew(life);
    });
  }
  await fleet.run(random.between(FAULTS_MS.least, FAULTS_MS.most));
  const { newest } = fleet.tickets;
  // In the middle of a renewal there is most to agree upon.
  if (random.chance(0.5))
    await fleet.run(fleet.scheduler.nowMs + HOUR_MS, () => fleet.tickets.newest > newest);
  plan.end();

  // A suspended process is waited for.
  await fleet.run(Math.max(0, ...fleet.lives.map(({ process }) => process.pausedUntilMs)));
  const endedMs = fleet.scheduler.nowMs;
  if (!fleet.isAgreed) await fleet.run(endedMs + AGREED_WITHIN_MS, () => fleet.isAgreed);
  if (!fleet.isAgreed) fleet.breaks('all replicas agree on one ticket within 8 minutes after the faults');
  const agreedAfterMs = fleet.scheduler.nowMs - endedMs;
  await expectOneCallEach(fleet, clocksAreRight, kinds.length === 0);
  for (const machine of fleet.machines) void fleet.close(machine);
  await fleet.run(fleet.scheduler.nowMs + MINUTE_MS);
  return {
    seed,
    profile,
    replicas,
    broken: fleet.broken,
    trace: fleet.trace.lines,
    agreedAfterMs,
    simulatedMs: fleet.scheduler.nowMs,
    steps: fleet.scheduler.steps,
    faults: plan.begun,
    starts: fleet.starts,
    pages: fleet.traffic.pages,
    renewals: fleet.tickets.newest,
    ticketCalls: fleet.ticketCalls,
  };
}

/** Two more renewals without faults: one ticket call each for the whole fleet, where no clock is wrong. */
async function expectOneCallEach(fleet: Fleet, clocksAreRight: boolean, wasCalm: boolean): Promise<void> {
  await fleet.run(fleet.scheduler.nowMs + QUIET_MS);
  const callsAt: number[] = [];
  for (let renewal = 0; renewal < 2; renewal += 1) {
    const before = fleet.tickets.newest;
    const latestMs = fleet.scheduler.nowMs + TICKET_LIFE_SECONDS * SECOND_MS;
    await fleet.run(latestMs, () => fleet.tickets.newest > before);
    if (fleet.tickets.newest === before) fleet.breaks('every ticket is renewed before its end');
    await fleet.run(fleet.scheduler.nowMs + TOLD_WITHIN_MS);
    if (!fleet.isAgreed) fleet.breaks('without faults all replicas use a new ticket within a second');
    if (fleet.store.locks.length > 0) fleet.breaks('without faults a lock is given back within a second');
    await fleet.run(fleet.scheduler.nowMs + QUIET_MS);
    callsAt.push(fleet.ticketCalls);
  }
  const [first = 0, second = 0] = callsAt;
  if (clocksAreRight && second - first !== 1)
    fleet.breaks(`without faults a renewal takes one ticket call, not ${second - first}`);
  if (wasCalm && fleet.ticketCalls !== fleet.tickets.newest)
    fleet.breaks(`${fleet.ticketCalls} ticket calls for ${fleet.tickets.newest} tickets without any fault`);
}

/** Draws faults, one after the other and over each other, until it ends them all. */
class FaultPlan {
  begun = 0;
  isOver = false;
  readonly #fleet: Fleet;
  readonly #kinds: readonly FaultKind[];
  readonly #ends = new Set<() => void>();
  #deathFromMs = 0;

  constructor(fleet: Fleet, kinds: readonly FaultKind[]) {
    this.#fleet = fleet;
    this.#kinds = kinds;
  }

  begin(): void {
    const { random } = this.#fleet;
    const faults = FAULTS.filter(({ kind }) => this.#kinds.includes(kind));
    repeat(this.#fleet, FAULT_EVERY_MS, () => {
      if (!this.isOver) this.#draw(random.pick(faults));
    });
  }

  end(): void {
    this.isOver = true;
    this.#fleet.trace.say('', 'all faults end');
    for (const end of this.#ends) end();
    for (const machine of this.#fleet.machines) this.#fleet.start(machine);
  }

  #draw(fault: (typeof FAULTS)[number]): void {
    const { random, scheduler, trace } = this.#fleet;
    if (fault.kind === 'death') {
      if (scheduler.nowMs < this.#deathFromMs) return;
      this.#deathFromMs = scheduler.nowMs + DEATH_EVERY_MS;
    }
    this.begun += 1;
    trace.say('', `fault: ${fault.name}`);
    const finish = fault.begin(this.#fleet);
    if (finish === undefined) return;
    const end = (): void => {
      if (!this.#ends.delete(end)) return;
      trace.say('', `over: ${fault.name}`);
      finish();
    };
    this.#ends.add(end);
    scheduler.after(random.spread(FAULT_LASTS_MS.least, FAULT_LASTS_MS.most), end);
  }
}

/** Lets something happen repeatedly, indefinitely. */
function repeat(fleet: Fleet, { least, most }: { least: number; most: number }, action: () => void): void {
  const { scheduler, random } = fleet;
  const again = (): void => {
    scheduler.after(random.spread(least, most), () => {
      action();
      again();
    });
  };
  again();
}

/** From a machine that keeps its time to one that never had the right one. */
function wrongBy(random: SeededRandom): number {
  return random.pick([0, 20, -20, 600, -600, 3 * 3_600, -3 * 3_600]) * SECOND_MS + random.between(-500, 500);
}
