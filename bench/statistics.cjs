// The statistics of the benchmark: percentiles, and the bootstrap interval of a median.
'use strict';

/** Sorted as numbers, in a copy. */
const ascending = (values) => Float64Array.from(values).sort();

/** The value below which `percent` % of the values lie, interpolated between its neighbours. Throws RangeError without values. */
function percentile(values, percent) {
  if (values.length === 0) throw new RangeError('There is no percentile of no values.');
  return ofSorted(ascending(values), percent);
}

function ofSorted(sorted, percent) {
  const position = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** The middle value, or the mean of the two in the middle. Throws RangeError without values. */
function median(values) {
  return percentile(values, 50);
}

/**
 * The interval in which the median lies with `confidence`, by the percentile bootstrap: the medians of `resamples` draws with
 * replacement, of as many values each. It assumes nothing about how the values are spread.
 */
function bootstrapMedian(values, { random, resamples = 10_000, confidence = 0.95 }) {
  const medians = Array.from({ length: resamples }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)])),
  );
  const tailPercent = ((1 - confidence) / 2) * 100;
  return {
    median: median(values),
    low: percentile(medians, tailPercent),
    high: percentile(medians, 100 - tailPercent),
  };
}

module.exports = { percentile, median, bootstrapMedian };
