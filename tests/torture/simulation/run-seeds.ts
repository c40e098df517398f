// Runs one seed after the other and says how it goes: progress, the trace of a seed that fails, a verdict.
import { inspect } from 'node:util';
import type { Clock } from '../../../src/base/clock';
import { PROFILE_NAMES, simulate, type SimulationResult } from './simulate';

/** Which seeds. */
export interface SeedsOptions {
  firstSeed: number;
  seeds: number;
  /** Of every fleet; default: 2 to 8, as the seed has it. */
  replicas: number | undefined;
  /** Prints everything that happens, failed or not. */
  isShown: boolean;
}

/** What it is done with. */
export interface SeedsMeans {
  clock: Clock;
  print: (line: string) => void;
  /** A line that is written over; without it nothing is said between the first line and the verdict but every `QUIET_MS`. */
  showProgress?: (line: string) => void;
  /** The first promise that was rejected and heard by nobody, since the last time. */
  takeUnhandled?: () => unknown;
}

/** Where nobody looks on, a line every 20 s shows that it goes on. */
const QUIET_MS = 20_000;
const LOOKED_ON_MS = 250;
/** What led to a fault is in its last lines; all of them are there with `--seed`. */
const TRACE_LINES = 60;

/** Resolves with whether every promise was kept. Ends with the first seed that fails. */
export async function runSeeds(options: SeedsOptions, means: SeedsMeans): Promise<boolean> {
  const { firstSeed, seeds, replicas, isShown } = options;
  const { clock, print, showProgress, takeUnhandled } = means;
  const startedMs = clock.monotonicMs();
  const totals = new Totals();
  let saidMs = startedMs;
  print(`simulation: ${seeds} seeds from ${firstSeed}, ${replicas ?? '2 to 8'} replicas`);
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const result = await simulate({ seed, replicas, traceAll: isShown });
    const unhandled = takeUnhandled?.();
    const broken =
      result.broken ??
      (unhandled === undefined ? undefined : `a rejection nobody heard: ${inspect(unhandled)}`);
    totals.add(result);
    if (isShown || broken !== undefined) {
      showProgress?.('');
      for (const line of isShown ? result.trace : result.trace.slice(-TRACE_LINES)) print(line);
    }
    const nowMs = clock.monotonicMs();
    if (broken !== undefined) {
      const fleet = replicas === undefined ? '' : ` --replicas ${replicas}`;
      print('');
      print(`simulation: FAILED at seed ${seed} (${result.profile}, ${result.replicas} replicas): ${broken}`);
      print(`again: npm run test:simulation -- --seed ${seed}${fleet}`);
      return false;
    }
    if (nowMs - saidMs > (showProgress ? LOOKED_ON_MS : QUIET_MS)) {
      saidMs = nowMs;
      const done = seed - firstSeed + 1;
      const line = `simulation: ${done} of ${seeds} seeds, ${perSecond(done, nowMs - startedMs)} a second`;
      (showProgress ?? print)(line);
    }
  }
  showProgress?.('');
  const tookMs = clock.monotonicMs() - startedMs;
  for (const line of totals.lines()) print(line);
  print(
    `simulation: PASSED, ${seeds} seeds in ${Math.round(tookMs / 1_000)} s, ${perSecond(seeds, tookMs)} a second`,
  );
  return true;
}

function perSecond(count: number, ms: number): string {
  return ((count * 1_000) / Math.max(1, ms)).toFixed(1);
}

/** Sums over all seeds, and for each profile how long it took to agree. */
class Totals {
  readonly #results: Pick<SimulationResult, 'profile' | 'agreedAfterMs'>[] = [];
  #hours = 0;
  #steps = 0;
  #faults = 0;
  #starts = 0;
  #pages = 0;
  #renewals = 0;
  #ticketCalls = 0;

  add(result: SimulationResult): void {
    this.#results.push({ profile: result.profile, agreedAfterMs: result.agreedAfterMs });
    this.#hours += result.simulatedMs / 3_600_000; // an hour in ms
    this.#steps += result.steps;
    this.#faults += result.faults;
    this.#starts += result.starts;
    this.#pages += result.pages;
    this.#renewals += result.renewals;
    this.#ticketCalls += result.ticketCalls;
  }

  lines(): string[] {
    const count = (value: number): string => Math.round(value).toLocaleString('en');
    return [
      `simulated: ${count(this.#hours)} hours, ${count(this.#steps)} steps, ${count(this.#faults)} faults, ${count(this.#starts)} starts of replicas, ` +
        `${count(this.#pages)} pages, ${count(this.#renewals)} tickets, ${count(this.#ticketCalls)} ticket calls`,
      ...PROFILE_NAMES.flatMap((name) => {
        const sorted = this.#results
          .filter(({ profile }) => profile === name)
          .map(({ agreedAfterMs }) => agreedAfterMs)
          .sort((a, b) => a - b);
        if (sorted.length === 0) return [];
        const at = (share: number): string =>
          (sorted[Math.ceil(sorted.length * share) - 1]! / 1_000).toFixed(1);
        return [
          `${name}: ${sorted.length} seeds, all agree after p50 ${at(0.5)} s, p99 ${at(0.99)} s, at most ${at(1)} s`,
        ];
      }),
    ];
  }
}
