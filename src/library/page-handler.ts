// What the library serves, whichever server carries it: `/config` with every rule, `/report`, `/errors`, the browser helper and `/h5-sdk.js`.
import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock';
import { ServiceError } from '../base/errors';
import { readPublicFile, readVersion } from '../base/package-files';
import type { SigningApp, SigningApps } from '../apps/signing-app';
import { ConfigError, type ConfigFault } from '../config/config-error';
import { defaultSdkUrls } from '../config/parse-sdk-urls';
import { createConfigEndpoint } from '../http/config-endpoint';
import { READABLE_BY_ALL } from '../http/cors';
import { headerList } from '../http/header-list';
import { MAX_BODY_BYTES } from '../http/parse-body';
import { findAmong, findInAll, serveRoute, type PlainRequest } from '../http/plain-route';
import { renderProblem } from '../http/problem';
import { chooseRequestId } from '../http/request-id';
import { assetRoutes } from '../http/routes/assets';
import { errorsPageRoute } from '../http/routes/pages';
import { reportRoute } from '../http/routes/report';
import { browserHelperRoutes, h5SdkRoute } from '../http/routes/scripts';
import { createRateLimiter } from '../limits/rate-limiter';
import { bindTenant } from './bind-tenant';
import {
  callable,
  findOptionFaults,
  hasMethods,
  wholeNumber,
  withMethods,
  type OptionForms,
} from './check-options';

/** A signer, and the tenant that the session of a request belongs to. */
export interface SignerInTenant {
  signer: SigningApp | undefined;
  /** The only tenant to sign for; the tenant in the request is ignored. Undefined: no tenant, `TENANT_REQUIRED`. */
  tenantKey: string | undefined;
}

/** What `resolve` finds; undefined refuses with `APP_UNKNOWN`. */
export type Resolved = SigningApp | SignerInTenant | undefined;

/** Which requests are answered, and by which signer. `R` is the request as the server has it. */
export interface PageHandlerOptions<R> {
  /**
   * The signer for this request, for servers of several apps. Together with a `tenantKey`, for store apps, it signs for that
   * tenant and no other; without one the request's `tenant_key` is used. Default: the signer given.
   *
   * @example resolve: (request) => ({ signer, tenantKey: request.session.tenantKey })
   */
  resolve?: (request: R) => Resolved | Promise<Resolved>;
  /** Whether this request may have a signature; false refuses with `UNAUTHORIZED`. Default: every request. */
  authorize?: (request: R) => boolean | Promise<boolean>;
  /** Requests for signatures per minute and client. More are refused with `RATE_LIMITED`. Default: without limit. */
  requestsPerMinute?: number;
  clock?: Clock;
}

/** A request, and what its server knows beside it. */
export interface CarriedRequest<R> extends PlainRequest {
  readonly source: R;
  /** Prefix of the links in refusals: where the routes are mounted. */
  readonly basePath: string;
  /** The client's address; clients without one are not limited. */
  readonly client: string | undefined;
  /** Whether the server may have left headers out, an `Origin` among them. */
  readonly hasUnreadHeaders: boolean;
}

/** A reply to write as it is. */
export interface CarriedReply {
  readonly status: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: string[];
  readonly body: string | Buffer;
}

/** `not-ours`: the path is none of these. `disconnected`: no reply is possible. */
export type Outcome = CarriedReply | 'not-ours' | 'disconnected';

/** Rejects with what `resolve` and `authorize` throw, and with an error of our own; every other refusal is a reply. */
export type PageHandler<R> = (request: CarriedRequest<R>) => Promise<Outcome>;

export function createPageHandler<R>(signer: SigningApp, options: PageHandlerOptions<R>): PageHandler<R> {
  const { resolve = () => signer, authorize = () => true, requestsPerMinute, clock = systemClock } = options;
  const limiter = requestsPerMinute ? createRateLimiter({ requestsPerMinute, clock }) : undefined;
  const findFile = findInAll(
    // The helper's default for the SDK, so that a page needs nothing but its script; and where the `type` of every failure leads.
    findAmong(
      h5SdkRoute({ urls: signer.h5SdkUrls ?? defaultSdkUrls(undefined) }),
      errorsPageRoute({ publicFiles: readPublicFile }),
    ),
    browserHelperRoutes({ publicFiles: readPublicFile, version: readVersion() }),
    assetRoutes({ publicFiles: readPublicFile }),
  );

  /** The app that this request may use; `find` throws the reason when no app may be used. */
  async function directoryFor({ source, method }: CarriedRequest<R>): Promise<SigningApps> {
    // A preflight carries no credentials; the request that follows it does.
    const isAuthorized = method === 'OPTIONS' || (await authorize(source));
    const resolved = isAuthorized ? await resolve(source) : undefined;
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

  async function sign(request: CarriedRequest<R>): Promise<Outcome> {
    const { method, query, headers, readBody, basePath, client, hasUnreadHeaders } = request;
    // Read from the beginning: what is not read is kept by Node in the pieces it came in. The code of the app comes last: were
    // something thrown behind its promise, nothing would handle that promise's rejection.
    const [body, apps] = await Promise.all([
      method === 'POST' ? readBody(MAX_BODY_BYTES) : undefined,
      directoryFor(request),
    ]);
    if (method === 'POST' && body === undefined) return 'disconnected';
    const endpoint = createConfigEndpoint({
      ...{ apps, basePath, newRequestId: randomUUID },
      limiter: client === undefined ? undefined : limiter,
    });
    const reply = await endpoint({ method, query, headers, body, client, hasUnreadHeaders });
    if (reply.failure?.code === 'INTERNAL') throw reply.failure.cause;
    return reply;
  }

  return async function handlePage(request) {
    const path = request.path.replace(/\/$/, '');
    // Exact paths: all other paths belong to the server.
    if (path === '/config') return sign(request);
    const route =
      path === '/report' ? reportRoute({ apps: await directoryFor(request) }) : findFile(request.path);
    if (!route) return 'not-ours';
    try {
      const reply = await serveRoute(route, request);
      return reply ? { ...reply, headers: [...headerList(reply.headers)] } : 'disconnected';
    } catch (error) {
      if (error instanceof ServiceError) return refusalReply(error, request);
      throw error;
    }
  };
}

/** `failure` as problem+json that any page may read. */
export function refusalReply(
  failure: ServiceError,
  { headers: received, basePath, method }: Pick<CarriedRequest<unknown>, 'headers' | 'basePath' | 'method'>,
): CarriedReply {
  const requestId = chooseRequestId(received['x-request-id'], randomUUID);
  const { status, headers, body } = renderProblem(failure, requestId, basePath);
  return {
    status,
    headers: [...headerList({ ...READABLE_BY_ALL, ...headers })],
    body: method === 'HEAD' ? '' : body,
  };
}

function inTenant({ signer, tenantKey }: SignerInTenant): SigningApp | undefined {
  return signer && bindTenant(signer, tenantKey);
}

/** The forms of the options that every carrier has. */
export const COMMON_FORMS: OptionForms<PageHandlerOptions<unknown>> = {
  resolve: callable('(request) => signer'),
  authorize: callable('(request) => boolean'),
  requestsPerMinute: wholeNumber(0, '600'),
  clock: withMethods(['wallMs', 'monotonicMs', 'setTimer'], 'systemClock or another like it'),
};

/** Throws ConfigError with every wrong argument of a call that makes a carrier. */
export function checkCall<Options>(
  signer: unknown,
  options: unknown,
  forms: OptionForms<Options>,
  more: readonly ConfigFault[] = [],
): void {
  const faults = findOptionFaults(options, forms, `{ ${Object.keys(forms).join(', ')} }`, 'options');
  if (!hasMethods(signer, ['signPage', 'report']))
    faults.unshift({
      variable: 'signer',
      message: `${signer === undefined ? 'missing' : 'not a signer'}: give what createSigner returns`,
    });
  if (faults.length + more.length > 0) throw new ConfigError([...faults, ...more]);
}
