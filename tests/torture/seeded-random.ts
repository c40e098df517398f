// Choices that look like chance and are the same again for the same seed.
import { createSeededRandom as createNumbers } from '../../bench/seeded-random.cjs';

/** A source of drawn numbers. */
export interface SeededRandom {
  /** In [0, 1), like `Math.random`. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** Anywhere between two numbers. */
  between(min: number, max: number): number;
  /** The same, but each order of magnitude is as likely as the next: for durations of seconds to hours. */
  spread(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of them. */
  pick<T>(from: readonly T[]): T;
}

/** Draws for `seed`; `purpose` keeps two sources of one seed apart, so that more draws of one do not change the other. */
export function createSeededRandom(seed: number, purpose: string): SeededRandom {
  const next = createNumbers(seed, purpose);
  const below = (limit: number): number => Math.floor(next() * limit);
  const between = (min: number, max: number): number => min + next() * (max - min);
  return {
    next,
    below,
    between,
    spread: (min, max) => Math.exp(between(Math.log(min), Math.log(max))),
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!,
  };
}
