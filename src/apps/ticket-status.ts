// What operators see of an app: its ticket's state, its last failure, and no secret.
import type { Clock } from '../base/clock';
import type { AppFailure, AppStatus } from './signing-app';
import { findPlatformError } from '../open-platform/platform-error';
import type { Secret } from '../base/secret';
import { fingerprint } from '../base/fingerprint';
import type { RenewingState } from '../tickets/renewal';
import type { TicketEvent } from '../tickets/ticket-keeper';

/** The ticket's current state, as input to `status()`. */
export interface TicketNow {
  readonly appId: string;
  readonly state: RenewingState;
  /** While it is valid. */
  readonly ticket: Secret | undefined;
}

/** Remembers what a ticket's state does not contain. */
export interface StatusRecorder {
  onEvent(event: TicketEvent): void;
  status(now: TicketNow): AppStatus;
}

/** A recorder for one ticket; it must be called with every event. */
export function createStatusRecorder(clock: Clock): StatusRecorder {
  let lifeMs: number | undefined;
  let lastFailure: AppFailure | undefined;

  return {
    onEvent(event) {
      if (event.type === 'loaded' || event.type === 'taken-from-store') lifeMs = event.lifeMs;
      if (event.type === 'loaded' || event.type === 'taken-from-store' || event.type === 'unchanged')
        lastFailure = undefined;
      if (event.type === 'failed')
        lastFailure = describeFailure(event.error, new Date(clock.wallMs()).toISOString());
    },
    status({ appId, state, ticket }) {
      const { zone, usableForMs, renewsInMs } = state;
      return {
        appId,
        state: zone,
        expiresInSeconds: toSeconds(usableForMs),
        renewsInSeconds: toSeconds(renewsInMs),
        lifeSeconds: toSeconds(zone === 'empty' ? undefined : lifeMs),
        fingerprint: ticket === undefined ? null : fingerprint(ticket),
        lastFailure: lastFailure ?? null,
      };
    },
  };
}

/** Whole seconds, rounded down, so that the reported time is never too long. */
function toSeconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.max(0, Math.floor(ms / 1_000));
}

/** The platform's own failure when there is one; other errors may quote anything, so that their text stays in the log. */
function describeFailure(error: unknown, at: string): AppFailure {
  const failure = findPlatformError(error);
  if (failure === undefined) return { message: 'The ticket could not be loaded; the log says why.', at };
  const { code, reason, message } = failure;
  return { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }), message, at };
}
