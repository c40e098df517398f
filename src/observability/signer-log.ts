// Writes down what happens to tickets, tokens and the clock: one line an event, fingerprints in place of tickets.
import type { Clock } from '../base/clock';
import type { CallReport } from '../open-platform/open-platform-client';
import type { ClockChange } from '../open-platform/platform-clock';
import { findPlatformError, PlatformError } from '../open-platform/platform-error';
import type { ServiceEvent } from '../apps/service-event';
import { fingerprint } from '../base/fingerprint';
import { TenantFailures } from './tenant-failures';

/** Listeners for a signer's and its platform's events. */
export interface SignerLog {
  onEvent: (event: ServiceEvent) => void;
  onCall: (report: CallReport) => void;
  onClockChange: (change: ClockChange) => void;
}

/** What the log is written with: pino, or whatever takes fields first and then a sentence. */
export interface EventLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

type TicketSignerEvent = Extract<ServiceEvent, { of: 'ticket' }>;

/** Whole seconds, for people. */
const seconds = (ms: number): number => Math.round(ms / 1_000);

/** Enough to look one up. */
const NAMED_TENANTS = 5;

/**
 * A log of signers on `logger`. Failures at `warn`, renewals at `info`, single calls and tokens at `debug`. Of tenants that fail for
 * the same reason one line a minute is at `warn`, all of them at `debug`.
 */
export function createSignerLog(logger: EventLogger, clock: Clock): SignerLog {
  const tenantFailures = new TenantFailures(clock);

  function onTenantFailed(
    { appId, tenantKey, isTenantRefused, isStranger }: TicketSignerEvent & { tenantKey: string },
    failed: { failures: number; retryInMs: number; error: unknown },
  ): void {
    const isDropped = isTenantRefused ?? isStranger ?? false;
    const fault = faultOf(failed.error);
    const retryInMs = isDropped ? undefined : failed.retryInMs;
    const report = tenantFailures.onFailed({ appId, tenantKey, fault, retryInMs });
    const level = report === 'full' ? 'warn' : 'debug';
    logger[level]({ appId, tenantKey, ...describeFailed(failed) }, 'no ticket could be loaded');
    if (typeof report === 'string') return;
    const { tenantKeys } = report;
    logger.warn(
      {
        ...{ appId, tenants: tenantKeys.length, tenantKeys: tenantKeys.slice(0, NAMED_TENANTS) },
        ...describe(failed.error),
      },
      'no ticket could be loaded for several tenants',
    );
  }

  function onTenantLoaded(appId: string, tenantKey: string): void {
    const outage = tenantFailures.onLoaded(appId, tenantKey);
    if (!outage) return;
    const { tenants, lastedMs } = outage;
    logger.info(
      { appId, tenants, lastedSeconds: seconds(lastedMs) },
      'tickets of all tenants can be loaded again',
    );
  }

  function onTicket(ticketEvent: TicketSignerEvent): void {
    const { appId, tenantKey, event } = ticketEvent;
    const app = tenantKey === undefined ? { appId } : { appId, tenantKey };
    if (tenantKey !== undefined && isLoaded(event.type)) onTenantLoaded(appId, tenantKey);
    switch (event.type) {
      case 'loaded':
        logger.info(
          { ...app, fingerprint: fingerprint(event.value), lifeSeconds: seconds(event.lifeMs) },
          event.previous ? 'ticket renewed' : 'ticket obtained',
        );
        return;
      case 'suspected':
        logger.warn(
          { ...app, fingerprint: fingerprint(event.value) },
          'a client refused the ticket: asking the platform for its current one',
        );
        return;
      case 'taken-from-store':
        logger.info(
          { ...app, fingerprint: fingerprint(event.value), leftSeconds: seconds(event.leftMs) },
          'ticket taken from the store',
        );
        return;
      case 'unchanged':
        logger.info(
          { ...app, fingerprint: fingerprint(event.value), retryInSeconds: seconds(event.retryInMs) },
          'the platform returned the same ticket',
        );
        return;
      case 'failed':
        if (tenantKey !== undefined) onTenantFailed({ ...ticketEvent, tenantKey }, event);
        else logger.warn({ appId, ...describeFailed(event) }, 'no ticket could be loaded');
        return;
      case 'clock-jump':
        logger.warn(
          { ...app, jumpSeconds: seconds(event.jumpMs) },
          'the clock was set or the machine suspended',
        );
        return;
      case 'store-unreadable':
        logger.warn(app, 'what the ticket store holds is not ours to read: ignored and replaced');
    }
  }

  function onToken({ appId, isStoreApps, event }: Extract<ServiceEvent, { of: 'token' }>): void {
    if (event.type === 'loaded') {
      logger.debug({ appId, lifeSeconds: seconds(event.lifeMs) }, 'access obtained');
    }
    // Any other token's failure is told by the ticket that needed it.
    if (event.type === 'failed' && isStoreApps) {
      logger.warn({ appId, ...describeFailed(event) }, 'the app_access_token could not be renewed');
    }
  }

  return {
    onEvent(event) {
      if (event.of === 'ticket') onTicket(event);
      else if (event.of === 'token') onToken(event);
    },
    onCall({ durationMs, ...report }) {
      logger.debug({ ...report, durationMs: Math.round(durationMs) }, 'platform call');
    },
    onClockChange({ isOff, isCorrected, offsetMs }) {
      const facts = { isCorrected, ...(offsetMs !== undefined && { offsetSeconds: seconds(offsetMs) }) };
      if (isOff) logger.warn(facts, "this machine's clock differs from the platform's: set it (NTP)");
      else if (offsetMs === undefined) logger.info(facts, "this machine's clock was set: measuring it again");
      else logger.info(facts, "this machine's clock agrees with the platform's");
    },
  };
}

/** A failed attempt: how many there were in a row, when the next one is, and why it failed. */
function describeFailed(event: { failures: number; retryInMs: number; error: unknown }): object {
  return {
    failures: event.failures,
    retryInMs: Math.round(event.retryInMs),
    ...describe(event.error),
  };
}

/** What an operator needs of a failed load: the platform's own words and its log id, and what to check. */
function describe(error: unknown): object {
  const platformError = findPlatformError(error);
  if (platformError === undefined) return { error: messageOf(error) };
  const { endpoint, kind, code, reason, summary, platformMessage, logId, httpStatus, advice } = platformError;
  const isHeldBack = error instanceof PlatformError && error.reason === 'ceiling';
  return {
    endpoint,
    kind,
    code,
    reason,
    summary,
    platformMessage,
    logId,
    httpStatus,
    advice,
    ...(isHeldBack && { isHeldBack }),
  };
}

/** The same for all tenants that fail for the same reason. */
function faultOf(error: unknown): string {
  const { endpoint, code, reason } = findPlatformError(error) ?? {};
  return endpoint === undefined ? messageOf(error) : `${endpoint} ${code ?? reason ?? ''}`;
}

function isLoaded(type: TicketSignerEvent['event']['type']): boolean {
  return type === 'loaded' || type === 'taken-from-store' || type === 'unchanged';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
