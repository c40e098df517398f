// A few seeds of the simulation, each profile once or twice; `npm run torture -- simulation` runs thousands.
import { runSeeds } from './run-seeds';
import { simulateScale } from './scale';
import { PROFILE_NAMES, simulate } from './simulate';

/** Two of each profile, some seconds together. */
const SEEDS = 2 * PROFILE_NAMES.length;

test.each(
  Array.from({ length: SEEDS }, (_, seed) => [PROFILE_NAMES[seed % PROFILE_NAMES.length]!, seed] as const),
)('a fleet keeps its promises, and agrees on one ticket after the faults: %s, seed %d', async (_, seed) => {
  const { broken, trace } = await simulate({ seed });
  // The trace is what a failure is understood by.
  if (broken !== undefined) throw new Error([...trace.slice(-40), broken].join('\n'));
});

test('a seed is the same simulation every time', async () => {
  const seed = PROFILE_NAMES.indexOf('everything');
  const [one, other] = [await simulate({ seed, traceAll: true }), await simulate({ seed, traceAll: true })];
  expect(one.faults).toBeGreaterThan(10);
  expect(other).toEqual(one);
});

test('a seed that fails tells what happened and how to see it again', async () => {
  const lines: string[] = [];
  const { isGood } = await runSeeds(
    { firstSeed: 0, seeds: 2, replicas: 2, isShown: false },
    { print: (line) => lines.push(line), takeUnhandled: () => 'refused' },
  );
  expect(isGood).toBe(false);
  expect(lines.join('\n')).toMatch(/^\d:\d\d:\d\d\.\d{3} {2}replica-1 +ends in good order$/m);
  expect(lines.at(-2)).toBe("seed 0 (calm, 2 replicas): a rejection without a handler: 'refused'");
  expect(lines.at(-1)).toBe('again: npm run torture -- simulation --seed 0 --size 1 --replicas 2');
});

test('a large fleet makes one ticket call a renewal, and no more token calls than that', async () => {
  const { renewals, ticketCalls, tokenCalls, spreadMs } = await simulateScale({
    replicas: 600,
    apps: 1,
    hours: 4,
  });
  expect(renewals).toBe(2);
  expect(ticketCalls).toBe(renewals + 1);
  expect(tokenCalls).toBeLessThanOrEqual(ticketCalls);
  expect(spreadMs).toHaveLength(600 * renewals);
  // Told, asked and answered: three messages of 30 ms, and the store's other work.
  expect(spreadMs.at(-1)).toBeLessThan(200);
});
