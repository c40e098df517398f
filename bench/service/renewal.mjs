// Whether a renewal is felt: latency of an open loop at a third of the service's capacity, around ticket calls and before them.
import { startRunner } from '../world.mjs';
import { chooseRate, compareWindows, sendAtRate } from './open-loop.mjs';

/** The platform takes its time, so that a renewal is under way for a while. */
const LATENCY_MS = 500;

/** A ticket is renewed in the last quarter of its life. Where renewals fail, its end is further off than two failures and their delays. */
const LIFE_SECONDS = { renewed: 8, failing: 30 };

/** What goes before a call and after its reply belongs to it. */
const MARGIN_MS = 200;
/** So many calls are made in vain before a ticket. */
const FAILED_CALLS = 2;

/** For so many renewals, one that fails at first. */
const RENEWALS_FOR_A_FAILURE = 10;

/**
 * `{ ratePerSecond, near, failing, calls, waited, failures }`: the time around each ticket call beside as long a time before it, the
 * same for the times in which calls failed, and what was counted over both.
 */
export async function measureRenewal(ours, { world, pages, core, folder, load, renewals, progress }) {
  world.platform.setTicketLife(LIFE_SECONDS.renewed);
  const runner = await startRunner(withCalls(ours), { world, pages, core, folder });
  try {
    const ratePerSecond = await chooseRate(runner.server, { load, progress });
    const waitedBefore = await waitsOf(runner);
    const common = { world, pages, ratePerSecond, progress };
    const renewed = await renew(runner, { ...common, renewals });
    world.platform.setTicketLife(LIFE_SECONDS.failing);
    const failing = await renew(runner, {
      ...{ ...common, failedCalls: FAILED_CALLS },
      renewals: Math.ceil(renewals / RENEWALS_FOR_A_FAILURE),
    });
    const calls = renewed.lives.flat();
    return {
      ratePerSecond,
      near: compareWindows(
        renewed.sent,
        calls.map((callMs) => besideCalls([callMs])),
      ),
      failing: compareWindows(
        failing.sent,
        failing.lives.filter(({ length }) => length > 1).map((life) => besideCalls(life.slice(0, -1))),
      ),
      calls: calls.length,
      waited: (await waitsOf(runner)) - waitedBefore,
      failures: renewed.failures + failing.failures,
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

/**
 * Sends until `renewals` tickets have been issued, each but the first after `failedCalls` calls in vain: `{ sent, failures, lives }`, for
 * each ticket the times of the calls that were made for it.
 */
async function renew({ server }, { world, pages, ratePerSecond, renewals, failedCalls = 0, progress }) {
  const { platform, setting } = world;
  const callsSoFar = () => platform.counters.calls('ticket');
  const issuedSoFar = () => platform.issuedTickets(setting.appId).length;
  const lives = [];
  let calls = [];
  let known = callsSoFar();
  let issued = issuedSoFar();
  function isOver(nowMs) {
    if (callsSoFar() > known) {
      known = callsSoFar();
      calls.push(nowMs);
    }
    if (issuedSoFar() > issued) {
      issued = issuedSoFar();
      lives.push(calls);
      calls = [];
      progress(`${failedCalls > 0 ? 'renewal after failures' : 'renewal'} ${lives.length} of ${renewals}`);
      if (failedCalls > 0)
        platform.addFault({ kind: 'http-error', status: 503, endpoint: 'ticket', times: failedCalls });
    }
    return lives.length >= renewals;
  }
  return { ...(await sendAtRate(server, { pages, ratePerSecond, isOver })), lives };
}

/** From the first of some calls to the reply of the last, and as long before them. */
function besideCalls(calls) {
  const [fromMs, untilMs] = [calls[0] - MARGIN_MS, calls.at(-1) + LATENCY_MS + MARGIN_MS];
  return [
    [fromMs, untilMs],
    [2 * fromMs - untilMs, fromMs],
  ];
}

export { LATENCY_MS };
