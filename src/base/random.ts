// Randomness as numbers, for jitter: a parameter wherever it is used, with the machine's as its default.
import { randomBytes } from 'node:crypto';

/** A source of numbers in [0, 1), like `Math.random`. */
export type RandomSource = () => number;

/** 2³², the number of values that four bytes have. */
const UINT32_VALUES = 4_294_967_296;

/** Numbers in [0, 1), spread evenly. */
export const systemRandom: RandomSource = () => randomBytes(4).readUInt32BE() / UINT32_VALUES;
