// Carries the signing endpoint on Express: hands it the request, writes its reply, logs it. Mounted first.
import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../../clock';
import type { AccessLog } from '../../observability/access-log';
import type { ConfigEndpoint, EndpointReply } from '../config-endpoint';
import { MAX_BODY_BYTES } from '../parse-body';
import { readBody } from '../read-body';
import { splitTarget } from '../request-target';

export interface ConfigRouteParts {
  /** By exact path. A table, not a pattern: it is the hot path, and configured paths may hold any character. */
  readonly endpoints: ReadonlyMap<string, ConfigEndpoint>;
  readonly accessLog: AccessLog;
  readonly clock: Clock;
}

/** Answers the paths in `endpoints`, with one trailing slash forgiven, and leaves the rest to others. */
export function configRoute({ endpoints, accessLog, clock }: ConfigRouteParts): RequestHandler {
  return function serveConfig(request, response, next) {
    const startedMs = clock.monotonicMs();
    const { path } = splitTarget(request.url);
    const route = endpoints.has(path) ? path : path.replace(/\/$/, '');
    const endpoint = endpoints.get(route);
    if (!endpoint) {
      next();
      return;
    }
    const { method, url: target, headers } = request;
    const finish = (reply: EndpointReply): void => {
      write(response, reply);
      log(request, route, startedMs, reply);
    };
    if (method === 'POST') return answerPost(endpoint, request, finish);
    const reply = endpoint({ method, target, headers });
    if ('then' in reply) return reply.then(finish);
    finish(reply);
    return;
  };

  async function answerPost(
    endpoint: ConfigEndpoint,
    request: Request,
    finish: (reply: EndpointReply) => void,
  ): Promise<void> {
    const { method, url: target, headers } = request;
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body) finish(await endpoint({ method, target, headers, body }));
  }

  function log(request: Request, route: string, startedMs: number, reply: EndpointReply): void {
    accessLog({
      requestId: reply.requestId,
      method: request.method,
      route,
      status: reply.status,
      durationMs: clock.monotonicMs() - startedMs,
      client: request.ip,
      appId: reply.appId,
      pageOrigin: reply.pageOrigin,
      failure: reply.failure,
    });
  }
}

function write(response: Response, { status, headers, body }: EndpointReply): void {
  response.writeHead(status, headers).end(body);
}
