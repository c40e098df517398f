// Gives every request that Express handles its id and the security headers, and logs it when its reply is done.
import type { RequestHandler } from 'express';
import type { Clock } from '../../base/clock';
import type { ServiceError } from '../../base/errors';
import type { AccessEntry } from '../access-entry';
import type { ClientAddress } from '../client-address';
import { chooseRequestId } from '../request-id';
import { splitTarget } from '../request-target';

/** What handlers share about one request. */
export interface RequestLocals extends Record<string, unknown> {
  requestId?: string;
  /** The address of the client. */
  client?: string;
  /** The name of a plain route that served the request, for the metrics. */
  endpoint?: string;
  /** The configured app that the request is about, for the log and the metrics. */
  appId?: string | undefined;
  /** Left by the error handler for the log. */
  failure?: ServiceError;
  /** Set for a reply to a frequent probe without news: it is logged at `debug`. */
  quiet?: boolean;
}

export interface RequestContextParts {
  /** Called once for every request, when its reply is done. */
  readonly onRequest: (entry: AccessEntry) => void;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly securityHeaders: Readonly<Record<string, string>>;
}

export function requestContext({
  onRequest,
  clientAddress,
  clock,
  newRequestId,
  securityHeaders,
}: RequestContextParts): RequestHandler<unknown, unknown, unknown, unknown, RequestLocals> {
  const headers = new Map(Object.entries(securityHeaders));

  return function giveContext(request, response, next) {
    const startedMs = clock.monotonicMs();
    const requestId = chooseRequestId(request.headers['x-request-id'], newRequestId);
    response.locals.requestId = requestId;
    // Read now: a connection that has ended no longer has a remote address.
    const client = clientAddress(request);
    response.locals.client = client;
    response.setHeaders(headers).setHeader('X-Request-Id', requestId);
    // `close` comes after a complete reply and after a broken one alike, once.
    response.once('close', () => {
      const { appId, failure, endpoint, quiet = false } = response.locals;
      onRequest({
        requestId,
        method: request.method,
        route: splitTarget(request.originalUrl).path,
        endpoint: endpoint ?? endpointOf(request.route),
        status: response.statusCode,
        durationMs: clock.monotonicMs() - startedMs,
        client,
        appId,
        origin: failure && request.headers.origin,
        failure,
        quiet,
      });
    });
    next();
  };
}

/** The path under which the route was made; Express leaves it at the request. */
function endpointOf(route: unknown): string {
  const path = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'other';
}
