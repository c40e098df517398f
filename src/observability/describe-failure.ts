// A failure in the log: fields for an operator, and a text that is the same for the same fault.
import { findPlatformError, PlatformError } from '../open-platform/platform-error';

/** A failed attempt at a ticket or token, in a row of `failures`. */
export interface FailedAttempt {
  failures: number;
  retryInMs: number;
  error: unknown;
}

/** A failed attempt: the number of failures in a row, the time of the next attempt, and the reason. */
export function describeAttempt({ failures, retryInMs, error }: FailedAttempt): object {
  return { failures, retryInMs: Math.round(retryInMs), ...describeFailure(error) };
}

/** A failure for an operator: the platform's message and log id, and what to check. */
export function describeFailure(error: unknown): object {
  const failure = findPlatformError(error);
  if (failure === undefined) return { error: messageOf(error) };
  const { endpoint, kind, code, reason, summary, platformMessage, logId, httpStatus, advice } = failure;
  const isHeldBack = error instanceof PlatformError && error.reason === 'ceiling';
  return {
    ...{ endpoint, kind, code, reason, summary, platformMessage, logId, httpStatus, advice },
    ...(isHeldBack && { isHeldBack }),
  };
}

/** The same for all tenants that fail for the same reason. */
export function faultOf(error: unknown): string {
  const { endpoint, code, reason } = findPlatformError(error) ?? {};
  return endpoint === undefined ? messageOf(error) : `${endpoint} ${code ?? reason ?? ''}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
