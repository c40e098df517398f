// The usual expectations of a row, written once: what an outage does at each moment, and the effect of a fault that costs no caller anything.
import type { Answer, Expectation, LogFields, Moment } from './fault-case';

type Row = Readonly<Record<Moment, Expectation>>;

const NO_CALLS = { token: 0, ticket: 0 };

/**
 * With the jitter at its middle a load is tried after 0.5, 1, 2, 4, 8, 16 and then every 30 s: 26 times in the ten minutes of
 * a cold start, 30 in the twelve of the window, 90 in the forty until the end of an expired ticket. Of ticket calls the
 * ceiling lets through 12 at once and one every 75 s.
 */
const BACK_OFF = {
  cold: { token: 26, ticket: 20 },
  renewing: { token: 30, ticket: 22 },
  expired: { token: 90, ticket: 46 },
};
/** Once a minute, which is often enough where an operator has to act. */
const EACH_MINUTE = {
  cold: { token: 11, ticket: 11 },
  renewing: { token: 12, ticket: 12 },
  expired: { token: 42, ticket: 42 },
};

/** While it lasts no ticket can be loaded: visible at a cold start and after the ticket's end only. */
export function outage(
  log: LogFields,
  {
    refusal = 'TICKET_UNAVAILABLE',
    calls = refusal === 'APP_MISCONFIGURED' ? EACH_MINUTE : BACK_OFF,
    // The longest back-off with the jitter at its middle is 30 s; where ticket calls are spent the ceiling gives one in 75 s.
    healedWithinSeconds = refusal === 'APP_MISCONFIGURED' ? 61 : 76,
  }: {
    refusal?: Answer;
    calls?: Record<'cold' | 'renewing' | 'expired', Expectation['calls']>;
    healedWithinSeconds?: number;
  } = {},
): Row {
  return {
    cold: { pages: [refusal], ready: false, calls: calls.cold, healedWithinSeconds, log },
    fresh: { pages: ['signed'], ready: true, calls: NO_CALLS, healedWithinSeconds: 0, log: 'silent' },
    renewing: { pages: ['signed'], ready: true, calls: calls.renewing, healedWithinSeconds, log },
    expired: { pages: [refusal], ready: true, calls: calls.expired, healedWithinSeconds, log },
  };
}

/** The token of before is still good for the ticket inside the window; without one, as an outage. */
export function tokensOnly(log: LogFields, refusal: Answer): Row {
  const row = outage(log, { refusal });
  return {
    ...row,
    renewing: harmless().renewing,
    // The outage that lets the ticket run out comes first.
    expired: { ...row.expired, pages: [...new Set<Answer>(['TICKET_UNAVAILABLE', refusal])] },
  };
}

/** The platform's own outage, which the `expired` moment of a harmless fault needs. */
const PLATFORM_AWAY: LogFields = { reason: 'connection', advice: 'Check LARK_DOMAIN' };

/**
 * Tickets are still loaded. `log`: the line at each moment; default silent. In `expired` the platform was away until the
 * ticket had run out, so the first page still meets the back-off.
 */
export function harmless(
  log: Partial<Record<Moment, LogFields | 'silent'>> = {},
  changes: Partial<Record<Moment, Partial<Expectation>>> = {},
): Row {
  const signed = { pages: ['signed'], ready: true, healedWithinSeconds: 0 } as const;
  const silent = 'silent' as const;
  return {
    cold: { ...signed, calls: { token: 1, ticket: 1 }, log: log.cold ?? silent, ...changes.cold },
    fresh: { ...signed, calls: NO_CALLS, log: log.fresh ?? silent, ...changes.fresh },
    renewing: { ...signed, calls: { token: 0, ticket: 1 }, log: log.renewing ?? silent, ...changes.renewing },
    expired: {
      pages: ['TICKET_UNAVAILABLE', 'signed'],
      ready: true,
      // Those of the outage: see above.
      calls: { token: 10, ticket: 40 },
      healedWithinSeconds: 0,
      log: log.expired ?? PLATFORM_AWAY,
      ...changes.expired,
    },
  };
}
