// `npm run torture -- simulation`: seeds one after the other, or a fleet at its full size.
import { systemClock } from '../../../src/base/clock';
import { readCount, type RunSuite } from '../suite';
import { runScale } from './scale';
import { runSeeds } from './run-seeds';

export const run: RunSuite = async ({ seed, size, options, print, onProgress }) => {
  const count = (name: string): number | undefined => {
    const text = options[name];
    return typeof text === 'string' ? readCount(`--${name}`, text, 1) : undefined;
  };
  const replicas = count('replicas');
  if (options['scale'])
    return runScale(
      { replicas, apps: count('apps'), hours: count('hours') },
      { clock: systemClock, print, memoryBytes: () => process.memoryUsage().rss },
    );
  let unhandled: unknown;
  process.on('unhandledRejection', (reason) => (unhandled ??= reason));
  const takeUnhandled = (): unknown => {
    const taken = unhandled;
    unhandled = undefined;
    return taken;
  };
  return runSeeds(
    // A single seed is shown whole.
    { firstSeed: seed, seeds: size, replicas, isShown: size === 1 },
    { print, onProgress, takeUnhandled },
  );
};
