/** Numbers in [0, 1); the same ones for the same seed. */
export function createSeededRandom(seed: number): () => number;
