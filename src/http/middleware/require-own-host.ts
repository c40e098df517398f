// Admits requests whose `Host` is a name of this listener: for endpoints that are open to every client that reaches them.
import type { RequestHandler } from 'express';
import { isOfOtherOrigin } from '../../base/is-of-other-origin';
import { isOwnHost } from '../../base/is-own-host';
import { ServiceError } from '../../base/errors';

const SAFE_METHODS = ['GET', 'HEAD'];

/**
 * Refuses with `ORIGIN_NOT_ALLOWED` a `Host` that is no address, `localhost` or one of `names`: the page that asks is of that
 * origin. And what a page of another origin sends to change something. `howToAllow` is that of `hostNotAllowed`.
 */
export function requireOwnHost(names: readonly string[], howToAllow: string): RequestHandler {
  return function admitOwnHost({ method, headers }, _response, next) {
    if (!isOwnHost(headers.host, names)) throw hostNotAllowed(howToAllow);
    if (!SAFE_METHODS.includes(method) && isOfOtherOrigin(headers)) {
      throw new ServiceError(
        'ORIGIN_NOT_ALLOWED',
        'A page of another origin sent this request. Only programs, and pages of this origin, may change something here.',
      );
    }
    next();
  };
}

/** The refusal of a foreign `Host`. `howToAllow` ends the sentence "Ask at an IP address or at localhost, or …". */
export function hostNotAllowed(howToAllow: string): ServiceError {
  return new ServiceError(
    'ORIGIN_NOT_ALLOWED',
    `The header "Host" names another server than this one. Ask at an IP address or at localhost, or ${howToAllow}.`,
  );
}
