// Proof that a fleet shares its tickets: real processes, one Redis, and what goes wrong with both. FLEET=full runs it at length.
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFleetPlatform, Fleet, freePort, isReady, serviceEnv, signOnce } from '../support/fleet';
import { describeFigures, type PhaseFigures } from '../support/fleet-figures';
import { describeWith } from '../support/needs-program';
import { RedisServer } from '../support/redis-server';
import { command } from '../support/redis-stores';
import { runMain } from '../support/run-main';
import { waitUntil } from '../support/wait-until';

const isFull = process.env['FLEET'] === 'full';
/** The keeper's lease. */
const LEASE_MS = 15_000;
/** How far looks at the lock, and a busy machine, may be off. */
const LOOK_MS = 1_000;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What has to hold in every phase. */
function expectNoHarm({ failed, wrong, requests, reasons, longestLockMs }: PhaseFigures): void {
  expect({ failed, wrong, reasons }).toEqual({ failed: 0, wrong: 0, reasons: [] });
  expect(requests).toBeGreaterThan(50);
  expect(longestLockMs).toBeLessThan(LEASE_MS + LOOK_MS);
}

describeWith('redis-server', 'a fleet on one Redis', () => {
  const replicas = isFull ? 8 : 4;
  let redis: RedisServer;
  let fleet: Fleet;

  async function start(ticketLifeSeconds: number): Promise<PhaseFigures> {
    redis = await RedisServer.start();
    fleet = await Fleet.start({
      replicas,
      redis,
      ticketLifeSeconds,
      requestsPerSecond: isFull ? 200 : 60,
    });
    return report(`${replicas} processes start at once`);
  }

  function report(phase: string): PhaseFigures {
    const figures = fleet.figures.take();
    say(describeFigures(phase, figures));
    return figures;
  }

  afterEach(async () => {
    const lines = await fleet.close();
    await redis.stop();
    if (lines.length > 0)
      say(`fleet: told by the processes:\n${[...new Set(lines)].slice(0, 20).join('\n')}`);
  }, 60_000);

  test(
    'makes one ticket call a renewal, and every replica signs with the new ticket at once',
    async () => {
      const cold = await start(8);
      expect(cold.ticketCalls).toBe(1);
      const renewals = isFull ? 24 : 2;
      let done = 0;
      await fleet.renewals(renewals, () => {
        done += 1;
        if (isFull && done % 4 === 0) say(`fleet: ${done} of ${renewals} renewals`);
      });
      const figures = report('undisturbed');
      expectNoHarm(figures);
      expect(figures.callsPerRenewal).toEqual(Array.from({ length: figures.renewals }, () => 1));
      expect(figures.renewals).toBeGreaterThanOrEqual(renewals);
      // Half a second, on a busy machine: a page in between gets a signature with the old ticket, which is valid.
      expect(figures.spread.p99Ms).toBeLessThan(500);
    },
    isFull ? 600_000 : 60_000,
  );
});
