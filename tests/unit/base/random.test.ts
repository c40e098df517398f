// The machine's randomness: numbers in [0, 1), spread over all of it.
import { systemRandom } from '../../../src/base/random';

test('gives numbers from 0 to below 1, in every tenth of it', () => {
  // 1,000 numbers miss one of ten tenths once in over 10^44 runs.
  const numbers = Array.from({ length: 1_000 }, () => systemRandom());
  for (const number of numbers) expect(number >= 0 && number < 1).toBe(true);
  expect(new Set(numbers.map((number) => Math.floor(number * 10))).size).toBe(10);
});
