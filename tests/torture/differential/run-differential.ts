// Sends random requests to running services and holds every reply against the oracle's; a seed gives the same requests again.
import { createSeededRandom, type SeededRandom } from '../seeded-random';
import { compare, createMemory, HUSH, type Memory } from './compare';
import { Oracle } from './oracle';
import { randomBroken, randomRequest } from './random-requests';
import { header } from './read-parameters';
import { RawConnection } from './raw-connection';
import { startSetUps, type SetUp } from './set-ups';
import { serialise, type BrokenMessage, type WireRequest } from './wire-request';

export interface DifferentialOptions {
  readonly requests: number;
  readonly seed: number;
  /** Called after every connection. */
  readonly onProgress?: (done: number) => void;
}

/** The outcome of a run. */
export interface DifferentialReport {
  readonly requests: number;
  readonly connections: number;
  /** Replies by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What was sent, what was wrong; at most a few. */
  readonly differences: readonly string[];
}

type Message = WireRequest | BrokenMessage;

/** One cause makes many differences: more than these tell nothing new. */
const MAX_DIFFERENCES = 10;
/** Up to as many requests on one connection. */
const MAX_PER_CONNECTION = 9;
/** Between two connections time moves by up to this, so that a client now and then reaches its limit. */
const MAX_PAUSE_MS = 1_200;

/** Runs until `requests` were sent, or the differences are enough. */
export async function runDifferential(options: DifferentialOptions): Promise<DifferentialReport> {
  const { requests, seed, onProgress } = options;
  const dice = createSeededRandom(seed, 'requests');
  const setUps = await startSetUps();
  const lanes = setUps.map((setUp) => ({
    setUp,
    oracle: new Oracle(setUp.facts, setUp),
    memory: createMemory(),
  }));
  const statuses = new Map<number, number>();
  const differences: string[] = [];
  let sent = 0;
  let connections = 0;
  try {
    while (sent < requests && differences.length < MAX_DIFFERENCES) {
      const { setUp, oracle, memory } = dice.pick(lanes);
      const bursts = randomBursts(dice, setUp);
      await talk(bursts, setUp, oracle, memory, (status, faults, message) => {
        sent += 1;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (faults.length > 0)
          differences.push(`request ${sent} of seed ${seed}: ${describe(message)}\n  ${faults.join('\n  ')}`);
      });
      connections += 1;
      differences.push(...faultsOfLog(setUp));
      onProgress?.(sent);
      await setUp.world.advance(dice.below(MAX_PAUSE_MS));
    }
  } finally {
    for (const { world } of setUps) await world.close();
  }
  return { requests: sent, connections, statuses, differences };
}

/**
 * The messages of a connection, in groups that are written in one go. Requests of a group are taken up at once, so that one
 * whose body is still read is counted after those behind it: a POST therefore ends its group, but for a broken message.
 */
function randomBursts(dice: SeededRandom, { facts }: SetUp): Message[][] {
  const left = 1 + dice.below(MAX_PER_CONNECTION);
  const bursts: Message[][] = [[]];
  const isPipelined = dice.chance(0.5);
  for (let at = 1; at <= left; at += 1) {
    const isLast = at === left;
    const message =
      isLast && dice.chance(0.08) ? randomBroken(dice, facts) : randomRequest(dice, facts, { isLast });
    // A client that expects a "100 Continue" waits for it; behind other requests there is none, and the connection ends.
    if ('method' in message && header(message, 'expect') === '100-continue' && bursts.at(-1)?.length !== 0)
      bursts.push([]);
    bursts.at(-1)?.push(message);
    const mayGoOn = isPipelined && !('method' in message && message.method === 'POST');
    if (!isLast && (!mayGoOn || dice.chance(0.3))) bursts.push([]);
  }
  return bursts;
}

async function talk(
  bursts: Message[][],
  setUp: SetUp,
  oracle: Oracle,
  memory: Memory,
  tell: (status: number, faults: string[], message: Message) => void,
): Promise<void> {
  const connection = await RawConnection.open(setUp.port);
  try {
    for (const burst of bursts) {
      connection.write(Buffer.concat(burst.map((each) => ('method' in each ? serialise(each) : each.bytes))));
      for (const message of burst) {
        const request = 'method' in message ? message : undefined;
        const expected = 'method' in message ? oracle.answer(message) : oracle.refuse(message);
        const reply = await connection
          .read(request?.method ?? 'GET')
          .catch((error: unknown) => error as Error);
        if (reply === undefined || reply instanceof Error) {
          tell(0, [reply?.message ?? 'no reply'], message);
          return;
        }
        const faults = compare(expected, reply, request, setUp, memory);
        const isLast = reply.headers.some(([name, value]) => name === 'Connection' && value === 'close');
        if (isLast && !(await connection.isEndedCleanly()))
          faults.push(`more than was asked for: ${connection.rest}`);
        tell(reply.status, faults, message);
        if (isLast) return;
      }
    }
  } finally {
    connection.close();
  }
}

/** No log line holds a ticket or the query of a page URL; the lines are released. */
function faultsOfLog(setUp: SetUp): string[] {
  const secrets = [HUSH, ...setUp.facts.apps.flatMap(({ appId }) => setUp.ticketsOf(appId))];
  const lines = setUp.world.logLines.splice(0);
  return lines
    .filter((line) => secrets.some((secret) => line.includes(secret)))
    .map((line) => `a secret in the log: ${line}`);
}

function describe(message: Message): string {
  const bytes = 'method' in message ? serialise(message) : message.bytes;
  // As much as fits a terminal; the seed has the rest.
  return JSON.stringify(bytes.toString('latin1').slice(0, 1_500));
}
