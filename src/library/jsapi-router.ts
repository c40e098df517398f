// The signing endpoint as a router for an Express app of the user's own: `app.use('/lark', jsapiRouter(signer))`.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { UNKNOWN_CLIENT } from '../limits/client-network';
import { systemClock, type Clock } from '../base/clock';
import { ConfigError } from '../config/config-error';
import { defaultSdkUrls } from '../config/parse-sdk-urls';
import { ServiceError } from '../base/errors';
import { bindTenant } from './bind-tenant';
import { createConfigEndpoint, type EndpointReply } from '../http/config-endpoint';
import { READABLE_BY_ALL } from '../http/cors';
import { hasUnreadHeaders } from '../http/header-limits';
import { MAX_BODY_BYTES } from '../http/parse-body';
import { renderProblem } from '../http/problem';
import { createRateLimiter } from '../limits/rate-limiter';
import { readBody } from '../http/read-body';
import { chooseRequestId } from '../http/request-id';
import { splitTarget } from '../http/request-target';
import { assetsRoute } from '../http/routes/assets';
import { errorsPageRouter } from '../http/routes/pages';
import { reportRouter } from '../http/routes/report';
import { browserHelperRouter, h5SdkRouter } from '../http/routes/scripts';
import type { SigningApps, SigningApp } from '../apps/signing-app';
import {
  callable,
  findOptionFaults,
  hasMethods,
  wholeNumber,
  withMethods,
  type OptionForms,
} from './check-options';
import { readPublicFile, readVersion } from '../base/package-files';

/** A signer, and the tenant that the session of a request belongs to. */
export interface SignerInTenant {
  signer: SigningApp | undefined;
  /** The only tenant to sign for; the tenant in the request is ignored. Undefined: no tenant, `TENANT_REQUIRED`. */
  tenantKey: string | undefined;
}

/** What `resolve` finds; undefined refuses with `APP_UNKNOWN`. */
export type Resolved = SigningApp | SignerInTenant | undefined;

/** Which requests are answered, and by which signer. Exceptions of these functions reach the error handler of the app. */
export interface JsapiRouterOptions {
  /**
   * The signer for this request, for apps that serve several. Together with a `tenantKey`, for store apps, it signs for that
   * tenant and no other; without one the request's `tenant_key` is used. Default: the signer given.
   *
   * @example resolve: (request) => ({ signer, tenantKey: request.session.tenantKey })
   */
  resolve?: (request: Request) => Resolved | Promise<Resolved>;
  /** Whether this request may have a signature; false refuses with `UNAUTHORIZED`. Default: every request that reaches the app. */
  authorize?: (request: Request) => boolean | Promise<boolean>;
  /**
   * Requests for signatures per minute and client, counted by `request.ip`, so `trust proxy` of the app decides. More are refused
   * with `RATE_LIMITED`. Default: without limit.
   */
  requestsPerMinute?: number;
  clock?: Clock;
}

/**
 * `GET` and `POST /config`, `POST /report`, `/errors`, the browser helper and `/h5-sdk.js`, which the helper loads the H5 SDK
 * from, below wherever it is mounted. All other paths, and all errors but ServiceError, are passed to the app. It changes no prototype, setting or server of that app, and it
 * works before and after `express.json()`. Throws ConfigError with every wrong argument.
 *
 * @example app.use('/lark', jsapiRouter(signer, { authorize: (request) => request.session.user !== undefined }))
 */
export function jsapiRouter(signer: SigningApp, options: JsapiRouterOptions = {}): Router {
  checkCall(signer, options);
  const { resolve = () => signer, authorize = () => true, requestsPerMinute, clock = systemClock } = options;
  const limiter = requestsPerMinute ? createRateLimiter({ requestsPerMinute, clock }) : undefined;

  /** The app that this request may use; `find` throws the reason when no app may be used. */
  async function directoryFor(request: Request): Promise<SigningApps> {
    // A preflight carries no credentials; the request that follows it does.
    const isAuthorized = request.method === 'OPTIONS' || (await authorize(request));
    const resolved = isAuthorized ? await resolve(request) : undefined;
    const app = resolved && 'signer' in resolved ? inTenant(resolved) : resolved;
    return {
      find(name) {
        if (!isAuthorized) throw new ServiceError('UNAUTHORIZED', 'Sign in to this site, then ask again.');
        if (app && (name === undefined || name === app.appId || name === app.alias)) return app;
        throw new ServiceError('APP_UNKNOWN', 'There is no such app here. Omit the parameter "app".');
      },
      all: () => (app ? [app] : []),
      ready: () => app?.canSign() ?? false,
    };
  }

  async function serveConfig(
    query: string,
    ...[request, response, next]: Parameters<RequestHandler>
  ): Promise<void> {
    const { method } = request;
    // Read from the beginning: what is not read is kept by Node in the pieces it came in. The code of the app comes last: were
    // something thrown behind its promise, nothing would handle that promise's rejection.
    const [body, apps] = await Promise.all([
      method === 'POST' ? readBody(request, MAX_BODY_BYTES) : undefined,
      directoryFor(request),
    ]);
    // The client went away.
    if (method === 'POST' && body === undefined) return;
    const endpoint = createConfigEndpoint({
      apps,
      basePath: request.baseUrl,
      newRequestId: randomUUID,
      limiter,
    });
    const reply: EndpointReply = await endpoint({
      ...{ method, query, headers: headersOf(request), body },
      // Express's `trust proxy` of the app decides where the address comes from.
      client: request.ip ?? UNKNOWN_CLIENT,
      hasUnreadHeaders: hasUnreadHeaders(request),
    });
    if (reply.failure?.code === 'INTERNAL') next(reply.failure.cause);
    else response.writeHead(reply.status, reply.headers).end(reply.body);
  }

  const router = Router();
  router.use(async function serveSigning(request, response, next) {
    // Exact paths: all other paths belong to the app.
    const { path: whole, query } = splitTarget(request.url);
    const path = whole.replace(/\/$/, '');
    if (path === '/config') await serveConfig(query, request, response, next);
    else if (path === '/report') reportRouter({ apps: await directoryFor(request) })(request, response, next);
    else next();
  });
  const files = Router();
  files.use(browserHelperRouter({ publicFiles: readPublicFile, version: readVersion() }));
  // The helper's default, so a page needs nothing but its script.
  files.use(h5SdkRouter({ urls: signer.h5SdkUrls ?? defaultSdkUrls(undefined) }));
  // Where the `type` of every failure leads.
  files.use(errorsPageRouter({ publicFiles: readPublicFile }));
  files.use('/assets', assetsRoute({ publicFiles: readPublicFile }));
  router.use(files.use(answerFailure));
  return router;
}

const FORMS: OptionForms<JsapiRouterOptions> = {
  resolve: callable('(request) => signer'),
  authorize: callable('(request) => boolean'),
  requestsPerMinute: wholeNumber(0, '600'),
  clock: withMethods(['wallMs', 'monotonicMs', 'setTimer'], 'systemClock or another like it'),
};

function checkCall(signer: unknown, options: unknown): void {
  const faults = findOptionFaults(options, FORMS, '{ authorize, resolve, requestsPerMinute }', 'options');
  if (!hasMethods(signer, ['signPage', 'report']))
    faults.unshift({
      variable: 'signer',
      message: `${signer === undefined ? 'missing' : 'not a signer'}: give what createSigner returns`,
    });
  if (faults.length > 0) throw new ConfigError(faults);
}

/** Answers a ServiceError of the routes above; anything else is the app's. */
const answerFailure: ErrorRequestHandler = function answerFailure(thrown: unknown, request, response, next) {
  if (!(thrown instanceof ServiceError) || response.headersSent) {
    next(thrown);
    return;
  }
  const requestId = chooseRequestId(request.headers['x-request-id'], randomUUID);
  const { status, headers, body } = renderProblem(thrown, requestId, request.baseUrl);
  response.writeHead(status, { ...READABLE_BY_ALL, ...headers }).end(body);
};

function inTenant({ signer, tenantKey }: SignerInTenant): SigningApp | undefined {
  return signer && bindTenant(signer, tenantKey);
}

/** Those of the body as it is read here: an object that the app has parsed before comes as JSON, whatever it came as. */
function headersOf({ headers, body }: Request & { body?: unknown }): IncomingHttpHeaders {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return headers;
  return { ...headers, 'content-type': 'application/json', 'content-encoding': undefined };
}
