// A fault that needs a process of its own: what is inflicted on it from outside, on the machine's own clock.
import type { RunningProcess } from '../../support/run-main';
import type { FaultCase } from './fault-case';

/** A service as a process, and where it is. */
export interface Victim {
  readonly process: RunningProcess;
  readonly pid: number;
  readonly baseUrl: string;
  /** Everything it has logged. */
  log(): string;
}

export interface ProcessInfliction {
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard output goes; default: to us. */
  readonly logFile?: string;
  readonly begin: (victim: Victim) => unknown;
  readonly end: (victim: Victim) => unknown;
  readonly isMended?: (victim: Victim) => boolean | Promise<boolean>;
}

/** A row of the matrix that runs as a process. */
export interface ProcessCase extends Pick<FaultCase, 'name' | 'area' | 'what' | 'needs' | 'expected'> {
  readonly inflictOnProcess: () => ProcessInfliction;
}
