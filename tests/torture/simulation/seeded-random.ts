// Numbers that look like chance and are the same again for the same seed.

/** A source of drawn numbers. */
export interface SeededRandom {
  /** In [0, 1), like `Math.random`. */
  next(): number;
  /** Anywhere between two numbers. */
  between(least: number, most: number): number;
  /** The same, but each order of magnitude is as likely as the next: for durations of seconds to hours. */
  spread(least: number, most: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of them. */
  pick<T>(from: readonly T[]): T;
}

// Odd constants with well-mixed bits: a step for the counter, and two multipliers that spread each of its bits over all.
const STEP = 0x9e3779b1;
const MIX_ONE = 0x85ebca6b;
const MIX_TWO = 0xc2b2ae35;

/** Draws for `seed`; `purpose` keeps two sources of one seed apart, so that more draws of one do not change the other. */
export function createSeededRandom(seed: number, purpose: string): SeededRandom {
  let state = seed | 0;
  for (const character of purpose) state = Math.imul(state ^ character.codePointAt(0)!, MIX_ONE);

  function next(): number {
    state = (state + STEP) | 0;
    let bits = Math.imul(state ^ (state >>> 16), MIX_ONE);
    bits = Math.imul(bits ^ (bits >>> 13), MIX_TWO);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }

  const between = (least: number, most: number): number => least + next() * (most - least);
  return {
    next,
    between,
    spread: (least, most) => Math.exp(between(Math.log(least), Math.log(most))),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)]!,
  };
}
