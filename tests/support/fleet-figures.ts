// What was measured of a fleet since the last report: requests, signatures, calls of the platform, spread, locks.
import type { Sandbox, VerifyResult } from '../../src/sandbox/sandbox';
import type { Issue } from './fleet';

/** The figures of one phase. Times in milliseconds. */
export interface PhaseFigures {
  requests: number;
  failed: number;
  /** Signatures that the simulated platform's check refused. */
  wrong: number;
  /** Requests that were under way to a replica when it was killed. */
  cutOff: number;
  slowestMs: number;
  renewals: number;
  /** Ticket calls from the one that brought a ticket to the next ticket, one number a renewal. */
  callsPerRenewal: number[];
  ticketCalls: number;
  tokenCalls: number;
  /** From the issue of a ticket to each replica's signing with it. */
  spread: { samples: number; medianMs: number; p99Ms: number; mostMs: number };
  /** The longest that one owner was seen to hold the lock. */
  longestLockMs: number;
  /** The first few reasons of failed and wrong answers. */
  reasons: string[];
}

/** Enough to see what goes wrong, few enough to read. */
const MOST_REASONS = 5;

/** Counts until `take`. */
export class FleetFigures {
  cutOff = 0;
  readonly #sandbox: Sandbox;
  readonly #issues: () => Issue[];
  #requests = 0;
  #failed = 0;
  #wrong = 0;
  #slowestMs = 0;
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
    const spread = this.#spreadMs.map(Math.round).sort((a, b) => a - b);
    const at = (share: number) => spread[Math.ceil(spread.length * share) - 1] ?? 0;
    const figures: PhaseFigures = {
      requests: this.#requests,
      failed: this.#failed,
      wrong: this.#wrong,
      cutOff: this.cutOff,
      slowestMs: Math.round(this.#slowestMs),
      renewals: issues.length,
      callsPerRenewal: issues.map(
        ({ callNumber }, index) => (issues[index + 1]?.callNumber ?? ticketCalls) - callNumber,
      ),
      ticketCalls: ticketCalls - this.#ticketCallsBefore,
      tokenCalls: tokenCalls - this.#tokenCallsBefore,
      spread: { samples: spread.length, medianMs: at(0.5), p99Ms: at(0.99), mostMs: at(1) },
      longestLockMs: Math.round(this.#longestLockMs),
      reasons: this.#reasons,
    };
    this.#issuesBefore += issues.length;
    this.#ticketCallsBefore = ticketCalls;
    this.#tokenCallsBefore = tokenCalls;
    this.#requests = this.#failed = this.#wrong = this.cutOff = this.#slowestMs = this.#longestLockMs = 0;
    this.#spreadMs = [];
    this.#reasons = [];
    return figures;
  }

  #count(tookMs: number): void {
    this.#requests += 1;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
  }

  #because(reason: string): void {
    if (this.#reasons.length < MOST_REASONS) this.#reasons.push(reason);
  }
}

/** The figures in a line. */
export function describeFigures(name: string, figures: PhaseFigures): string {
  const { requests, failed, wrong, cutOff, slowestMs, callsPerRenewal, ticketCalls, spread } = figures;
  return [
    `fleet: ${name}: ${requests} requests, ${failed} failed, ${wrong} wrong signatures, slowest ${slowestMs} ms`,
    ...(cutOff > 0 ? [`${cutOff} cut off by a kill`] : []),
    `${figures.renewals} new tickets, ${ticketCalls} ticket calls (at most ${Math.max(0, ...callsPerRenewal)} from one ticket to the next)`,
    `${figures.tokenCalls} token calls`,
    `new ticket at every replica: median ${spread.medianMs}, p99 ${spread.p99Ms}, at most ${spread.mostMs} ms (${spread.samples} samples)`,
    `longest lock ${figures.longestLockMs} ms`,
    ...figures.reasons,
  ].join('; ');
}
