// The end of every route: refuses a path that does not exist, with the setting that may be missing.
import type { RequestHandler } from 'express';
import { ServiceError } from '../../base/errors';
import { splitTarget } from '../request-target';

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
