// What goes wrong during a soak, and when: an endless list that a seed gives again.
import type { Fault } from '../../../src/sandbox/sandbox';
import { createSeededRandom } from '../seeded-random';
import { APPS, SHOP } from './soak-apps';

/** Something that is done to the service or its platform, `afterMs` after the end of what was done before. */
export type SoakEvent = { readonly afterMs: number } & (
  | { readonly kind: 'fault'; readonly lastsMs: number; readonly fault: Fault }
  | { readonly kind: 'revoke'; readonly what: 'tickets' | 'tokens' | 'app-tickets'; readonly appId: string }
  | { readonly kind: 'leap'; readonly ms: number }
  | { readonly kind: 'life'; readonly ticketSeconds: number; readonly tokenSeconds: number }
  | { readonly kind: 'push'; readonly appId: string }
  | { readonly kind: 'restart'; readonly signal: 'SIGTERM' | 'SIGKILL' }
);

/** Between two faults all is well for so long: less than the shortest ticket lives, and now and then several lives. */
const CALM_MS = [2_000, 40_000] as const;
/** From a hiccup to an outage that no ticket of a soak survives. */
const FAULT_MS = [500, 30_000] as const;
/** Seconds, so that hours hold thousands of renewals; the service renews in the last quarter. */
const TICKET_LIFE_SECONDS = [8, 40] as const;
const TOKEN_LIFE_SECONDS = [10, 120] as const;
/** Below and above the 30 s from which the service corrects its own clock. Each comes with its opposite: see `leaps`. */
const LEAPS_MS = [2_000, 45_000, 100_000];

/**
 * Every fault of the platform but two: `quota` is asked about once an hour only, which would stand still for most of a run, and
 * `stale-expiry` lies about a ticket's end, so that no signature could be called wrong.
 */
const FAULTS: readonly Fault[] = [
  ...(['ip-refused', 'wrong-secret', 'app-disabled', 'token-invalid'] as const).map((kind) => ({ kind })),
  ...(['truncated', 'cut', 'hung', 'reset'] as const).map((kind) => ({ kind })),
  { kind: 'rate-limit', resetSeconds: 2 },
  { kind: 'rate-limit', resetSeconds: 5, status: 400 },
  { kind: 'code', code: 1500 },
  { kind: 'http-error', status: 502 },
  { kind: 'html', dateOffsetMs: 3_600_000 },
  // Over the 64 KiB that the service reads.
  { kind: 'huge', bytes: 200_000 },
  { kind: 'slow', delayMs: 2_500 },
  { kind: 'fields', fields: { ticket: null, tenant_access_token: 7 } },
  { kind: 'fields', fields: { expire_in: '7200', expire: -1 } },
];

/** The events of `seed`, without end. `pace` divides every duration but the lives. Default 1; more for a sample of seconds. */
export function* faultSchedule(seed: number, { pace = 1 } = {}): Generator<SoakEvent, never> {
  const random = createSeededRandom(seed, 'faults');
  const appId = (): string => random.pick(APPS).appId;
  const wait = ([least, most]: readonly [number, number]): number =>
    Math.round(random.spread(least, most) / pace);
  let leaptMs = 0;
  for (;;) {
    const afterMs = wait(CALM_MS);
    const draw = random.next();
    if (draw < 0.6) {
      const fault: Fault = {
        ...random.pick(FAULTS),
        ...(random.chance(0.5) && { endpoint: random.pick(['ticket', 'token', 'app-token'] as const) }),
        ...(random.chance(0.3) && { appId: appId() }),
      };
      yield { afterMs, kind: 'fault', lastsMs: wait(FAULT_MS), fault };
    } else if (draw < 0.76) {
      const what = random.pick(['tickets', 'tokens', 'app-tickets'] as const);
      yield { afterMs, kind: 'revoke', what, appId: what === 'app-tickets' ? SHOP.appId : appId() };
    } else if (draw < 0.84) {
      // Forward and back in turns: the platform's clock is never so far off that a signature is too old.
      const ms = leaptMs > 0 ? -leaptMs : random.pick(LEAPS_MS);
      leaptMs += ms;
      yield { afterMs, kind: 'leap', ms };
    } else if (draw < 0.92) {
      const ticketSeconds = Math.round(random.between(...TICKET_LIFE_SECONDS));
      const tokenSeconds = Math.round(random.between(...TOKEN_LIFE_SECONDS));
      yield { afterMs, kind: 'life', ticketSeconds, tokenSeconds };
    } else if (draw < 0.96) yield { afterMs, kind: 'push', appId: SHOP.appId };
    else yield { afterMs, kind: 'restart', signal: random.pick(['SIGTERM', 'SIGKILL'] as const) };
  }
}
