// Gathers findings: one of a code, the strongest first; and marks where two texts differ, which is their evidence.
import { FINDINGS, type FindingCode } from './findings';
import type { Evidence, Finding, Marked, Strength } from './types';

const STRENGTHS: readonly Strength[] = ['proved', 'alternative', 'shown', 'possible'];

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

/**
 * Where two texts differ: each cut in three, of which the first and the last are what they have in common. Characters are kept whole: no
 * surrogate pair is cut.
 */
export function difference(signed: string, expected: string): { signed: Marked; expected: Marked } {
  const [a, b] = [Array.from(signed), Array.from(expected)];
  const limit = Math.min(a.length, b.length);
  let start = 0;
  while (start < limit && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < limit - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const mark = (text: string[]): Marked => [
    text.slice(0, start).join(''),
    text.slice(start, text.length - end).join(''),
    text.slice(text.length - end).join(''),
  ];
  return { signed: mark(a), expected: mark(b) };
}
