// Logs events, one line per event, with fingerprints in place of tickets.
import type { ServiceEvent } from '../apps/service-event';
import type { Clock } from '../base/clock';
import { fingerprint } from '../base/fingerprint';
import type { Secret } from '../base/secret';
import type { EventOutcome } from '../open-platform/event-inbox';
import type { ClockChange } from '../open-platform/platform-clock';
import { describeAttempt, describeFailure, faultOf, type FailedAttempt } from './describe-failure';
import type { EventLogger } from './logger';
import { createStoreLog } from './store-log';
import { TenantFailures } from './tenant-failures';

type TicketEvent = Extract<ServiceEvent, { of: 'ticket' }>;
type TokenEvent = Extract<ServiceEvent, { of: 'token' }>;
type PushedTicketEvent = Extract<ServiceEvent, { of: 'app-ticket' }>;

/** Whole seconds, for people. */
const seconds = (ms: number): number => Math.round(ms / 1_000);

/** Enough to identify the tenant. */
const NAMED_TENANTS = 5;

/**
 * A listener that logs on `logger`. Events that need an operator are at `warn`, renewals at `info`, single calls, tokens and events
 * that any client can cause often at `debug`. Of tenants that fail for the same reason one line a minute is at `warn`, all of them at
 * `debug`.
 */
export function createEventLog(logger: EventLogger, clock: Clock): (event: ServiceEvent) => void {
  const tenantFailures = new TenantFailures(clock);
  const onStore = createStoreLog(logger, clock);

  function onTenantFailed(
    { appId, tenantKey, isTenantRefused, isStranger }: TicketEvent & { tenantKey: string },
    failed: FailedAttempt,
  ): void {
    const isDropped = isTenantRefused ?? isStranger ?? false;
    const fault = faultOf(failed.error);
    const retryInMs = isDropped ? undefined : failed.retryInMs;
    const report = tenantFailures.onFailed({ appId, tenantKey, fault, retryInMs });
    const level = report === 'full' ? 'warn' : 'debug';
    logger[level]({ appId, tenantKey, ...describeAttempt(failed) }, 'no ticket could be loaded');
    if (typeof report === 'string') return;
    const { tenantKeys } = report;
    logger.warn(
      {
        ...{ appId, tenants: tenantKeys.length, tenantKeys: tenantKeys.slice(0, NAMED_TENANTS) },
        ...describeFailure(failed.error),
      },
      'no ticket could be loaded for several tenants',
    );
  }

  function onTenantLoaded(appId: string, tenantKey: string | undefined): void {
    const outage = tenantKey === undefined ? undefined : tenantFailures.onLoaded(appId, tenantKey);
    if (!outage) return;
    const { tenants, lastedMs } = outage;
    logger.info(
      { appId, tenants, lastedSeconds: seconds(lastedMs) },
      'tickets of all tenants can be loaded again',
    );
  }

  function onTicket(ticketEvent: TicketEvent): void {
    const { appId, tenantKey, event } = ticketEvent;
    const app = tenantKey === undefined ? { appId } : { appId, tenantKey };
    const ticket = (value: Secret): object => ({ ...app, fingerprint: fingerprint(value) });
    switch (event.type) {
      case 'loaded':
        onTenantLoaded(appId, tenantKey);
        logger.info(
          { ...ticket(event.value), lifeSeconds: seconds(event.lifeMs) },
          event.previous ? 'ticket renewed' : 'ticket obtained',
        );
        return;
      case 'taken-from-store':
        onTenantLoaded(appId, tenantKey);
        logger.info(
          { ...ticket(event.value), leftSeconds: seconds(event.leftMs) },
          'ticket taken from the store',
        );
        return;
      case 'unchanged':
        onTenantLoaded(appId, tenantKey);
        logger.info(
          { ...ticket(event.value), retryInSeconds: seconds(event.retryInMs) },
          'the platform returned the same ticket',
        );
        return;
      case 'suspected':
        logger.warn(
          ticket(event.value),
          'a client refused the ticket: asking the platform for its current one',
        );
        return;
      case 'failed':
        if (tenantKey !== undefined) onTenantFailed({ ...ticketEvent, tenantKey }, event);
        else {
          const { isComponentRefused } = ticketEvent;
          const facts = {
            appId,
            ...(isComponentRefused && { isComponentRefused }),
            ...describeAttempt(event),
          };
          logger.warn(facts, 'no ticket could be loaded');
        }
        return;
      case 'clock-jump':
        logger.warn(
          { ...app, jumpSeconds: seconds(event.jumpMs) },
          'the clock was set or the machine suspended',
        );
        return;
      case 'store-unreadable':
        logger.warn(
          app,
          'stored ticket cannot be decrypted with this app secret or store key: ignored and overwritten',
        );
        return;
      default:
        event satisfies never;
    }
  }

  function onToken({ appId, isStoreApps, event }: TokenEvent): void {
    switch (event.type) {
      case 'loaded':
        logger.debug({ appId, lifeSeconds: seconds(event.lifeMs) }, 'access obtained');
        return;
      case 'failed':
        // The ticket that needs any other token reports the failure.
        if (isStoreApps)
          logger.warn({ appId, ...describeAttempt(event) }, 'the app_access_token could not be renewed');
        return;
      case 'unchanged':
      case 'clock-jump':
        return;
      default:
        event satisfies never;
    }
  }

  function onAppTicket({ appId, event }: PushedTicketEvent): void {
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
        logger.warn({ appId, ...describeFailure(event.error) }, 'the platform does not push an app ticket');
        return;
      default:
        event satisfies never;
    }
  }

  function onPushedEvent(appId: string, outcome: EventOutcome): void {
    switch (outcome.kind) {
      case 'refused':
        logger[outcome.isRepeated ? 'debug' : 'warn']({ appId, fault: outcome.fault }, 'event rejected');
        return;
      case 'limited':
        logger.debug({ appId }, 'an event was not read: its sender has failed too often');
        return;
      case 'not-taken':
        logger.warn({ appId, type: outcome.type }, 'an event has no receiver: set eventsForwardTo');
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
        return;
      default:
        outcome satisfies never;
    }
  }

  function onClock({ isOff, isCorrected, offsetMs }: ClockChange): void {
    const facts = { isCorrected, ...(offsetMs !== undefined && { offsetSeconds: seconds(offsetMs) }) };
    if (isOff) logger.warn(facts, "this machine's clock differs from the platform's: set it (NTP)");
    else if (offsetMs === undefined) logger.info(facts, "this machine's clock was set: measuring it again");
    else logger.info(facts, "this machine's clock agrees with the platform's");
  }

  return (event) => {
    switch (event.of) {
      case 'ticket':
        onTicket(event);
        return;
      case 'token':
        onToken(event);
        return;
      case 'app-ticket':
        onAppTicket(event);
        return;
      case 'tenant': {
        const { appId, tenantKey, what } = event;
        if (what === 'refused')
          logger.info(
            { appId, tenantKey },
            'the platform refuses the tenant: not asked again for 10 minutes',
          );
        else logger.debug({ appId, tenantKey }, 'a new tenant was throttled by the budget');
        return;
      }
      case 'pushed-event':
        onPushedEvent(event.appId, event.outcome);
        return;
      case 'call':
        logger.debug({ ...event.report, durationMs: Math.round(event.report.durationMs) }, 'platform call');
        return;
      case 'clock':
        onClock(event.change);
        return;
      case 'store':
        onStore(event.event);
        return;
      case 'ceiling':
        // The ticket whose call is throttled has its own line.
        return;
      case 'apps-file':
        // The service logs the faults, once for each content.
        return;
      default:
        event satisfies never;
    }
  };
}
