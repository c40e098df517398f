// Whether a renewal is felt: latency of an open loop at a third of the service's capacity, around ticket calls and before them.
import { startRunner } from '../world.mjs';
import { chooseRate, compareWindows, sendAtRate } from './open-loop.mjs';

/** The platform takes its time, so that a renewal is under way for a while. */
const LATENCY_MS = 500;

/** The window is its last quarter, 6 s; the call comes at its beginning. */
const TICKET_LIFE_SECONDS = 24;

/** Around the moment at which the platform counts the call: its latency and what goes before and after. */
const NEAR_MS = 700;
/** From the end of the window that a renewal is compared with to its call: further back than what goes before the call. */
const BEFORE_MS = 1_500;

/** A platform that fails, in every other life: from before the window until some attempts have been made in vain. */
const FAILS = { fromMs: 17_000, untilMs: 19_500 };

/**
 * `{ ratePerSecond, near, failing, calls, waited, failures }`: the time around each call that brought a ticket, and the time in which
 * calls failed, each beside as long a time before it.
 */
export async function measureRenewal(ours, { world, pages, core, folder, load, renewals, progress }) {
  world.platform.setTicketLife(TICKET_LIFE_SECONDS);
  const runner = await startRunner(withCalls(ours), { world, pages, core, folder });
  try {
    const ratePerSecond = await chooseRate(runner.server, { load, progress });
    const waitedBefore = await waitsOf(runner);
    const { sent, calls, failures, failed } = await run(runner, {
      world,
      pages,
      ratePerSecond,
      renewals,
      progress,
    });
    return {
      ...{ ratePerSecond, failures },
      near: compareWindows(sent, calls.filter((callMs) => !isIn(failed, callMs)).map(besideRenewal)),
      failing: compareWindows(sent, failed.map(besideFailure)),
      calls: calls.length,
      waited: (await waitsOf(runner)) - waitedBefore,
    };
  } finally {
    world.platform.clearFaults();
    await runner.server.stop();
  }
}

/** Tickets live for seconds here; an hour's allowance would be used up by design. */
function withCalls(contestant) {
  return {
    ...contestant,
    environmentFor: (setting) => ({
      ...contestant.environmentFor(setting),
      TICKET_CALLS_PER_HOUR: '10000',
    }),
  };
}

async function waitsOf({ server, adminToken }) {
  const response = await fetch(`${server.baseUrl}/metrics`, {
    headers: { Authorization: `Bearer ${adminToken}` },
  });
  const lines = (await response.text()).split('\n');
  const counts = lines.filter((line) => line.startsWith('lark_jsapi_first_ticket_waits_total{'));
  return counts.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Sends until `renewals` tickets have been issued. */
async function run({ server }, { world, pages, ratePerSecond, renewals, progress }) {
  const { platform, setting } = world;
  const issued = () => platform.issuedTickets(setting.appId).length;
  const calls = [];
  /** `[fromMs, untilMs]` of each time in which the platform failed. */
  const failed = [];
  let known = platform.counters.calls('ticket');
  let knownTickets = issued();
  const goal = knownTickets + renewals;
  let issuedMs = performance.now();
  let isFailing = false;
  function isOver(nowMs) {
    if (platform.counters.calls('ticket') > known) {
      known = platform.counters.calls('ticket');
      calls.push(nowMs);
    }
    if (issued() > knownTickets) {
      knownTickets = issued();
      issuedMs = nowMs;
      progress(`renewal ${renewals - (goal - knownTickets)} of ${renewals}`);
    }
    // Every other life meets a platform that fails.
    const ageMs = nowMs - issuedMs;
    const shouldFail = knownTickets % 2 === 1 && ageMs > FAILS.fromMs && ageMs < FAILS.untilMs;
    if (shouldFail && !isFailing) {
      platform.addFault({ kind: 'http-error', status: 503, endpoint: 'ticket' });
      failed.push([nowMs, Infinity]);
    }
    if (!shouldFail && isFailing) {
      platform.clearFaults();
      failed.at(-1)[1] = nowMs;
    }
    isFailing = shouldFail;
    return knownTickets >= goal;
  }
  return { ...(await sendAtRate(server, { pages, ratePerSecond, isOver })), calls, failed };
}

const isIn = (windows, atMs) => windows.some(([fromMs, untilMs]) => atMs >= fromMs && atMs <= untilMs);

/** Around a ticket call, and as long before it. */
function besideRenewal(callMs) {
  return [
    [callMs - NEAR_MS, callMs + NEAR_MS],
    [callMs - BEFORE_MS - 2 * NEAR_MS, callMs - BEFORE_MS],
  ];
}

/** While the platform failed, and as long before. */
function besideFailure([fromMs, untilMs]) {
  return [
    [fromMs, untilMs],
    [fromMs - (untilMs - fromMs), fromMs],
  ];
}

export { LATENCY_MS };
