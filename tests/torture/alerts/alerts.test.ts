// Which alert reports which outage, and after how long; and that a normal day raises none. ALERTS=full runs all of it, which
// `npm run torture -- alerts` does; otherwise a sample.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless, hasProgram } from '../../support/needs-program';
import { MINUTE, SECOND } from '../../support/world';
import { outages, type Outage } from './outages';
import { manyApps, manyTenants, oneApp } from './stages';
import { watchStage, type Stage, type Watched } from './watch-stage';

const isFull = process.env['ALERTS'] === 'full';
const SAMPLE = ['platform-down-cold', 'clock-slow'];
const README = readFileSync(join(__dirname, '../../../docs/operations/README.md'), 'utf8');
/** Nothing is looked back upon for longer than a quarter of an hour. */
const RESOLVED_WITHIN_MINUTES = 16;
/** A scrape more or less, which is what the jitter of a renewal may make. */
const TOLERANCE_MINUTES = 0.5;
const DAY_MINUTES = 24 * 60;

const minutesOf = (seconds: number): number => (seconds * SECOND) / MINUTE;

/** The row of docs/operations/README.md. */
function row({ what, refusedAfter, alerts }: Outage): string {
  const told = Object.entries(alerts).map(([name, minutes]) => `${name.replace('LarkJsapi', '')} ${minutes}`);
  return `| ${what} | ${refusedAfter ?? 'never'} | ${told.join(', ')} |`;
}

/** A table as the formatter pads it, on one line. */
const unpadded = README.replaceAll(/ +/g, ' ');

const needed = ['promtool', ...(isFull ? ['redis-server'] : [])];
describeUnless(
  needed.some((program) => !hasProgram(program)) ? `${needed.join(' or ')} is not on the PATH` : undefined,
  'the alerts',
  () => {
    test.each(outages.filter(({ name }) => isFull || SAMPLE.includes(name)))(
      'tell of an outage: $name',
      async (outage) => {
        const drama = await outage.set();
        const { beginsAtMinute, minutes } = outage;
        let watched: Watched;
        try {
          watched = await watchStage(drama, {
            minutes: beginsAtMinute + minutes + RESOLVED_WITHIN_MINUTES + 1,
            at: { [beginsAtMinute]: () => drama.begin(), [beginsAtMinute + minutes]: () => drama.end() },
          });
        } finally {
          await drama.close();
        }
        const alerts = watched.alerts
          .map(({ name, fromSeconds, untilSeconds }) => ({
            name,
            after: minutesOf(fromSeconds) - beginsAtMinute,
            resolvedAfter: minutesOf(untilSeconds) - beginsAtMinute - minutes,
          }))
          .toSorted((one, other) => one.after - other.after);
        const [refusedAt] = watched.refusedAtSeconds;
        const refusedAfter = refusedAt === undefined ? undefined : minutesOf(refusedAt) - beginsAtMinute;
        const told = alerts.map(
          ({ name, after, resolvedAfter }) => `${name} after ${after}, until ${resolvedAfter} after its end`,
        );
        process.stdout.write(
          `${outage.name}: ${watched.refusedAtSeconds.length} of ${watched.pages} pages refused, from ${refusedAfter} on; ${told.join('; ')}\n`,
        );

        expect(alerts.map(({ name }) => name).toSorted()).toEqual(Object.keys(outage.alerts).toSorted());
        for (const { name, after, resolvedAfter } of alerts) {
          expect(Math.abs(after - outage.alerts[name]!)).toBeLessThanOrEqual(TOLERANCE_MINUTES);
          expect(resolvedAfter).toBeLessThan(RESOLVED_WITHIN_MINUTES);
        }
        expect(refusedAfter).toBe(outage.refusedAfter);
      },
      120_000,
    );

    test.each<[string, number, () => Promise<Stage>]>(
      isFull
        ? [
            ['one app', DAY_MINUTES, () => oneApp()],
            ['20 apps', DAY_MINUTES, () => manyApps(20)],
            // Each tenant has a page every ten minutes.
            ['a store app with 200 tenants', DAY_MINUTES, () => manyTenants(200, 20)],
          ]
        : // Through the first renewal.
          [['a store app with 5 tenants', 100, () => manyTenants(5, 4)]],
    )(
      'are silent with %s for %d minutes',
      async (_what, minutes, set) => {
        const stage = await set();
        let watched: Watched;
        try {
          watched = await watchStage(stage, { minutes });
        } finally {
          await stage.close();
        }
        process.stdout.write(`${minutes} minutes, ${watched.pages} pages\n`);
        expect(watched.pages).toBeGreaterThan(minutes);
        expect(watched).toMatchObject({ refusedAtSeconds: [], alerts: [] });
      },
      600_000,
    );
  },
);

test('the documentation has a row for each outage', () => {
  for (const outage of outages) expect(unpadded).toContain(row(outage));
});
