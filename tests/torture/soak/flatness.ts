// Whether a figure of a process stays where it is while requests pass: a line through its samples, by least squares.

/** What was read of the service at one moment. */
export interface Sample {
  /** Requests answered by then. */
  readonly requests: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly fileDescriptors: number;
  readonly handles: number;
  /** The 99th percentile of the event loop's delay since the sample before. */
  readonly lagP99Seconds: number;
}

/** A figure that has to stay flat. */
export interface Flatness {
  readonly name: string;
  readonly unit: string;
  /** What it grows by in a million requests, over the second half of the run. */
  readonly perMillion: number;
  /** What it may grow by. */
  readonly limitPerMillion: number;
  readonly mean: number;
  readonly isJudged: boolean;
  readonly isFlat: boolean;
}

/** A run shorter than this is not judged: in it the heap's saw-tooth is steeper than any leak worth finding. */
export const MIN_JUDGED_REQUESTS = 1_000_000;

const MEGABYTE = 1_000_000;

const FIGURES = [
  // 8 bytes a request: a single pointer that is kept for each.
  { name: 'resident memory', unit: 'MB', limitPerMillion: 8, read: (s: Sample) => s.rssBytes / MEGABYTE },
  { name: 'heap in use', unit: 'MB', limitPerMillion: 8, read: (s: Sample) => s.heapBytes / MEGABYTE },
  // Connections come and go with the load and the scrapes; one leaked in 5,000 requests, each connection's life, would be 200.
  { name: 'file descriptors', unit: '', limitPerMillion: 5, read: (s: Sample) => s.fileDescriptors },
  { name: 'active handles', unit: '', limitPerMillion: 5, read: (s: Sample) => s.handles },
  // What a page would notice, gained in a run of five million.
  {
    name: 'event-loop lag, p99',
    unit: 'ms',
    limitPerMillion: 10,
    read: (s: Sample) => s.lagP99Seconds * 1e3,
  },
] as const;

/** Every figure's slope over the second half of `samples`, which are in order and of one process there. */
export function judgeFlatness(samples: readonly Sample[]): Flatness[] {
  const last = samples.at(-1)?.requests ?? 0;
  const half = samples.filter(({ requests }) => requests >= last / 2);
  const isJudged = last >= MIN_JUDGED_REQUESTS;
  return FIGURES.map(({ name, unit, limitPerMillion, read }) => {
    const { slope, mean } = leastSquares(half.map((sample) => [sample.requests / 1e6, read(sample)]));
    return {
      ...{ name, unit, limitPerMillion, mean, perMillion: slope, isJudged },
      isFlat: !isJudged || slope <= limitPerMillion,
    };
  });
}

/** The line nearest to the points; a slope of 0 for fewer than two. */
export function leastSquares(points: readonly (readonly [x: number, y: number])[]): {
  slope: number;
  mean: number;
} {
  const meanOf = (of: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[of], 0) / Math.max(1, points.length);
  const [meanX, mean] = [meanOf(0), meanOf(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return { slope: variance === 0 ? 0 : covariance / variance, mean };
}
