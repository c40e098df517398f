// Carries plain routes on Express, below wherever they are mounted.
import type { RequestHandler } from 'express';
import { READ_METHODS, redirectReply, serveRoute, type FindRoute } from '../plain-route';
import type { RequestLocals } from '../middleware/request-context';
import { readBody } from '../read-body';
import { splitTarget } from '../request-target';

/** Answers the paths that `find` knows, and passes other paths on. Needs `requestContext` before and `errorHandler` after it. */
export function plainRoutes(
  find: FindRoute,
): RequestHandler<unknown, unknown, unknown, unknown, RequestLocals> {
  return async function servePlain(request, response, next) {
    const { path, query } = splitTarget(request.url);
    const route = find(path);
    if (!route) {
      next();
      return;
    }
    const { method, headers, originalUrl, baseUrl } = request;
    response.locals.endpoint = route.name;
    // A mount path without its slash: the links of its page would lead elsewhere.
    const isCut =
      READ_METHODS.includes(method) &&
      path === '/' &&
      baseUrl !== '' &&
      splitTarget(originalUrl).path === baseUrl;
    const reply = isCut
      ? redirectReply(308, `${baseUrl}/${query && `?${query}`}`)
      : await serveRoute(route, {
          ...{ method, path, query, headers },
          readBody: (limitBytes) => readBody(request, limitBytes),
        });
    if (reply === undefined) return;
    response.locals.appId = reply.appId;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  };
}
