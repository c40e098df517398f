// Feeds inputs from a seed to every part of the service that takes them from outside, and compares the outcome with what must
// never happen: a failure that is not documented, a crash, work without end, a secret told, a signature for a stranger.
import { minCpuMs } from '../../support/min-cpu-ms';
import { createSeededRandom } from '../seeded-random';
import { createAppsFileTarget } from './apps-file-target';
import { createEndpointTarget } from './endpoint-target';
import { createEventTarget } from './event-target';
import { createExplainTarget } from './explain-target';
import type { FuzzTarget, Input } from './fuzz-target';
import { minimise } from './minimise';
import { createPlatformTarget } from './platform-target';
import { createSocketTarget } from './socket-target';
import { createStoreTarget } from './store-target';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** The name of one target; all by default, each with its share. */
  readonly only?: string | undefined;
  /** Called now and then, with how many inputs are done and the target that is running. */
  readonly onProgress?: (done: number, target: string) => void;
}

export interface TargetReport {
  readonly target: string;
  readonly inputs: number;
  readonly seconds: number;
  /** Of a single input, in milliseconds: of time, or, when that looked slow, of CPU, the least of some repeats. */
  readonly slowestMs: number;
}

export interface FuzzReport {
  readonly targets: readonly TargetReport[];
  /** The input, made smaller, and its outcome; at most a few. */
  readonly failures: readonly string[];
  /** Pages that were signed for, for a browser to judge. */
  readonly pages: readonly string[];
}

/** What no input may cost, in milliseconds of CPU: far more than any takes, far less than what one would attack with. */
const MAX_CPU_MS = 20;
/** What else the machine does, and what V8 compiles, falls on some of them; an input that is slow by itself is slow every time. */
const REPEATS = 20;
/** No input waits for anything; a busy machine may be busy for a while. */
const MAX_WAIT_MS = 20_000;
/** One cause makes many failures. */
const MAX_FAILURES = 5;
/** Seldom enough to cost nothing. */
const TELL_EVERY = 200;

/** Every target, in the order in which they run. */
export const TARGETS = {
  endpoint: createEndpointTarget,
  events: createEventTarget,
  'apps file': createAppsFileTarget,
  explain: createExplainTarget,
  stores: createStoreTarget,
  'platform replies': createPlatformTarget,
  sockets: createSocketTarget,
} satisfies Record<string, () => FuzzTarget | Promise<FuzzTarget>>;

/** Runs every target's part of the inputs. */
export async function runFuzz({ inputs, seed, only, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const targets: TargetReport[] = [];
  const failures: string[] = [];
  const pages: string[] = [];
  const stray: unknown[] = [];
  const onStray = (error: unknown): void => void stray.push(error);
  process.on('unhandledRejection', onStray).on('uncaughtException', onStray);
  let done = 0;
  try {
    for (const [name, create] of Object.entries(TARGETS)) {
      if (only !== undefined && name !== only) continue;
      const target = await create();
      const count = only === undefined ? Math.round(inputs * target.share) : inputs;
      // Draws of its own, so that one target alone gets the inputs that it gets among the others.
      const dice = createSeededRandom(seed, name);
      const startedMs = performance.now();
      let slowestMs = 0;
      let mine = 0;
      for (let index = 0; index < count && mine < MAX_FAILURES; index += 1) {
        const input = target.make(dice);
        const { fault, cpuMs } = await feed(target, input);
        slowestMs = Math.max(slowestMs, cpuMs);
        const found = fault ?? (stray.length > 0 ? `not caught: ${describe(stray.splice(0)[0])}` : undefined);
        if (found !== undefined) {
          mine += 1;
          failures.push(await tell(target, input, found, `input ${index + 1} of seed ${seed}`));
        }
        done += 1;
        if (done % TELL_EVERY === 0) {
          onProgress?.(done, name);
          // What a target has left to the event loop shows here.
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      targets.push({
        target: name,
        inputs: count,
        seconds: (performance.now() - startedMs) / 1_000,
        slowestMs,
      });
      if ('list' in target) pages.push(...(target as { list: string[] }).list);
      await target.close?.();
    }
  } finally {
    process.off('unhandledRejection', onStray).off('uncaughtException', onStray);
  }
  return { targets, failures, pages };
}

/** Runs an input; a slow one again, by the CPU's time and without what else the machine does. */
async function feed(target: FuzzTarget, input: Input): Promise<{ fault: string | undefined; cpuMs: number }> {
  const startedMs = performance.now();
  const fault = await attempt(target, input);
  const wallMs = performance.now() - startedMs;
  // No input can have had more of the CPU than time has passed, on one thread.
  if (fault !== undefined || wallMs <= MAX_CPU_MS) return { fault, cpuMs: wallMs };
  const cpuMs = await minCpuMs(() => attempt(target, input), { runs: REPEATS, enoughMs: MAX_CPU_MS });
  return { fault: cpuMs > MAX_CPU_MS ? `takes ${cpuMs.toFixed(1)} ms of CPU` : undefined, cpuMs };
}

async function attempt(target: FuzzTarget, input: Input): Promise<string | undefined> {
  let guard: NodeJS.Timeout | undefined;
  try {
    const running = target.run(input);
    if (!(running instanceof Promise)) return running;
    const late = new Promise<string>((resolve) => {
      guard = setTimeout(() => resolve('does not end'), MAX_WAIT_MS);
    });
    return await Promise.race([running, late]);
  } catch (error) {
    return `threw ${describe(error)}`;
  } finally {
    clearTimeout(guard);
  }
}

async function tell(target: FuzzTarget, input: Input, fault: string, where: string): Promise<string> {
  // The kind of fault is in its first words; what follows quotes the input.
  const kind = fault.slice(0, 12);
  const smaller = await minimise(
    input,
    async (each) => (await feed(target, each)).fault?.startsWith(kind) === true,
  );
  const { fault: left = fault } = await feed(target, smaller);
  return `${target.name}, ${where}: ${left.slice(0, 2_000)}\n  ${JSON.stringify(smaller).slice(0, 4_000)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
