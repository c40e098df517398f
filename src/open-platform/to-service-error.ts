// The error for a caller when the platform's failure leaves the service without a ticket.
import { ServiceError } from '../base/errors';
import { findPlatformError, type PlatformError } from './platform-error';

/**
 * The failure for a caller: APP_MISCONFIGURED when an operator must act, with the platform's code and what to check;
 * otherwise TICKET_UNAVAILABLE, to be tried again after `nextAttemptMs` (at least 1 s). None of the platform's text is in
 * it, which may repeat parts of a secret and is for operators. `failure` is whatever the last load failed with; a
 * PlatformError is also found in its chain of causes.
 */
export function toServiceError(failure: unknown, nextAttemptMs: number): ServiceError {
  const error = findPlatformError(failure);
  if (error?.kind === 'configuration') {
    return new ServiceError('APP_MISCONFIGURED', `${error.summary} ${error.advice}`, { cause: failure });
  }
  const what = error ? `${situation(error)} ${error.advice}` : 'The ticket could not be fetched.';
  const retryAfterSeconds = Math.max(1, Math.ceil(nextAttemptMs / 1_000));
  const detail = `${what} The service tries again by itself; ask again in ${retryAfterSeconds} s.`;
  return new ServiceError('TICKET_UNAVAILABLE', detail, { retryAfterSeconds, cause: failure });
}

function situation({ kind, reason, summary }: PlatformError): string {
  if (reason !== undefined) return summary;
  if (kind === 'rate-limit') return `The platform limits the rate of our calls. ${summary}`;
  if (kind === 'quota') return `The monthly quota of calls to the platform is used up. ${summary}`;
  if (kind === 'retry') return `The platform has a failure. ${summary}`;
  return summary;
}
