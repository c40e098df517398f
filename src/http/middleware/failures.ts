// The end of every route: refusals of methods and paths that do not exist, and problem+json for every exception.
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { asServiceError, ServiceError } from '../../base/errors';
import { READABLE_BY_ALL } from '../cors';
import { methodNotAllowedError } from '../plain-route';
import { renderProblem } from '../problem';
import { splitTarget } from '../request-target';
import type { RequestLocals } from './request-context';

/** Refuses with `METHOD_NOT_ALLOWED`; `allow` lists the methods there are, as in `GET, HEAD`. */
export function methodNotAllowed(allow: string): RequestHandler {
  return function refuseMethod() {
    throw methodNotAllowedError(allow);
  };
}

/** What the listener serves: no refusal names a path beyond it. */
export interface NotFoundParts {
  /** Prefix of every path; empty for none. */
  readonly basePath: string;
  /** Whether `<basePath>/` is the page. */
  readonly hasPage: boolean;
  /** Whether the operator's endpoints are below `basePath`. */
  readonly hasOperators: boolean;
}

/** Paths of the operator's endpoints, below the prefix. */
const OPERATORS = /^\/(?:metrics|explain|admin)(?:\/|$)/i;
/** A path of the service behind a prefix that is not ours. */
const PREFIXED =
  /.\/(?:config|get_config_parameters|readyz|report|errors|openapi\.json|lark-jsapi\.m?js|h5-sdk\.js)\/?$/i;

const STRIPPED =
  'If a proxy removes the prefix, make it keep the prefix (nginx: proxy_pass http://signer; without a slash at the end).';
const ADDED =
  'If a proxy adds a prefix, set BASE_PATH to it, or make the proxy remove it (nginx: proxy_pass http://signer/; with a slash at the end).';

/** Refuses with `NOT_FOUND`; mounted last on the public listener. */
export function notFound({ basePath, hasPage, hasOperators }: NotFoundParts): RequestHandler {
  function whatIsMissing(relative: string): string {
    if (OPERATORS.test(relative) && !hasOperators)
      return "The operator's endpoints are off here: set ADMIN_TOKEN to open them on this port, or ADMIN_PORT for a port of their own.";
    if (relative === '/' && !hasPage) return 'The page is off: PUBLIC_PAGE=on turns it on.';
    return 'There is nothing at this path.';
  }

  return function refuseNotFound(request) {
    const { path } = splitTarget(request.originalUrl);
    const isOutside = path !== basePath && !path.startsWith(`${basePath}/`);
    const relative = isOutside ? path : path.slice(basePath.length) || '/';
    const sentences = [
      whatIsMissing(relative),
      isOutside && `Every path begins with the prefix of BASE_PATH=${basePath}.`,
      `Signatures are at ${basePath}/config?url=….`,
      hasPage && `The page is at ${basePath}/.`,
      isOutside ? STRIPPED : PREFIXED.test(relative) && ADDED,
    ];
    throw new ServiceError('NOT_FOUND', sentences.filter(Boolean).join(' '));
  };
}

/** The same for the listener of `ADMIN_PORT`, which has no prefix and no signatures. */
export const operatorNotFound: RequestHandler = function refuseOperatorNotFound() {
  throw new ServiceError(
    'NOT_FOUND',
    "There is nothing at this path. ADMIN_PORT serves the operator's endpoints, without BASE_PATH: /metrics, /admin/apps. Signatures are at the port of PORT.",
  );
};

type Handler = ErrorRequestHandler<unknown, unknown, unknown, unknown, RequestLocals>;

/** Needs `requestContext` before it. `basePath` is the prefix of the links in refusals. */
export function errorHandler({ basePath }: { basePath: string }): Handler {
  return function handleError(thrown: unknown, _request, response, _next) {
    const failure = (response.locals.failure = toServiceError(thrown));
    if (response.headersSent) {
      // Half a reply is out: the connection is cut, so that no client takes it for a whole reply.
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
