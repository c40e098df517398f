// What can go wrong in a fleet, as a table: how each fault begins, and how it ends.
import type { Fault as PlatformFault } from '../../../src/sandbox/fault';
import type { Fleet, Machine } from './fleet';
import { CALM_NETWORK, type NetworkConditions } from './simulated-network';
import { STORE } from './shared-store';
import { PLATFORM } from './simulated-platform';

/** Which kinds of faults a simulation has. */
export type FaultKind = 'network' | 'store' | 'platform' | 'processes' | 'clocks' | 'death';

/** One fault. */
export interface Fault {
  readonly kind: FaultKind;
  readonly name: string;
  /** Begins; the function it returns, if any, ends it. */
  begin(fleet: Fleet): (() => void) | undefined;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Dead machines come back after a restart in place, or after a new one was found for them. */
const DOWN_MS = { least: 100, most: 10 * MINUTE_MS };

/** What the platform may answer in place of what it should. */
const PLATFORM_FAULTS: readonly PlatformFault[] = [
  { kind: 'http-error' },
  { kind: 'code', code: 1500 },
  { kind: 'code', code: 99991663, msg: 'Invalid access token', endpoint: 'ticket' },
  { kind: 'rate-limit', resetSeconds: 3 },
  { kind: 'rate-limit', resetSeconds: 60, endpoint: 'ticket' },
  { kind: 'html' },
  { kind: 'truncated' },
  { kind: 'fields', fields: { expire_in: '7200' }, endpoint: 'ticket' },
  { kind: 'fields', fields: { ticket: '' }, endpoint: 'ticket' },
  { kind: 'cut' },
  { kind: 'reset' },
  { kind: 'hung' },
  { kind: 'hung', endpoint: 'ticket' },
  { kind: 'slow', delayMs: 2 * SECOND_MS },
  // Just inside the deadline of a call, or outside, depending on the network.
  { kind: 'slow', delayMs: 4_990 },
  { kind: 'slow', delayMs: 20 * SECOND_MS },
];

export const FAULTS: readonly Fault[] = [
  {
    kind: 'network',
    name: 'the network loses, repeats and delays messages',
    begin: (fleet) =>
      withConditions(fleet, {
        leastMs: 1,
        mostMs: fleet.random.spread(100, 3_000),
        loss: fleet.random.between(0.02, 0.5),
        duplication: 0.2,
        stall: 0.1,
        stallMostMs: 30 * SECOND_MS,
      }),
  },
  {
    kind: 'network',
    name: 'the network is slow',
    begin: (fleet) => withConditions(fleet, { ...CALM_NETWORK, leastMs: 50, mostMs: 2_500 }),
  },
  {
    kind: 'network',
    name: 'one replica is cut off from the store',
    begin: (fleet) => cutOff(fleet, [fleet.random.pick(fleet.machines)], STORE),
  },
  {
    kind: 'network',
    name: 'half of the replicas are cut off from the store',
    begin: (fleet) =>
      cutOff(
        fleet,
        fleet.machines.filter((_, index) => index % 2 === 0),
        STORE,
      ),
  },
  {
    kind: 'network',
    name: 'one replica is cut off from the platform',
    begin: (fleet) => cutOff(fleet, [fleet.random.pick(fleet.machines)], PLATFORM),
  },
  {
    kind: 'network',
    name: 'all replicas are cut off from the platform',
    begin: (fleet) => cutOff(fleet, fleet.machines, PLATFORM),
  },
  { kind: 'store', name: 'the store is down', begin: (fleet) => storeState(fleet, 'down') },
  { kind: 'store', name: 'the store hangs', begin: (fleet) => storeState(fleet, 'hung') },
  {
    kind: 'store',
    name: 'the store forgets everything',
    begin(fleet) {
      fleet.flushStore();
      return undefined;
    },
  },
  {
    kind: 'platform',
    name: 'the platform answers wrongly, late or never',
    begin(fleet) {
      const fault = { ...fleet.random.pick(PLATFORM_FAULTS) };
      fleet.trace.say('the platform', `has a fault: ${JSON.stringify(fault)}`);
      return fleet.platform.begin(fault);
    },
  },
  {
    kind: 'processes',
    name: 'a replica is killed',
    begin(fleet) {
      crash(fleet, fleet.random.pick(fleet.machines));
      return undefined;
    },
  },
  {
    kind: 'processes',
    name: 'the process that takes the lock is killed',
    begin(fleet) {
      fleet.onLocked = (machine) => {
        fleet.onLocked = undefined;
        // Before its call, while it is under way, or after.
        fleet.scheduler.after(fleet.random.between(0, 200), () => crash(fleet, machine));
      };
      return () => (fleet.onLocked = undefined);
    },
  },
  {
    kind: 'processes',
    name: 'all replicas are killed at once',
    begin(fleet) {
      for (const machine of fleet.machines) crash(fleet, machine);
      return undefined;
    },
  },
  {
    kind: 'processes',
    name: 'a replica is restarted in good order',
    begin(fleet) {
      const machine = fleet.random.pick(fleet.machines);
      void fleet.close(machine).then(() => fleet.start(machine));
      return undefined;
    },
  },
  {
    kind: 'processes',
    name: 'a replica stands still',
    begin(fleet) {
      const { life } = fleet.random.pick(fleet.machines);
      // Longer than the lease of the lock, some of them.
      life?.process.pause(fleet.random.spread(50, 2 * MINUTE_MS));
      return undefined;
    },
  },
  {
    kind: 'clocks',
    name: 'a clock is set',
    begin(fleet) {
      const aheadMs = fleet.random.spread(500, 3 * HOUR_MS) * (fleet.random.chance(0.5) ? 1 : -1);
      fleet.random.pick(fleet.machines).life?.process.setWall(aheadMs);
      return undefined;
    },
  },
  {
    kind: 'clocks',
    name: 'a machine is suspended',
    begin(fleet) {
      fleet.random.pick(fleet.machines).life?.process.suspend(fleet.random.spread(SECOND_MS, HOUR_MS));
      return undefined;
    },
  },
  {
    kind: 'death',
    name: 'the platform lets every ticket die',
    begin(fleet) {
      fleet.revokeTickets();
      return undefined;
    },
  },
];

function withConditions(fleet: Fleet, conditions: NetworkConditions): () => void {
  fleet.network.conditions = conditions;
  return () => (fleet.network.conditions = CALM_NETWORK);
}

function cutOff(fleet: Fleet, machines: readonly Machine[], from: string): () => void {
  for (const { name } of machines) fleet.network.cut(name, from);
  return () => {
    for (const { name, life } of machines) {
      fleet.network.heal(name, from);
      if (from === STORE && life !== undefined) fleet.store.reconnect(life.process);
    }
  };
}

function storeState(fleet: Fleet, state: 'down' | 'hung'): () => void {
  fleet.store.state = state;
  return () => fleet.store.resume();
}

function crash(fleet: Fleet, machine: Machine): void {
  fleet.crash(machine);
  const { least, most } = DOWN_MS;
  fleet.scheduler.after(fleet.random.spread(least, most), () => fleet.start(machine));
}
