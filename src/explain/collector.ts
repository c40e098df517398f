// Gathers findings: one of a code, the strongest first.
import { FINDINGS, type FindingCode } from './findings';
import type { Evidence, Finding, Strength } from './types';

const STRENGTHS: readonly Strength[] = ['proved', 'shown', 'possible'];

/** A list of findings that grows. */
export class Collector {
  readonly #findings = new Map<FindingCode, Finding>();

  /** Adds a finding; one that is there already keeps its strength and its evidence. */
  add(code: FindingCode, strength: Strength, ...evidence: Evidence[]): void {
    if (!this.#findings.has(code)) this.#findings.set(code, { code, strength, ...FINDINGS[code], evidence });
  }

  /** Whether one is more than possible. */
  get hasFirm(): boolean {
    return [...this.#findings.values()].some(({ strength }) => strength !== 'possible');
  }

  /** By strength, then in the order in which they were added. */
  sorted(): Finding[] {
    const rank = ({ strength }: Finding): number => STRENGTHS.indexOf(strength);
    return [...this.#findings.values()].sort((a, b) => rank(a) - rank(b));
  }
}
