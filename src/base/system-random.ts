// The machine's randomness as numbers, the default of whatever jitters.
import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../tickets/renewal-policy';

/** 2³², the number of values that four bytes have. */
const UINT32_VALUES = 4_294_967_296;

/** Numbers in [0, 1), spread evenly. */
export const systemRandom: RandomSource = () => randomBytes(4).readUInt32BE() / UINT32_VALUES;
