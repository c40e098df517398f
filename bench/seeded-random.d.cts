/**
 * Numbers in [0, 1); the same ones for the same 32-bit seed. `purpose` keeps two sources of one seed apart, so that more draws of
 * one do not change the other.
 */
export function createSeededRandom(seed: number, purpose?: string): () => number;
