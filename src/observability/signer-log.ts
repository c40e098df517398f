// Writes down what happens to tickets, tokens and the clock: one line an event, fingerprints in place of tickets.
import type { CallReport } from '../open-platform/open-platform-client';
import type { ClockChange } from '../open-platform/platform-clock';
import { findPlatformError, PlatformError } from '../open-platform/platform-error';
import type { SignerEvent } from '../signer';
import { fingerprint } from '../tickets/fingerprint';

/** Listeners for a signer's and its platform's events. */
export interface SignerLog {
  onEvent: (event: SignerEvent) => void;
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
  function onTicket({ appId, tenantKey, event }: Extract<SignerEvent, { of: 'ticket' }>): void {
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
        logger.warn(
          {
            ...app,
            failures: event.failures,
            retryInMs: Math.round(event.retryInMs),
            ...describe(event.error),
          },
          'no ticket could be loaded',
        );
        return;
      case 'clock-jump':
        logger.warn(
          { ...app, jumpSeconds: seconds(event.jumpMs) },
          'the clock was set or the machine suspended',
        );
        return;
      case 'store-failed':
        logger.warn(
          { ...app, operation: event.operation, error: messageOf(event.error) },
          'the ticket store fails',
        );
        return;
      case 'store-unreadable':
        logger.warn(app, 'what the ticket store holds is not ours to read: ignored and replaced');
    }
  }

  return {
    onEvent(event) {
      if (event.of === 'ticket') onTicket(event);
      // A token's failure is told by the ticket that needed it.
      else if (event.of === 'token' && event.event.type === 'loaded') {
        logger.debug({ appId: event.appId, lifeSeconds: seconds(event.event.lifeMs) }, 'access obtained');
      }
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
