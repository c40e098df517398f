/** A median and the interval in which it lies. */
export interface MedianWithInterval {
  median: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Numbers in [0, 1). */
  random: () => number;
  /** Default 10,000. */
  resamples?: number;
  /** Default 0.95. */
  confidence?: number;
}

export function percentile(values: readonly number[], percent: number): number;
export function median(values: readonly number[]): number;
export function bootstrapMedian(values: readonly number[], options: BootstrapOptions): MedianWithInterval;
