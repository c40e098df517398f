// From windows to figures: medians with their intervals, ratios per pair, and which targets are met.
'use strict';
const { createSeededRandom } = require('./seeded-random.cjs');
const { bootstrapMedian, median } = require('./statistics.cjs');

/** The intervals of one run are the same whenever they are computed. */
const SEED = 20;

/** `windows` maps a contestant's name to its windows, the n-th of each measured in the n-th round. */
function createEvaluation(windows) {
  const interval = (values) => bootstrapMedian(values, { random: createSeededRandom(SEED) });
  const valuesOf = (name, measure) => windows[name].map((window) => window[measure]);

  /** Per round, so that what slows the machine for a while slows both. */
  function ratios({ measure, of, over }) {
    const denominators = valuesOf(over, measure);
    return valuesOf(of, measure).map((value, round) => value / denominators[round]);
  }

  return {
    names: Object.keys(windows),
    interval: (name, measure) => interval(valuesOf(name, measure)),
    median: (name, measure) => median(valuesOf(name, measure)),
    ratio: (pair) => interval(ratios(pair)),
    /** Each target with its `ratio` and whether it is `met`: none of them when a contestant of it took no part. */
    judge: (targets) =>
      targets.map((target) => {
        if (!windows[target.of] || !windows[target.over]) return target;
        const ratio = interval(ratios(target));
        return { ...target, ratio, met: ratio.median >= target.least };
      }),
  };
}

module.exports = { createEvaluation };
