// Answers methods that a known path does not have.
import type { RequestHandler } from 'express';
import { ServiceError } from '../../base/errors';

/** Refuses with `METHOD_NOT_ALLOWED`; `allow` lists the methods there are, as in `GET, HEAD`. */
export function methodNotAllowed(allow: string): RequestHandler {
  return function refuseMethod() {
    throw new ServiceError('METHOD_NOT_ALLOWED', `Send one of: ${allow}.`, { allow });
  };
}
