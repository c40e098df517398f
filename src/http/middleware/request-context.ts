// Gives every request that Express handles its id and the security headers, and logs it when its reply is done.
import type { RequestHandler } from 'express';
import type { Clock } from '../../clock';
import type { ServiceError } from '../../errors';
import type { AccessLog } from '../../observability/access-log';
import { chooseRequestId } from '../request-id';
import { splitTarget } from '../request-target';

/** What handlers share about one request. */
export interface RequestLocals extends Record<string, unknown> {
  requestId?: string;
  /** Left by the error handler for the log. */
  failure?: ServiceError;
  /** Set by health checks, which are logged at `debug`. */
  quiet?: boolean;
}

export interface RequestContextParts {
  readonly accessLog: AccessLog;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly securityHeaders: Readonly<Record<string, string>>;
}

export function requestContext({
  accessLog,
  clock,
  newRequestId,
  securityHeaders,
}: RequestContextParts): RequestHandler<unknown, unknown, unknown, unknown, RequestLocals> {
  const headers = new Map(Object.entries(securityHeaders));

  return function giveContext(request, response, next) {
    const startedMs = clock.monotonicMs();
    const requestId = chooseRequestId(request.headers['x-request-id'], newRequestId);
    response.locals.requestId = requestId;
    response.setHeaders(headers).setHeader('X-Request-Id', requestId);
    // `close` comes after a complete reply and after a broken one alike, once.
    response.once('close', () => {
      const { failure, quiet = false } = response.locals;
      accessLog({
        requestId,
        method: request.method,
        route: splitTarget(request.originalUrl).path,
        status: response.statusCode,
        durationMs: clock.monotonicMs() - startedMs,
        client: request.ip,
        failure,
        quiet,
      });
    });
    next();
  };
}
