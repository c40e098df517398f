// The fault matrix: every row of it.
import { clockFaults } from './clock-faults';
import type { FaultCase, Moment } from './fault-case';
import type { Observation } from './observation';
import { fileStoreFaults } from './file-store-faults';
import { platformFaults } from './platform-faults';
import type { ProcessCase } from './process-case';
import { processFaults } from './process-faults';
import { redisStoreFaults } from './redis-store-faults';
import { runCell } from './run-cell';
import { runProcessCell } from './run-process-cell';
import { wayFaults } from './way-faults';

export type Row = FaultCase | ProcessCase;

export const matrix: readonly Row[] = [
  ...platformFaults,
  ...wayFaults,
  ...fileStoreFaults,
  ...redisStoreFaults,
  ...clockFaults,
  ...processFaults,
];

/** Runs one cell of a row. */
export function runRow(row: Row, moment: Moment): Promise<Observation> {
  return 'inflict' in row ? runCell(row, moment) : runProcessCell(row, moment);
}

/** How many cells of a row may run at the same time: processes have their own time to wait for, the rest is bound to the CPU. */
export function cellsAtOnce(row: Row): number {
  return 'inflict' in row ? 1 : 4;
}
