// The memory of used signatures: bounded in time and in size.
import { SeenSignatures } from '../../../src/sandbox/seen-signatures';

describe('SeenSignatures', () => {
  it('refuses a key within its life, takes it again afterwards and keeps nothing longer', () => {
    const seen = new SeenSignatures(600_000);
    expect(seen.add('a', 0)).toBe(true);
    expect(seen.add('a', 600_000)).toBe(false);
    expect(seen.add('b', 600_001)).toBe(true);
    expect(seen.size).toBe(1);
    expect(seen.add('a', 600_001)).toBe(true);
  });

  it('judges each key by its own age when the clock was moved back in between', () => {
    const seen = new SeenSignatures(600_000);
    seen.add('late', 5_000_000);
    seen.add('early', 0);
    expect(seen.add('early', 600_001)).toBe(true);
  });

  it('holds at most 100,000 keys', () => {
    const seen = new SeenSignatures(600_000);
    for (let i = 0; i < 100_001; i++) seen.add(`k${i}`, 0);
    expect(seen.size).toBe(100_000);
    expect(seen.add('k100000', 0)).toBe(false);
  });
});
