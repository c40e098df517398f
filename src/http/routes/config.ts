// Carries the signing endpoint on Express, where it is mounted first, and on its server before Express is entered: hands it the request, writes
// its reply, logs it.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock';
import type { AccessEntry } from '../access-entry';
import type { ClientAddress } from '../client-address';
import type { ConfigEndpoint, EndpointReply } from '../config-endpoint';
import { hasUnreadHeaders } from '../header-limits';
import { MAX_BODY_BYTES } from '../parse-body';
import { readBody } from '../read-body';
import { splitTarget } from '../request-target';
import type { HotRoute } from '../server';

export interface ConfigRouteParts {
  /** By exact path. A table, not a pattern: it is the hot path, and configured paths may hold any character. */
  readonly endpoints: ReadonlyMap<string, ConfigEndpoint>;
  /** Prefix of the paths in `endpoints`. */
  readonly basePath: string;
  /** Called once for every request that was answered here. */
  readonly onRequest: (entry: AccessEntry) => void;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
}

/** Answers the paths in `endpoints`, with one trailing slash ignored, and passes other paths on. */
export function configRoute(parts: ConfigRouteParts): HotRoute {
  const { endpoints, basePath, onRequest, clientAddress, clock } = parts;

  return function serveConfig(request, response, next) {
    const startedMs = clock.monotonicMs();
    const { path, query } = splitTarget(request.url ?? '');
    const route = endpoints.has(path) ? path : path.replace(/\/$/, '');
    const endpoint = endpoints.get(route);
    if (!endpoint) {
      next();
      return;
    }
    const { method = 'GET', headers } = request;
    const client = clientAddress(request);
    // A server of createHttpServer has refused such a request before.
    const isCut = hasUnreadHeaders(request);
    const finish = (reply: EndpointReply, waited: boolean): void => {
      const { requestId, status, failure } = reply;
      const { appId, unknownApp, tenantKey, pageOrigin, pagePath, origin } = reply;
      write(response, reply);
      onRequest({
        requestId,
        method,
        route,
        endpoint: route.slice(basePath.length),
        status,
        durationMs: clock.monotonicMs() - startedMs,
        client,
        appId,
        unknownApp,
        tenantKey,
        pageOrigin,
        pagePath,
        origin,
        failure,
        ...(waited && { waited }),
      });
    };
    const answer = (body?: Buffer): void | Promise<void> => {
      const reply = endpoint({ method, query, headers, body, client, hasUnreadHeaders: isCut });
      if ('then' in reply) return reply.then((late) => finish(late, true));
      finish(reply, false);
      return;
    };
    if (method !== 'POST') return answer();
    return readBody(request, MAX_BODY_BYTES).then((body) => body && answer(body));
  };
}

function write(response: ServerResponse, { status, headers, body }: EndpointReply): void {
  response.writeHead(status, headers).end(body);
}
