// Randomness as numbers, for jitter: a parameter wherever it is used, with the machine's as its default.

/** A source of numbers in [0, 1). */
export type RandomSource = () => number;

/** The machine's own. Predictable, which jitter may be; nonces come from `node:crypto`. */
export const systemRandom: RandomSource = Math.random;
