// The error for an event that could not be verified.
import { ServiceError } from '../base/errors';

/** The same reply for every reason: it reveals nothing of the app, not even whether it exists. */
export function eventRejectedError(): ServiceError {
  return new ServiceError(
    'UNAUTHORIZED',
    "The event could not be verified; the service's log says why. Check the encrypt key, the verification token and the clock.",
  );
}
