// The benchmark's statistics.
import { createSeededRandom } from '../../../bench/seeded-random.cjs';
import { bootstrapMedian, median, percentile } from '../../../bench/statistics.cjs';

/** 0, 1, … 100 in no particular order. */
const hundredAndOne = Array.from({ length: 101 }, (_, index) => (index * 37) % 101);

describe('median', () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing there is none', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  test('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('percentile', () => {
  test.each([
    [0, 0],
    [50, 50],
    [99, 99],
    [100, 100],
  ])('%d of 0 … 100 is %d', (percent, expected) => {
    expect(percentile(hundredAndOne, percent)).toBe(expected);
  });

  test('lies between two neighbours in proportion', () => {
    expect(percentile([10, 20], 25)).toBeCloseTo(12.5);
  });
});

describe('bootstrapMedian', () => {
  const interval = (values: number[], seed = 7) =>
    bootstrapMedian(values, { random: createSeededRandom(seed), resamples: 1_000 });

  test('holds the median of the values between its ends', () => {
    const { low, median: middle, high } = interval(hundredAndOne);
    expect(middle).toBe(50);
    expect(low).toBeLessThan(50);
    expect(high).toBeGreaterThan(50);
  });

  test('is as wide as the order statistics of a median say', () => {
    // For 101 values the 95 % interval of the median lies about ±1.96·√101/2 ≈ ±9.8 ranks around the middle.
    const { low, high } = interval(hundredAndOne);
    expect(low).toBeGreaterThan(37);
    expect(low).toBeLessThan(43);
    expect(high).toBeGreaterThan(57);
    expect(high).toBeLessThan(63);
  });

  test('is a point when every value is the same', () => {
    expect(interval([2, 2, 2])).toEqual({ median: 2, low: 2, high: 2 });
  });

  test('holds the true median in about 95 % of samples', () => {
    const random = createSeededRandom(11);
    const samples = Array.from({ length: 300 }, () => Array.from({ length: 21 }, random));
    const holding = samples.filter((values) => {
      const { low, high } = bootstrapMedian(values, { random, resamples: 200 });
      return low <= 0.5 && 0.5 <= high;
    });
    expect(holding.length / samples.length).toBeGreaterThan(0.91);
    expect(holding.length / samples.length).toBeLessThan(0.99);
  });

  test('is repeated by the same seed, and not by another', () => {
    const values = Array.from({ length: 20 }, createSeededRandom(3));
    // So few draws that chance shows in their ends.
    const rough = (seed: number) =>
      bootstrapMedian(values, { random: createSeededRandom(seed), resamples: 10 });
    expect(rough(1)).toEqual(rough(1));
    expect(rough(1)).not.toEqual(rough(2));
  });
});

describe('createSeededRandom', () => {
  test('fills [0, 1) evenly', () => {
    const random = createSeededRandom(5);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? NaN) + 1;
    }
    // Six standard deviations, of 30 each.
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(180);
  });
});
