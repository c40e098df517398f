// What was measured of a fleet since the last report: requests, signatures, calls of the platform, spread, locks.
import type { Sandbox, VerifyResult } from '../../src/sandbox/sandbox';
import type { Issue } from './fleet-app';

/** Durations in whole milliseconds. */
export interface Distribution {
  samples: number;
  medianMs: number;
  p99Ms: number;
  mostMs: number;
}

/** The figures of one phase. Times in milliseconds. */
export interface PhaseFigures {
  requests: number;
  failed: number;
  /** Signatures that the simulated platform's check refused. */
  wrong: number;
  /** Requests that were under way to a replica when it was killed. */
  cutOff: number;
  /** From the request to its whole answer; a busy machine shows here first. */
  took: Distribution;
  renewals: number;
  /** Ticket calls from the one that brought a ticket to the next ticket, one number a renewal. */
  callsPerRenewal: number[];
  ticketCalls: number;
  tokenCalls: number;
  /** From the issue of a ticket to each replica's signing with it. */
  spread: Distribution;
  /** The longest that one owner was seen to hold the lock. */
  longestLockMs: number;
  /** The first few reasons of failed and wrong answers. */
  reasons: string[];
}

/** Enough to see what goes wrong, few enough to read. */
const MAX_REASONS = 5;

/** Counts until `take`. */
export class FleetFigures {
  cutOff = 0;
  readonly #sandbox: Sandbox;
  readonly #issues: () => Issue[];
  #tookMs: number[] = [];
  #failed = 0;
  #wrong = 0;
  #spreadMs: number[] = [];
  #longestLockMs = 0;
  #reasons: string[] = [];
  #issuesBefore = 0;
  #ticketCallsBefore = 0;
  #tokenCallsBefore = 0;

  constructor(sandbox: Sandbox, issues: () => Issue[]) {
    this.#sandbox = sandbox;
    this.#issues = issues;
  }

  answered({ errCode, errMsg }: VerifyResult, tookMs: number): void {
    this.#count(tookMs);
    if (errCode === 0) return;
    this.#wrong += 1;
    this.#because(`${errCode} ${errMsg}`);
  }

  failed(reason: string, tookMs: number): void {
    this.#count(tookMs);
    this.#failed += 1;
    this.#because(reason);
  }

  tookOver(afterMs: number): void {
    this.#spreadMs.push(afterMs);
  }

  lockSeen(ageMs: number): void {
    this.#longestLockMs = Math.max(this.#longestLockMs, ageMs);
  }

  /** What was measured since the last time. */
  take(): PhaseFigures {
    const issues = this.#issues().slice(this.#issuesBefore);
    const ticketCalls = this.#sandbox.counters.calls('ticket');
    const tokenCalls = this.#sandbox.counters.calls('token');
    const figures: PhaseFigures = {
      requests: this.#tookMs.length,
      failed: this.#failed,
      wrong: this.#wrong,
      cutOff: this.cutOff,
      took: distributionOf(this.#tookMs),
      renewals: issues.length,
      callsPerRenewal: issues.map(
        ({ callNumber }, index) => (issues[index + 1]?.callNumber ?? ticketCalls) - callNumber,
      ),
      ticketCalls: ticketCalls - this.#ticketCallsBefore,
      tokenCalls: tokenCalls - this.#tokenCallsBefore,
      spread: distributionOf(this.#spreadMs),
      longestLockMs: Math.round(this.#longestLockMs),
      reasons: this.#reasons,
    };
    this.#issuesBefore += issues.length;
    this.#ticketCallsBefore = ticketCalls;
    this.#tokenCallsBefore = tokenCalls;
    this.#failed = this.#wrong = this.cutOff = this.#longestLockMs = 0;
    this.#tookMs = [];
    this.#spreadMs = [];
    this.#reasons = [];
    return figures;
  }

  #count(tookMs: number): void {
    this.#tookMs.push(tookMs);
  }

  #because(reason: string): void {
    if (this.#reasons.length < MAX_REASONS) this.#reasons.push(reason);
  }
}

function distributionOf(durationsMs: readonly number[]): Distribution {
  const sorted = durationsMs.map(Math.round).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return { samples: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}

function describeDistribution({ medianMs, p99Ms, mostMs }: Distribution): string {
  return `median ${medianMs}, p99 ${p99Ms}, at most ${mostMs} ms`;
}

/** The figures in a line. */
export function describeFigures(name: string, figures: PhaseFigures): string {
  const { requests, failed, wrong, cutOff, took, callsPerRenewal, ticketCalls, spread } = figures;
  return [
    `fleet: ${name}: ${requests} requests, ${failed} failed, ${wrong} wrong signatures`,
    `answers: ${describeDistribution(took)}`,
    ...(cutOff > 0 ? [`${cutOff} cut off by a kill`] : []),
    `${figures.renewals} new tickets, ${ticketCalls} ticket calls (at most ${Math.max(0, ...callsPerRenewal)} from one ticket to the next)`,
    `${figures.tokenCalls} token calls`,
    `new ticket at each replica: ${describeDistribution(spread)} (${spread.samples} samples)`,
    `longest lock ${figures.longestLockMs} ms`,
    ...figures.reasons,
  ].join('; ');
}
