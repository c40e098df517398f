// Routes that know no framework: a request in, a reply out. Express, `node:http` and fetch handlers carry the same ones.
import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../base/errors';

/** What a route reads of a request. */
export interface PlainRequest {
  readonly method: string;
  /** Below the place where the routes are mounted; begins with `/`. */
  readonly path: string;
  /** As it was received, without its `?`; empty without a query. */
  readonly query: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: IncomingHttpHeaders;
  /**
   * The body; of a longer one its beginning, which is longer than `limitBytes` too. Undefined when the client disconnected
   * before its end: no reply is possible then.
   */
  readonly readBody: (limitBytes: number) => Promise<Buffer | undefined>;
}

export interface PlainReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for HEAD, whose headers are those of a GET. */
  readonly body: string | Buffer;
  /** The app that the request was about, for the log and the metrics. */
  readonly appId?: string | undefined;
}

export interface PlainRoute {
  /** The path as the code has it, for metrics; `other` for a path that is a pattern. */
  readonly name: string;
  /** The methods there are, as the header `Allow` lists them. */
  readonly methods: string;
  /** Undefined when the client disconnected. Throws ServiceError. */
  readonly serve: (request: PlainRequest) => PlainReply | Promise<PlainReply | undefined>;
}

/** The route of a path; undefined where there is none. */
export type FindRoute = (path: string) => PlainRoute | undefined;

export const READ_METHODS = 'GET, HEAD';

/** Finds among `routes` by their exact names, with one trailing slash ignored. */
export function findAmong(...routes: readonly PlainRoute[]): FindRoute {
  const byPath = new Map(routes.map((route) => [route.name, route]));
  return (path) => byPath.get(path) ?? byPath.get(path.replace(/\/$/, ''));
}

/** Finds in the first of `finders` that has the path. */
export function findInAll(...finders: readonly FindRoute[]): FindRoute {
  return (path) => {
    for (const find of finders) {
      const found = find(path);
      if (found) return found;
    }
    return undefined;
  };
}

/** The reply of `route`. Rejects with what the route throws, and with `METHOD_NOT_ALLOWED`. */
export async function serveRoute(route: PlainRoute, request: PlainRequest): Promise<PlainReply | undefined> {
  const { methods, serve } = route;
  const { method } = request;
  if (!methods.split(', ').includes(method)) throw methodNotAllowedError(methods);
  const reply = await serve(request);
  return reply && method === 'HEAD' ? { ...reply, body: '' } : reply;
}

/** `METHOD_NOT_ALLOWED`; `allow` lists the methods there are, as in `GET, HEAD`. */
export function methodNotAllowedError(allow: string): ServiceError {
  return new ServiceError('METHOD_NOT_ALLOWED', `Send one of: ${allow}.`, { allow });
}

/** A redirect without a text. */
export function redirectReply(
  status: 302 | 308,
  location: string,
  headers: PlainReply['headers'] = {},
): PlainReply {
  return { status, headers: { ...headers, Location: location, 'Content-Length': '0' }, body: '' };
}
