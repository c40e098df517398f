// Receives the events of one store app: keeps app tickets, forwards every other event, and loses none.
import type { Clock } from '../base/clock';
import { FailureLimit } from '../limits/failure-limit';
import { LruMap } from '../base/lru-map';
import type { Secret } from '../base/secret';
import { readEvent, type EventFault, type EventKeys, type PlatformEvent, type RawEvent } from './events';

/** How an event ended; everything but `done` and `challenge` makes the platform send it again. */
export type EventOutcome =
  | { kind: 'done' }
  | { kind: 'challenge'; challenge: string }
  /** `isRepeated`: its sender has failed often within the minute. */
  | { kind: 'refused'; fault: EventFault; isRepeated: boolean }
  /** Not read: its sender has failed too often, and may try again in `retryAfterMs`. */
  | { kind: 'limited'; retryAfterMs: number }
  /** No receiver is configured for the event. */
  | { kind: 'not-taken'; type: string }
  /** The configured receiver did not accept the event in time. */
  | { kind: 'not-forwarded'; type: string };

/** How an inbox is made. */
export interface EventInboxOptions {
  appId: string;
  clock: Clock;
  /** Read anew for every event: settings change. */
  keys: () => EventKeys;
  /** How far the time of a signature may lie from the platform's; Infinity for any. */
  maxAgeMs: number;
  /** The platform's time. */
  nowMs: () => number;
  /** Keeps an app ticket if it is newer than the one that is kept. Never rejects. */
  offerAppTicket: (appTicket: Secret, tsMs: number) => Promise<void>;
  /** Forwards the request unchanged; resolves with whether it was accepted. Returns undefined when no receiver is configured. */
  forward: (event: RawEvent) => Promise<boolean> | undefined;
}

/** Receives the events of one app. */
export interface EventInbox {
  /** `client`: the address of its sender. Never rejects. */
  receive(event: RawEvent, client: string): Promise<EventOutcome>;
}

type Genuine = Exclude<PlatformEvent, { kind: 'refused' | 'unread' }>;

/** About 1 MB; at ten events a second it reaches back 16 minutes, over three times as far as a signature is accepted. */
const MAX_REMEMBERED = 10_000;

/** A person who sets a request URL up fails a few times; the platform's own events do not fail. */
const FAILURES = { perNetwork: 10, inAll: 100 };

/** Makes an inbox. A repeated event that was accepted before is answered and not processed again; otherwise it is processed anew. */
export function createEventInbox(options: EventInboxOptions): EventInbox {
  const { appId, clock, keys, maxAgeMs, nowMs, offerAppTicket, forward } = options;
  const taken = new LruMap<string, Promise<EventOutcome>>(MAX_REMEMBERED);

  const failures = new FailureLimit({ clock, ...FAILURES });

  async function take(raw: RawEvent, event: Genuine): Promise<EventOutcome> {
    switch (event.kind) {
      case 'url-verification':
        return { kind: 'challenge', challenge: event.challenge };
      case 'app-ticket':
        await offerAppTicket(event.appTicket, event.tsMs);
        return { kind: 'done' };
      case 'other': {
        const forwarding = forward(raw);
        if (forwarding === undefined) return { kind: 'not-taken', type: event.type };
        return (await forwarding) ? { kind: 'done' } : { kind: 'not-forwarded', type: event.type };
      }
    }
  }

  return {
    async receive(raw, client) {
      const retryAfterMs = failures.waitMs(client);
      const isLimited = retryAfterMs > 0;
      const event = readEvent(raw, { appId, ...keys(), nowMs: nowMs(), maxAgeMs, isLimited });
      if (event.kind === 'unread') return { kind: 'limited', retryAfterMs };
      if (event.kind === 'refused') {
        failures.count(client);
        return { ...event, isRepeated: isLimited };
      }
      const uuid = 'uuid' in event ? event.uuid : undefined;
      if (uuid === undefined) return take(raw, event);
      const before = taken.get(uuid);
      if (before !== undefined) return before;
      const taking = take(raw, event);
      taken.set(uuid, taking);
      const outcome = await taking;
      // It will be sent again, and has to be tried again then.
      if (outcome.kind !== 'done' && taken.get(uuid) === taking) taken.delete(uuid);
      return outcome;
    },
  };
}
