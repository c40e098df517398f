// Writes down what happens to store apps: app tickets, events of the platform, tenants that are refused.
import type { EventOutcome } from '../open-platform/event-inbox';
import { findPlatformError } from '../open-platform/platform-error';
import type { ServiceEvent } from '../apps/service-event';
import { fingerprint } from '../base/fingerprint';
import type { EventLogger } from './signer-log';

/** Listeners for what custom apps do not have. */
export interface StoreAppLog {
  onEvent: (event: ServiceEvent) => void;
  /** How an event of the platform ended. */
  onAppEvent: (appId: string, outcome: EventOutcome) => void;
}

type PushedTicketEvent = Extract<ServiceEvent, { of: 'app-ticket' }>['event'];

/** A log of store apps on `logger`. What an operator has to see to is at `warn`; what strangers can cause often, at `debug`. */
export function createStoreAppLog(logger: EventLogger): StoreAppLog {
  function onAppTicket(appId: string, event: PushedTicketEvent): void {
    switch (event.type) {
      case 'app-ticket-received':
        logger.info({ appId, fingerprint: fingerprint(event.value) }, 'app ticket received');
        return;
      case 'app-ticket-taken-from-store':
        logger.info({ appId, fingerprint: fingerprint(event.value) }, 'app ticket taken from the store');
        return;
      case 'app-ticket-refused':
        logger.warn({ appId, fingerprint: fingerprint(event.value) }, 'the platform refuses the app ticket');
        return;
      case 'resend-asked':
        logger.info({ appId }, 'there is no app ticket: asking the platform to push one');
        return;
      case 'resend-accepted':
        logger.debug({ appId }, 'the platform is going to push an app ticket');
        return;
      case 'resend-failed':
        logger.warn({ appId, ...describe(event.error) }, 'the platform does not push an app ticket');
    }
  }

  return {
    onEvent(event) {
      if (event.of === 'app-ticket') onAppTicket(event.appId, event.event);
      if (event.of !== 'tenant') return;
      const { appId, tenantKey, what } = event;
      if (what === 'refused')
        logger.info({ appId, tenantKey }, 'the platform refuses the tenant: not asked again for 10 minutes');
      else logger.debug({ appId, tenantKey }, 'a new tenant was held back by the budget');
    },
    onAppEvent(appId, outcome) {
      switch (outcome.kind) {
        case 'refused':
          logger[outcome.isRepeated ? 'debug' : 'warn'](
            { appId, fault: outcome.fault },
            'an event is not believed',
          );
          return;
        case 'limited':
          logger.debug({ appId }, 'an event was not read: its sender has failed too often');
          return;
        case 'not-taken':
          logger.warn({ appId, type: outcome.type }, 'an event that nobody takes: set eventsForwardTo');
          return;
        case 'not-forwarded':
          logger.warn(
            { appId, type: outcome.type },
            'an event was not taken by eventsForwardTo: the platform sends it again',
          );
          return;
        case 'challenge':
          logger.info({ appId }, 'the request URL was verified');
          return;
        case 'done':
          logger.debug({ appId }, 'an event was taken');
      }
    },
  };
}

/** The platform's own failure when there is one; of other errors their first words. */
function describe(error: unknown): object {
  const failure = findPlatformError(error);
  if (failure === undefined) return { error: error instanceof Error ? error.message : String(error) };
  const { code, reason, platformMessage, logId, advice } = failure;
  return { code, reason, platformMessage, logId, advice };
}
