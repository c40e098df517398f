// The end of every failure in Express: problem+json, whatever was thrown and however late.
import type { ErrorRequestHandler } from 'express';
import { asServiceError, ServiceError } from '../../base/errors';
import { READABLE_BY_ALL } from '../cors';
import { renderProblem } from '../problem';
import type { RequestLocals } from './request-context';

type Handler = ErrorRequestHandler<unknown, unknown, unknown, unknown, RequestLocals>;

/** Needs `requestContext` before it. `basePath` is the prefix of the links in refusals. */
export function errorHandler({ basePath }: { basePath: string }): Handler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows an error handler by its four parameters
  return function handleError(thrown: unknown, _request, response, _next) {
    const failure = (response.locals.failure = toServiceError(thrown));
    if (response.headersSent) {
      // Half a reply is out: the connection is cut, so that nobody takes it for a whole one.
      response.destroy();
      return;
    }
    const { status, headers, body } = renderProblem(failure, response.locals.requestId ?? '', basePath);
    response.writeHead(status, { ...READABLE_BY_ALL, ...headers }).end(body);
  };
}

/** Express and its file server throw errors with a 4xx status for paths that do not decode or lead nowhere. */
function toServiceError(thrown: unknown): ServiceError {
  const status = thrown instanceof Error && 'status' in thrown ? Number(thrown.status) : 0;
  if (!(thrown instanceof ServiceError) && status >= 400 && status < 500) {
    return new ServiceError('NOT_FOUND', 'This path leads nowhere: it is malformed or names no file.');
  }
  return asServiceError(thrown);
}
