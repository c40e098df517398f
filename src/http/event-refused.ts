// The answer to an event that is not believed.
import { ServiceError } from '../base/errors';

/** One answer, whatever the reason: it tells nothing of the app, not even whether there is one. */
export function eventRefused(): ServiceError {
  return new ServiceError(
    'UNAUTHORIZED',
    'This event is not believed. The log of the service says why: compare the encrypt key, the verification token and the clock.',
  );
}
