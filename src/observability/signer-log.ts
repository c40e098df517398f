// Writes down what happens to tickets, tokens and the clock: one line an event, fingerprints in place of tickets.
import type { CallReport } from '../open-platform/open-platform-client';
import type { ClockChange } from '../open-platform/platform-clock';
import { findPlatformError, PlatformError } from '../open-platform/platform-error';
import type { ServiceEvent } from '../apps/lark-app';
import { fingerprint } from '../base/fingerprint';

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

/** Whole seconds, for people. */
const seconds = (ms: number): number => Math.round(ms / 1_000);

/** A log of signers on `logger`. Failures at `warn`, renewals at `info`, single calls and tokens at `debug`. */
export function createSignerLog(logger: EventLogger): SignerLog {
  function onTicket({ appId, tenantKey, event }: Extract<ServiceEvent, { of: 'ticket' }>): void {
    const app = tenantKey === undefined ? { appId } : { appId, tenantKey };
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
        logger.warn({ ...app, ...describeFailed(event) }, 'no ticket could be loaded');
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
