// The endpoint that returns signatures: pure and synchronous, a request in, a reply out. Express only carries it.
import type { IncomingHttpHeaders } from 'node:http';
import { withoutParameters } from '../base/without-parameters';
import { UNKNOWN_CLIENT } from '../limits/client-network';
import { asServiceError, ServiceError } from '../base/errors';
import type { RequestSubject } from './access-entry';
import { parsePageUrl } from '../signing/page-url';
import { shownOrigin } from '../signing/shown-origin';
import type { PageUrl, SignedConfig } from '../signing/types';
import {
  checkOrigins,
  preflightCors,
  refusalCors,
  refuseUnreadable,
  signatureCors,
  type Readers,
} from './cors';
import { DATA_HEADERS } from './data-headers';
import { headersTooLarge } from './header-limits';
import { headerList, type HeaderList } from './header-list';
import { parseBody } from './parse-body';
import { renderProblem, type Reply } from './problem';
import { PARAMETER_NAMES, parseRawQuery, repeatedParameter, type Parameters } from './raw-query';
import { chooseRequestId } from './request-id';
import type { RateLimiter, RateVerdict } from '../limits/rate-limiter';
import { isShape, renderShape, SHAPE_NAMES, type Shape } from './shapes';
import type { SigningApps, SigningApp } from '../apps/signing-app';

/** What the endpoint reads of a request. */
export interface EndpointRequest {
  readonly method: string;
  /** As it was received, without its `?`; empty without a query. */
  readonly query: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: IncomingHttpHeaders;
  /** The raw body of a POST. */
  readonly body?: Buffer | undefined;
  /** The client's address, under which it is counted; clients without one are counted together. */
  readonly client?: string | undefined;
  /** Whether it may have more headers than `headers`, an `Origin` among them: `hasUnreadHeaders(request)`. */
  readonly hasUnreadHeaders?: boolean;
}

/** A reply to write, and what the access log says of it. */
export interface EndpointReply extends Omit<Reply, 'headers'>, RequestSubject {
  /** A list of its own, as `writeHead` wants it. */
  readonly headers: string[];
  readonly requestId: string;
  readonly failure?: ServiceError;
}

/** Never throws and never rejects. A promise only while the app has no valid ticket. */
export type ConfigEndpoint = (request: EndpointRequest) => EndpointReply | Promise<EndpointReply>;

export interface ConfigEndpointParts {
  readonly apps: SigningApps;
  /** Prefix of the links in refusals; empty by default. */
  readonly basePath?: string;
  /** A fresh id for a request that brings none. */
  readonly newRequestId: () => string;
  /** The one shape of this path, whatever `shape` asks for; without it, `shape` chooses and `config` is the default. */
  readonly fixedShape?: Shape | undefined;
  /** Counts requests per client; without it no client is limited. */
  readonly limiter?: RateLimiter | undefined;
}

const METHODS = 'GET, HEAD, POST, OPTIONS';

/** The values of `kind`; without one a page is signed for. */
export const KINDS = ['component'] as const;

const SECURITY_HEADERS = headerList(DATA_HEADERS);

const SIGNATURE_HEADERS = headerList({
  ...DATA_HEADERS,
  'Content-Type': 'application/json; charset=utf-8',
  // A signature is accepted once: a cached one would be refused.
  'Cache-Control': 'no-store',
});

const NO_HEADERS: HeaderList = [];

/** In UTF-16 units, for the log: longer than the paths of pages, and a small part of a line that a flood may repeat. */
const MAX_LOGGED_PATH_LENGTH = 512;

/** The part of a request that its refusal reads; not the body, which a reply that waits would keep. */
type Asking = Pick<EndpointRequest, 'method' | 'query'>;

/** What is known of a request so far, for its refusal. */
interface Progress {
  readonly requestId: string;
  readonly origin: string | undefined;
  rate?: RateVerdict;
  asked?: Parameters;
  app?: SigningApp;
  page?: PageUrl;
}

/**
 * Makes the endpoint behind `/config` and its compatible paths. Every failure becomes problem+json.
 *
 * @example createConfigEndpoint(parts)({ method: 'GET', query: 'url=https%3A%2F%2Fh.cn%2F', headers: {} })
 */
export function createConfigEndpoint(parts: ConfigEndpointParts): ConfigEndpoint {
  const { apps, basePath = '', newRequestId, fixedShape, limiter } = parts;

  const listedByAny: Readers = {
    any: false,
    allows: (origin) =>
      apps.all().some(({ allowedOrigins }) => !allowedOrigins.any && allowedOrigins.allows(origin)),
  };

  return function configEndpoint(request) {
    // While a reply waits, so does what its closures name: not the request, which holds the body.
    const { method, query, headers } = request;
    const progress: Progress = {
      requestId: chooseRequestId(headers['x-request-id'], newRequestId),
      origin: headers.origin,
    };
    const refuse = (thrown: unknown): EndpointReply =>
      withoutBody(method, refusal(progress, { method, query }, thrown));
    try {
      if (request.hasUnreadHeaders) throw headersTooLarge();
      // A preflight is not counted: it costs less than its refusal, which no page could read.
      if (method === 'OPTIONS') return preflight(progress, request);
      // Nor is what other pages have a visitor's browser send unseen: it would use up the limit of the visitor's network.
      refuseUnreadable(headers);
      if (limiter) {
        progress.rate = limiter.take(request.client ?? UNKNOWN_CLIENT);
        if (progress.rate.isOver) throw rateLimited(progress.rate);
      }
      const parameters = (progress.asked = readParameters(request));
      const app = (progress.app = apps.find(parameters.app));
      const shape = fixedShape ?? chooseShape(parameters.shape);
      const page = (progress.page = parsePageUrl(parameters.url ?? missingUrl(), app.allowedOrigins));
      checkOrigins(page, progress.origin, app.allowedOrigins);
      const answer = (config: SignedConfig): EndpointReply =>
        withoutBody(method, signatureReply(progress, app, page, renderShape(shape, config)));
      const config = app.signPage(page, {
        tenantKey: parameters.tenant_key,
        client: request.client,
        isComponent: isComponent(parameters.kind),
      });
      return 'then' in config ? config.then(answer).catch(refuse) : answer(config);
    } catch (error) {
      return refuse(error);
    }
  };

  function signatureReply(progress: Progress, app: SigningApp, page: PageUrl, body: string): EndpointReply {
    const { requestId, origin, rate, asked } = progress;
    return {
      status: 200,
      headers: [
        ...SIGNATURE_HEADERS,
        ...signatureCors(origin, app.allowedOrigins),
        ...(rate?.headers ?? NO_HEADERS),
        'Content-Length',
        String(Buffer.byteLength(body)),
        'X-Request-Id',
        requestId,
      ],
      body,
      requestId,
      appId: app.appId,
      tenantKey: asked?.tenant_key,
      pageOrigin: shownOrigin(page),
    };
  }

  function refusal(progress: Progress, { method, query }: Asking, thrown: unknown): EndpointReply {
    const { requestId, origin, rate } = progress;
    const failure = asServiceError(thrown);
    const { status, headers, body } = renderProblem(failure, requestId, basePath);
    const asked = progress.asked ?? quietly(() => parseRawQuery(query));
    // Parameters that were read before the refusal name no app, or there would be one.
    const app = progress.app ?? (progress.asked ? undefined : asked && quietly(() => apps.find(asked.app)));
    const readers = app?.allowedOrigins ?? readersOfDefault();
    return {
      status,
      headers: [
        ...SECURITY_HEADERS,
        ...headerList(refusalCors(origin, readers)),
        ...(rate?.headers ?? NO_HEADERS),
        ...headerList(headers),
      ],
      body,
      requestId,
      ...describeSubject(progress, asked, method === 'POST' && asked?.app === undefined ? progress.app : app),
      failure,
    };
  }

  function preflight({ requestId, origin }: Progress, { query, headers }: EndpointRequest): EndpointReply {
    const allowed = quietly(() => apps.find(parseRawQuery(query).app))?.allowedOrigins ?? readersOfDefault();
    return {
      status: 204,
      headers: [
        ...SECURITY_HEADERS,
        ...headerList(preflightCors(origin, headers['access-control-request-headers'], allowed)),
        ...['Allow', METHODS],
        ...['Cache-Control', 'no-store'],
        ...['X-Request-Id', requestId],
      ],
      body: '',
      requestId,
    };
  }

  /**
   * Whose list of origins decides who may read a reply while the query names no app: the one that is used when none is
   * named, else every app's: the app may be named in a body that is yet to come.
   * Faults are not reported here but with the reply to the request.
   */
  function readersOfDefault(): Readers {
    return quietly(() => apps.find(undefined))?.allowedOrigins ?? listedByAny;
  }
}

/** The log fields of a refused request: its parameters, `app` as far as it is certain. */
function describeSubject(
  { asked: read, origin, page: parsed }: Progress,
  asked: Parameters | undefined,
  app: SigningApp | undefined,
): RequestSubject {
  const { url, app: name, tenant_key: tenantKey } = asked ?? {};
  // The request was refused unread, mostly for its rate: its page is not known.
  const page =
    parsed ??
    (read || !app || url === undefined ? undefined : quietly(() => parsePageUrl(url, app.allowedOrigins)));
  return {
    ...(app && { appId: app.appId }),
    ...(!app && name !== undefined && { unknownApp: name }),
    ...(tenantKey !== undefined && { tenantKey }),
    ...(page && { pageOrigin: shownOrigin(page), pagePath: pathOf(page) }),
    ...(origin !== undefined && { origin }),
  };
}

/** The path of a page, without its query. */
function pathOf({ toSign, origin }: PageUrl): string {
  const path = toSign.slice(origin.length);
  const queryAt = path.indexOf('?');
  return withoutParameters(queryAt < 0 ? path : path.slice(0, queryAt), MAX_LOGGED_PATH_LENGTH);
}

function quietly<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/** Query and body are one set of parameters: a parameter in both is ambiguous. */
function readParameters({ method, query, headers, body }: EndpointRequest): Parameters {
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    throw new ServiceError('METHOD_NOT_ALLOWED', 'Send GET or POST.', { allow: METHODS });
  }
  const inQuery = parseRawQuery(query);
  if (method !== 'POST' || !body) return inQuery;
  const inBody = parseBody(body, headers);
  for (const name of PARAMETER_NAMES) {
    if (inQuery[name] !== undefined && inBody[name] !== undefined) throw repeatedParameter(name);
  }
  return { ...inQuery, ...inBody };
}

function chooseShape(name = 'config'): Shape {
  if (isShape(name)) return name;
  throw new ServiceError('NOT_FOUND', `There is no such shape. The shapes are ${SHAPE_NAMES.join(', ')}.`);
}

function rateLimited({ resetSeconds }: RateVerdict): ServiceError {
  return new ServiceError(
    'RATE_LIMITED',
    `Too many requests came from this address. Send the next one in ${resetSeconds} s; request one signature per page load.`,
    { retryAfterSeconds: resetSeconds },
  );
}

function isComponent(kind: string | undefined): boolean {
  if (kind === undefined) return false;
  if ((KINDS as readonly string[]).includes(kind)) return true;
  throw new ServiceError(
    'NOT_FOUND',
    'Unknown kind. Use kind=component for web components; omit it for pages.',
  );
}

function missingUrl(): never {
  throw new ServiceError(
    'URL_MISSING',
    'The parameter "url" is missing or empty. Send url=encodeURIComponent(location.href.split(\'#\')[0]).',
  );
}

/** A HEAD has the headers of a GET, its length included. */
function withoutBody(method: string, reply: EndpointReply): EndpointReply {
  return method === 'HEAD' ? { ...reply, body: '' } : reply;
}
