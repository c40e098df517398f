// `npm run test:simulation`: runs seeds, or a fleet at its full size, and says how it went.
import { parseArgs } from 'node:util';
import { systemClock } from '../../../src/base/clock';
import { runScale } from './scale';
import { runSeeds } from './run-seeds';

const USAGE = `Simulates fleets of the service, their store, network and platform, in one process on a simulated clock.

  npm run test:simulation                             1,000 seeds
  npm run test:simulation -- --seeds 5000             so many
  npm run test:simulation -- --seed 42                this one alone, with everything that happens
  npm run test:simulation -- --seed 42 --seeds 100    so many, from this one on
  npm run test:simulation -- --replicas 20            fleets of this size; by default 2 to 8
  npm run test:simulation -- --scale                  10,000 replicas of one app for a day, and 100 of 1,000 apps for 4 hours
  npm run test:simulation -- --scale --replicas 500 --apps 200 --hours 3`;

/** A quarter of an hour on a busy machine with two cores would be too long for a habit; this takes some minutes. */
const SEEDS = 1_000;

/** Carries out the command line; resolves with the exit code: 0, 1 for a promise that was broken, 2 for wrong usage. */
export async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const means = {
    clock: systemClock,
    print: (line: string) => console.log(line),
    // A line that is written over again, for whoever looks on.
    ...(process.stdout.isTTY && { showProgress: (line: string) => process.stdout.write(`\r\x1b[2K${line}`) }),
  };
  let unhandled: unknown;
  process.on('unhandledRejection', (reason) => (unhandled ??= reason));
  const takeUnhandled = (): unknown => {
    const taken = unhandled;
    unhandled = undefined;
    return taken;
  };
  if (options.isScale)
    return (await runScale(options, { ...means, memoryBytes: () => process.memoryUsage().rss })) ? 0 : 1;
  return (await runSeeds(options, { ...means, takeUnhandled })) ? 0 : 1;
}

function readOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seeds: { type: 'string' },
        seed: { type: 'string' },
        replicas: { type: 'string' },
        scale: { type: 'boolean' },
        apps: { type: 'string' },
        hours: { type: 'string' },
      },
    });
    const number = (text: string | undefined, least: number): number | undefined => {
      if (text === undefined) return undefined;
      const value = Number(text);
      if (!Number.isSafeInteger(value) || value < least)
        throw new RangeError(`not a number from ${least} on: ${text}`);
      return value;
    };
    const seed = number(values.seed, 0);
    return {
      isScale: values.scale ?? false,
      firstSeed: seed ?? 0,
      seeds: number(values.seeds, 1) ?? (seed === undefined ? SEEDS : 1),
      // One that was asked for by name is shown whole.
      isShown: seed !== undefined && values.seeds === undefined,
      replicas: number(values.replicas, 1),
      apps: number(values.apps, 1),
      hours: number(values.hours, 1),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n`);
    return undefined;
  }
}

interface Options {
  isScale: boolean;
  firstSeed: number;
  seeds: number;
  isShown: boolean;
  replicas: number | undefined;
  apps: number | undefined;
  hours: number | undefined;
}
