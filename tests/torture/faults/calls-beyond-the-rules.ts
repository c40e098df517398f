// Which calls to the platform broke the rules: inside a back-off, with a back-off that is not the schedule's, or over the ceiling.
import { HOUR, SECOND, type World } from '../../support/world';

/** TICKET_CALLS_PER_HOUR by default, and a fifth of it for a burst. */
const PER_HOUR = 60;
/** A line tells its delay in whole milliseconds. */
const ROUNDING_MS = 1;

/** A sentence for each kind of breach. `mayAskAtOnce`: something beside the timer may ask, inside a back-off too. */
export function callsBeyondTheRules(
  { logLines, logTimesMs, calls }: Pick<World, 'logLines' | 'logTimesMs' | 'calls'>,
  { mayAskAtOnce }: { mayAskAtOnce: boolean },
): string[] {
  const found = new Set<string>();
  const asked = calls.filter(({ path }) => !path.includes('/bot/')); // measuring the time has a schedule of its own
  // Tokens have a back-off of their own, which begins when the last token has run out.
  const inARow = { endpoint: '', failures: 0 };
  logLines.forEach((line, index) => {
    const { msg, retryInMs, endpoint, kind, isHeldBack } = JSON.parse(line) as Failure;
    if (msg.startsWith('ticket ')) inARow.failures = 0;
    if (msg !== 'no ticket could be loaded') return;
    if (endpoint !== inARow.endpoint) inARow.failures = 0;
    inARow.endpoint = endpoint;
    const failures = (inARow.failures += 1);
    const failedMs = logTimesMs[index]!;
    const inside = (atMs: number): boolean => atMs > failedMs && atMs < failedMs + retryInMs - ROUNDING_MS;
    if (!mayAskAtOnce && asked.some(({ atMs }) => inside(atMs))) found.add('a call inside a back-off');
    // With the jitter at its middle: half of 1, 2, 4 … 60 s, and half a second at least.
    const scheduledMs = Math.max(0.5 * SECOND, 0.5 * Math.min(SECOND * 2 ** (failures - 1), 60 * SECOND));
    const leastMs =
      kind === 'configuration' ? 60 * SECOND : kind === 'retry' && !isHeldBack ? scheduledMs : 500;
    if (retryInMs < leastMs - ROUNDING_MS)
      found.add(`after ${failures} failures a back-off of ${retryInMs} ms`);
  });
  const ticketTimes = asked.filter(({ path }) => path.includes('/jssdk/')).map(({ atMs }) => atMs);
  ticketTimes.forEach((atMs, index) => {
    const hourAgo = ticketTimes[index - PER_HOUR];
    if (hourAgo !== undefined && atMs - hourAgo < HOUR) found.add('ticket calls over the ceiling');
  });
  return [...found];
}

interface Failure {
  msg: string;
  retryInMs: number;
  endpoint: string;
  kind: string;
  isHeldBack?: boolean;
}
