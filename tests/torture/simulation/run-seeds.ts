// Runs one seed after the other: progress, the trace of a seed that fails, figures.
import { inspect } from 'node:util';
import type { Verdict } from '../suite';
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
  print: (line: string) => void;
  /** Called after each seed with how many are done. */
  onProgress?: (done: number) => void;
  /** The first promise since the last call that was rejected without a handler. */
  takeUnhandled?: () => unknown;
}

/** What led to a fault is in its last lines; all of them are there with `--seed`. */
const TRACE_LINES = 60;

/** Ends with the first seed that breaks a promise of the fleet. */
export async function runSeeds(options: SeedsOptions, means: SeedsMeans): Promise<Verdict> {
  const { firstSeed, seeds, replicas, isShown } = options;
  const { print, onProgress, takeUnhandled } = means;
  const totals = new Totals();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const result = await simulate({ seed, replicas, traceAll: isShown });
    const unhandled = takeUnhandled?.();
    const broken =
      result.broken ??
      (unhandled === undefined ? undefined : `a rejection without a handler: ${inspect(unhandled)}`);
    totals.add(result);
    if (isShown || broken !== undefined)
      for (const line of isShown ? result.trace : result.trace.slice(-TRACE_LINES)) print(line);
    if (broken !== undefined) {
      const fleet = replicas === undefined ? '' : ` --replicas ${replicas}`;
      print(`seed ${seed} (${result.profile}, ${result.replicas} replicas): ${broken}`);
      print(`again: npm run torture -- simulation --seed ${seed} --size 1${fleet}`);
      return { isGood: false, summary: `${seed - firstSeed + 1} of ${seeds} seeds` };
    }
    onProgress?.(seed - firstSeed + 1);
  }
  for (const line of totals.lines()) print(line);
  return { isGood: true, summary: `${seeds} seeds` };
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
