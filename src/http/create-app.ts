// The two HTTP apps, of the public port and of ADMIN_PORT: routes in their order, nothing else. No environment, no timers, no listen.
import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import { isOwnHost } from '../base/is-own-host';
import { systemClock, type Clock } from '../base/clock';
import { createClientAddress, type Trusts } from './client-address';
import { createConfigEndpoint, type ConfigEndpoint } from './config-endpoint';
import { READABLE_BY_ALL } from './cors';
import { errorHandler, notFound, operatorNotFound } from './middleware/failures';
import { requestContext } from './middleware/request-context';
import { requireOperator, type OperatorTokens } from './middleware/require-operator';
import { hostNotAllowed, requireOwnHost } from './middleware/require-own-host';
import { renderProblem } from './problem';
import { findAmong, findInAll } from './plain-route';
import type { PublicFiles } from './public-files';
import { createRateLimiter } from '../limits/rate-limiter';
import { assetRoutes } from './routes/assets';
import { configRoute } from './routes/config';
import { explainRouter, type ExplainRouterParts } from './routes/explain';
import { eventsRouter } from './routes/events';
import { livenessRouter, readinessRouter } from './routes/health';
import { openApiRoute } from './routes/openapi';
import { operatorRouter, type MetricsReply } from './routes/operator';
import { errorsPageRoute, publicPageRoute } from './routes/pages';
import { plainRoutes } from './routes/plain';
import { reportRoute } from './routes/report';
import { browserHelperRoutes, h5SdkRoute } from './routes/scripts';
import { computeSecurityHeaders } from './security-headers';
import { prepareApp, type MessageRejection, type Shortcuts } from './server';
import type { CompatRoute, Shape } from './shapes';
import type { SigningApps } from '../apps/signing-app';
import type { AccessEntry } from './access-entry';
import type { Secret } from '../base/secret';

/** The parts of both apps. */
interface CommonParts {
  readonly apps: SigningApps;
  /** Called once for every request. */
  readonly onRequest?: (entry: AccessEntry) => void;
  /** The reply of the operator's `/metrics`; without it the route does not exist. */
  readonly readMetrics?: () => Promise<MetricsReply>;
  /** Answers operators at `/explain`; without it the route does not exist. */
  readonly explain?: ExplainRouterParts['explain'];
  /** The page, its assets, and what the build makes: the pages of `/errors`, the browser helper, the description of the API. */
  readonly publicFiles: PublicFiles;
  /** Host names of open operator's endpoints, in addition to addresses and `localhost`. None by default. */
  readonly hostNames?: readonly string[];
  readonly clock?: Clock;
  /** Fresh ids for requests that bring none. */
  readonly newRequestId?: () => string;
}

/** The parts of the app of the public port. */
export interface AppParts extends CommonParts {
  /** Called with warnings about requests, for the operator. */
  readonly onWarning?: (message: string) => void;
  /** This package's version, which names of the browser helper carry. */
  readonly version: string;
  /** Prefix of every route and link, `/jsapi`; empty by default. */
  readonly basePath?: string;
  readonly compatRoutes?: readonly CompatRoute[];
  /** Express's `trust proxy`; `false` by default: the client is the peer of the connection. */
  readonly trustProxy?: boolean | number | string | string[];
  /** Requests for signatures per minute and client; 0, the default, is without limit. */
  readonly requestsPerMinute?: number;
  /** Where `/h5-sdk.js` leads; the page may load scripts from their origins. None by default. */
  readonly h5SdkUrls?: readonly string[];
  /** Whether `/` shows the page; not by default. */
  readonly publicPage?: boolean;
  /** Each token opens the operator's endpoints. Without one, and unless `openOperator`, the endpoints do not exist. */
  readonly adminTokens?: readonly Secret[];
  /** In place of `adminTokens`: tokens that change while the service runs. */
  readonly adminTokenFile?: OperatorTokens | undefined;
  /** Opens the operator's endpoints to every client: for the demo and development. */
  readonly openOperator?: boolean;
  /** Whether nothing at all is served under other names: for the demo. */
  readonly requiresOwnHost?: boolean;
  /** While true, `/readyz` says 503. */
  readonly isShuttingDown?: () => boolean;
}

/** The path of the official samples, whose front end works unchanged. */
const SAMPLE_ROUTE: CompatRoute = { path: '/get_config_parameters', shape: 'sample' };

/** Builds the app of the public port. Serve it with `createHttpServer(app)`. */
export function createApp(parts: AppParts): Express {
  const {
    apps,
    onRequest = () => undefined,
    onWarning = () => undefined,
    readMetrics,
    publicFiles,
    version,
    basePath = '',
    compatRoutes = [],
    trustProxy = false,
    requestsPerMinute = 0,
    h5SdkUrls = [],
    publicPage = false,
    adminTokens = [],
    adminTokenFile = { secrets: adminTokens },
    openOperator = false,
    hostNames = [],
    requiresOwnHost = false,
    explain,
    isShuttingDown = () => false,
    clock = systemClock,
    newRequestId = randomUUID,
  } = parts;
  const limiter = requestsPerMinute > 0 ? createRateLimiter({ requestsPerMinute, clock }) : undefined;
  const scriptOrigins = [...new Set(h5SdkUrls.map((url) => new URL(url).origin))];
  const { app, context, clientAddress, shortcuts } = createFrame({
    ...{ basePath, onRequest, trustProxy, clock, newRequestId },
    securityHeaders: computeSecurityHeaders({ scriptOrigins }),
    onUnbelieved: () =>
      onWarning(
        'X-Forwarded-For is present but ignored. If a proxy sets it, configure TRUST_PROXY; otherwise all clients behind it share one rate limit.',
      ),
  });

  const endpoint = (fixedShape?: Shape): ConfigEndpoint =>
    createConfigEndpoint({ apps, basePath, newRequestId, fixedShape, limiter });
  const endpoints = new Map([[`${basePath}/config`, endpoint()]]);
  for (const { path, shape } of [SAMPLE_ROUTE, ...compatRoutes]) {
    endpoints.set(`${basePath}${path}`, endpoint(shape));
  }
  if (requiresOwnHost) {
    app.use(function admitOwnHost(request, response, next) {
      if (isOwnHost(request.headers.host, hostNames)) next();
      else context(request, response, () => next(hostNotAllowed('open the address that was printed')));
    });
  }
  const serveConfig = configRoute({ endpoints, basePath, onRequest, clientAddress, clock });
  app.use(serveConfig);
  if (!requiresOwnHost) shortcuts.hotRoute = serveConfig;

  app.use(context);
  // Without the prefix too: probes do not pass the gateway.
  app.use(livenessRouter());
  app.use(
    basePath || '/',
    livenessRouter(),
    readinessRouter({ apps, isShuttingDown }),
    plainRoutes(
      findInAll(
        findAmong(
          ...(publicPage ? [publicPageRoute({ publicFiles })] : []),
          errorsPageRoute({ publicFiles, hasPage: publicPage }),
          h5SdkRoute({ urls: h5SdkUrls }),
          reportRoute({ apps }),
          openApiRoute({ publicFiles }),
        ),
        browserHelperRoutes({ publicFiles, version }),
        assetRoutes({ publicFiles }),
      ),
    ),
    eventsRouter({ apps }),
  );
  const hasOperators = openOperator || adminTokenFile.secrets.length > 0;
  if (hasOperators) {
    const guard = openOperator
      ? requireOwnHost(hostNames, 'list the name in ADMIN_HOSTNAMES')
      : requireOperator(adminTokenFile);
    app.use(basePath || '/', operatorRouter({ apps, readMetrics, guard }));
    if (explain) app.use(basePath || '/', explainRouter({ explain, guard }));
  }
  app.use(notFound({ basePath, hasPage: publicPage, hasOperators }), errorHandler({ basePath }));
  return app;
}

/**
 * Builds the app of `ADMIN_PORT`: the operator's endpoints, `/healthz` and `/errors`, without a token and without a prefix. Serve it with
 * `createHttpServer(app)` where only operators reach it.
 */
export function createOperatorApp(parts: CommonParts): Express {
  const { apps, onRequest, readMetrics, explain, publicFiles, hostNames = [] } = parts;
  const { clock = systemClock, newRequestId = randomUUID } = parts;
  const { app, context } = createFrame({
    ...{ basePath: '', onRequest, clock, newRequestId },
    securityHeaders: computeSecurityHeaders(),
  });
  app.use(
    context,
    livenessRouter(),
    requireOwnHost(hostNames, 'list the name in ADMIN_HOSTNAMES'),
    operatorRouter({ apps, readMetrics }),
    plainRoutes(findInAll(findAmong(errorsPageRoute({ publicFiles })), assetRoutes({ publicFiles }))),
  );
  if (explain) app.use(explainRouter({ explain }));
  app.use(operatorNotFound, errorHandler({ basePath: '' }));
  return app;
}

/** The parts of an app's frame. */
interface FrameParts {
  readonly basePath: string;
  readonly onRequest: CommonParts['onRequest'] | undefined;
  readonly trustProxy?: AppParts['trustProxy'];
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly securityHeaders: Readonly<Record<string, string>>;
  /** Called once, when a forwarded address arrives from a client that is not trusted. */
  readonly onUnbelieved?: () => void;
}

/** An app without routes: how its server answers what it cannot read, and what every request needs. */
function createFrame(parts: FrameParts) {
  const { basePath, trustProxy = false, clock, newRequestId, securityHeaders } = parts;
  const { onRequest = () => undefined, onUnbelieved = () => undefined } = parts;
  const app = express();
  const rejection: MessageRejection = (failure, client) => {
    const requestId = newRequestId();
    const reply = renderProblem(failure, requestId, basePath);
    // Node could not read so far: method and path are not known.
    onRequest({
      ...{ requestId, method: '-', route: '-', endpoint: 'other', status: reply.status, durationMs: 0 },
      ...{ client, failure },
    });
    return { ...reply, headers: { ...securityHeaders, ...READABLE_BY_ALL, ...reply.headers } };
  };
  const shortcuts: Shortcuts = { rejection };
  prepareApp(app, shortcuts);
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', trustProxy);
  const clientAddress = createClientAddress({
    // As Express has compiled it.
    trusts: trustProxy === false ? undefined : (app.get('trust proxy fn') as Trusts),
    onUnbelieved,
  });
  const context = requestContext({ onRequest, clientAddress, clock, newRequestId, securityHeaders });
  return { app, context, clientAddress, shortcuts };
}
