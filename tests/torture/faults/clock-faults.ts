// This machine's clock: set wrongly, drifting, suspended. The platform's clock stays right.
import { HOUR, type World } from '../../support/world';
import { harmless } from './expectations';
import type { FaultCase, Infliction, Surroundings } from './fault-case';

/** Sets our clock `ms` ahead (negative: back) and leaves the platform's where it is. */
function set({ clock, sandbox }: Pick<Surroundings, 'clock' | 'sandbox'>, ms: number): void {
  clock.setWallBack(-ms);
  sandbox.moveClock(-ms);
}

function jump(ms: number): () => Infliction {
  return () => ({ begin: (around) => set(around, ms), end: (around) => set(around, -ms) });
}

/** Our clock goes wrong by `share` of the time that passes. */
function drift(share: number): () => Infliction {
  return () => {
    let driftedMs = 0;
    let isDrifting = false;
    return {
      begin: () => void (isDrifting = true),
      async pass(world: World, ms: number) {
        // In small steps, as drift does; the wall clock has whole milliseconds.
        for (let leftMs = ms; leftMs > 0; leftMs -= 10_000) {
          const stepMs = Math.min(leftMs, 10_000);
          await world.advance(stepMs);
          const wrongMs = isDrifting ? Math.round(stepMs * share) : 0;
          set(world, wrongMs);
          driftedMs += wrongMs;
        }
      },
      end: (around) => set(around, -driftedMs),
    };
  };
}

/** Three hours of sleep: time passes everywhere but for our timers and the monotonic clock. */
function sleep(): Infliction {
  let isDue = false;
  return {
    begin: () => void (isDue = true),
    async pass(world, ms) {
      if (isDue) world.clock.suspend(3 * HOUR);
      isDue = false;
      await world.advance(ms);
    },
    end: () => undefined,
  };
}

const JUMPED = { msg: 'the clock was set or the machine suspended' };
const IS_OFF = { msg: "this machine's clock differs from the platform's" };

const row = (
  name: string,
  what: string,
  inflict: FaultCase['inflict'],
  expected: FaultCase['expected'],
): FaultCase => ({ name, area: 'clock', what, blocks: false, inflict, expected });

/**
 * One call finds out how old the ticket really is; a jump forward may be a suspended machine, so the time of the platform is
 * unknown until two replies have agreed on it, one second apart: a page in that second may be signed for with a wrong time.
 */
const FORWARD = harmless(
  { cold: IS_OFF, fresh: IS_OFF, renewing: IS_OFF, expired: IS_OFF },
  {
    fresh: { pages: ['signed but 333444', 'signed'], calls: { token: 1, ticket: 1 } },
    renewing: { calls: { token: 1, ticket: 3 } },
    // Ticket and token count as an hour older at once, so each attempt of the outage is for a token.
    expired: { calls: { token: 70, ticket: 1 } },
  },
);

/** Nothing suspends a machine into the past: the platform's time stays known by the monotonic clock. */
const BACK = harmless(
  { cold: IS_OFF, fresh: IS_OFF, renewing: IS_OFF, expired: IS_OFF },
  {
    fresh: { calls: { token: 1, ticket: 1 } },
    renewing: { calls: { token: 1, ticket: 3 } },
  },
);

/** Every 2 s of it look like a jump, to the ticket and to its token: a call each finds out that nothing happened. */
const DRIFT = harmless(
  { cold: JUMPED, fresh: JUMPED, renewing: JUMPED },
  {
    cold: { calls: { token: 3, ticket: 3 } },
    fresh: { calls: { token: 3, ticket: 3 } },
    renewing: { calls: { token: 4, ticket: 4 } },
    expired: { calls: { token: 14, ticket: 40 } },
  },
);

export const clockFaults: readonly FaultCase[] = [
  row('clock-ahead', 'set an hour ahead', jump(HOUR), FORWARD),
  row('clock-back', 'set an hour back', jump(-HOUR), BACK),
  row('clock-back-a-day', 'set a day back', jump(-24 * HOUR), BACK),
  row('clock-drifts-ahead', 'gains a second in two minutes', drift(1 / 120), DRIFT),
  row('clock-drifts-back', 'loses a second in two minutes', drift(-1 / 120), DRIFT),
  row(
    'suspend',
    'the machine is suspended for three hours',
    sleep,
    harmless(
      { cold: JUMPED, fresh: JUMPED, renewing: JUMPED },
      {
        // The ticket has run out meanwhile, and the token with it.
        cold: { calls: { token: 2, ticket: 2 } },
        fresh: { calls: { token: 1, ticket: 1 } },
        renewing: { calls: { token: 1, ticket: 1 } },
        // It slept through the outage, and woke up in it without a token either.
        expired: { calls: { token: 70, ticket: 1 } },
      },
    ),
  ),
];
