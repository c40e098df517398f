// The long suites by name: what each is for, what its size counts, and how it is started.
/** One suite. */
export interface Suite {
  readonly what: string;
  /** What `--size` counts, and how much without it; a suite without takes no `--size`. */
  readonly size?: { readonly unit: string; readonly default: number };
  /** Whether it takes `--seed`. */
  readonly isSeeded: boolean;
  /** Options that only this suite has, and what each is for. */
  readonly options?: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly what: string }>>;
  readonly start: InProcess | AsProcess;
}

/** A module whose `run` is a RunSuite; loaded when it is needed, since all of them take seconds. */
interface InProcess {
  readonly module: string;
}

/** A suite that is a program of its own: Node's arguments, and variables in addition to ours. */
export interface AsProcess {
  readonly program: (size: number) => { args: readonly string[]; env?: Readonly<Record<string, string>> };
}

/** A test file in its long form. What it needs must be there, or there is nothing to show. */
function longForm(file: string, env: (size: number) => Record<string, string>): AsProcess {
  return {
    program: (size) => ({
      args: ['node_modules/jest/bin/jest.js', '--runInBand', '--coverage=false', file],
      env: { ...env(size), REQUIRE_ALL: '1' },
    }),
  };
}

export const SUITES: Readonly<Record<string, Suite>> = {
  differential: {
    what: 'random requests over sockets; each reply is compared with a slow rendering of the contract',
    size: { unit: 'requests', default: 100_000 }, // two minutes
    isSeeded: true,
    start: { module: './differential/suite' },
  },
  fuzz: {
    what: 'hostile input to each parser of the service; Chromium judges what was signed',
    size: { unit: 'inputs', default: 2_000_000 }, // half an hour
    isSeeded: true,
    options: { only: { type: 'string', what: 'one target by name' } },
    start: { module: './fuzz/suite' },
  },
  faults: {
    what: 'the fault matrix: each fault at each moment of a ticket’s life',
    isSeeded: false,
    options: {
      only: { type: 'string', what: 'rows or areas by name, comma-separated' },
      moment: { type: 'string', what: 'cold, fresh, renewing, expired, comma-separated' },
      list: { type: 'boolean', what: 'print the rows and end' },
      table: { type: 'string', what: 'write the outcome to this file, as a table in Markdown' },
    },
    start: { module: './faults/suite' },
  },
  simulation: {
    what: 'fleets of replicas, with store, network and platform, on a simulated clock',
    size: { unit: 'seeds', default: 1_000 }, // some minutes
    isSeeded: true,
    options: {
      replicas: { type: 'string', what: 'in each fleet; 2 to 8 without' },
      scale: { type: 'boolean', what: '10,000 replicas of one app for a day, 100 of 1,000 apps for 4 hours' },
      apps: { type: 'string', what: 'with --scale: number of apps' },
      hours: { type: 'string', what: 'with --scale: simulated hours' },
    },
    start: { module: './simulation/suite' },
  },
  soak: {
    what: 'a service process under mixed traffic and random faults; its memory must stay flat',
    size: { unit: 'minutes', default: 3 }, // long enough for every kind of fault
    isSeeded: true,
    options: { write: { type: 'boolean', what: 'write the figures into docs/reliability.md' } },
    start: { module: './soak/suite' },
  },
  mutation: {
    what: 'changes the code in every small way and lists the changes that no test notices',
    isSeeded: false,
    options: {
      only: { type: 'string', what: 'parts by name, comma-separated' },
      groups: { type: 'string', what: 'groups of the parts by number, comma-separated' },
      incremental: { type: 'boolean', what: 'keep the outcome for code and tests that have not changed' },
    },
    start: { program: () => ({ args: ['tests/torture/mutation/run.mjs'] }) },
  },
  alerts: {
    what: 'the alert rules: each outage raises its alert in time, three normal days raise none',
    isSeeded: false,
    start: longForm('tests/torture/alerts', () => ({ ALERTS: 'full' })),
  },
  fleet: {
    what: '8 processes on one Redis and one platform for a quarter of an hour',
    isSeeded: false,
    start: longForm('tests/process/fleet', () => ({ FLEET: 'full' })),
  },
  rolling: {
    what: 'rolling updates under load, also with 300 apps and the memory store',
    size: { unit: 'restarts', default: 20 },
    isSeeded: false,
    start: longForm('tests/process/rolling-restart', (restarts) => ({
      ROLLING_RESTARTS: String(restarts),
      ROLLING_APPS: '300',
      ROLLING_LATENCIES_MS: '200,800',
    })),
  },
};
