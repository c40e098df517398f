// The error for an event that could not be verified.
import { ServiceError } from '../base/errors';

/** One answer, whatever the reason: it tells nothing of the app, not even whether there is one. */
export function eventRejectedError(): ServiceError {
  return new ServiceError(
    'UNAUTHORIZED',
    "The event could not be verified; the service's log says why. Check the encrypt key, the verification token and the clock.",
  );
}
