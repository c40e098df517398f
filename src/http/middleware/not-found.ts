// What is left over: there is nothing at this path.
import type { RequestHandler } from 'express';
import { ServiceError } from '../../errors';

/** Refuses with `NOT_FOUND`; mounted last. */
export const notFound: RequestHandler = function notFound() {
  throw new ServiceError('NOT_FOUND', 'There is nothing at this path. Signatures are at /config?url=….');
};
