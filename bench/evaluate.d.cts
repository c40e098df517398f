import type { MedianWithInterval } from './statistics.cjs';

/** Two contestants and the figure in which they are compared: a key of a window. */
export interface Pair {
  measure: string;
  of: string;
  over: string;
}

/** A required ratio; the median of a run is to reach `least`. */
export interface Target extends Pair {
  name: string;
  least: number;
  goal?: number;
}

export interface JudgedTarget extends Target {
  ratio?: MedianWithInterval;
  ratios?: number[];
  met?: boolean;
}

export interface Evaluation {
  names: string[];
  interval(name: string, measure: string): MedianWithInterval;
  median(name: string, measure: string): number;
  ratio(pair: Pair): MedianWithInterval;
  judge(targets: readonly Target[]): JudgedTarget[];
}

export function createEvaluation(windows: Record<string, readonly Record<string, number>[]>): Evaluation;
