// How the benchmark judges: ratios per pair, targets by their median.
import { createEvaluation, type Target } from '../../../bench/evaluate.cjs';

const windows = {
  ours: [{ rps: 100 }, { rps: 10 }, { rps: 50 }],
  // Half of ours in every round, though the machine slowed to a tenth in the second.
  usual: [{ rps: 50 }, { rps: 5 }, { rps: 25 }],
};
const target = (least: number, over = 'usual'): Target => ({
  name: 't',
  measure: 'rps',
  of: 'ours',
  over,
  least,
});

test('ratios are taken per pair', () => {
  expect(createEvaluation(windows).ratio({ measure: 'rps', of: 'ours', over: 'usual' })).toEqual({
    median: 2,
    low: 2,
    high: 2,
  });
});

test.each([
  [1.9, true],
  [2, true],
  [2.1, false],
])('a target of at least %d is met: %s', (least, met) => {
  expect(createEvaluation(windows).judge([target(least)])).toEqual([
    expect.objectContaining({ met, ratios: [2, 2, 2] }),
  ]);
});

test('a target whose contestant took no part is neither met nor missed', () => {
  const [judged] = createEvaluation(windows).judge([target(1, 'router')]);
  expect(judged).toEqual(target(1, 'router'));
});

test('figures of one contestant', () => {
  const evaluation = createEvaluation(windows);
  expect(evaluation.names).toEqual(['ours', 'usual']);
  expect(evaluation.median('ours', 'rps')).toBe(50);
  expect(evaluation.interval('ours', 'rps')).toMatchObject({ median: 50, low: 10, high: 100 });
});
