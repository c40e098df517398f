// The Express app of `ADMIN_PORT`: the operator's endpoints, `/healthz` and `/errors`, without a token and without a prefix.
import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import type { Clock } from './clock';
import { addressOf } from './http/client-address';
import { READABLE_BY_ALL } from './http/cors';
import { errorHandler } from './http/middleware/error-handler';
import { operatorNotFound } from './http/middleware/not-found';
import { requestContext } from './http/middleware/request-context';
import { requireOwnHost } from './http/middleware/require-own-host';
import { renderProblem } from './http/problem';
import type { PublicFiles } from './http/public-files';
import { assetsRoute } from './http/routes/assets';
import { errorsPageRouter, type ErrorsMarkdown } from './http/routes/errors-page';
import { explainRouter, type ExplainRouterParts } from './http/routes/explain';
import { livenessRouter } from './http/routes/health';
import { operatorRouter } from './http/routes/operator';
import { computeSecurityHeaders } from './http/security-headers';
import { prepareApp } from './http/server';
import type { AppDirectory } from './http/signing-app';
import type { AccessLog } from './observability/access-log';
import type { Metrics } from './observability/metrics';

/** What the operator's listener shares with the public one. */
export interface OperatorAppParts {
  readonly apps: AppDirectory;
  readonly accessLog: AccessLog;
  readonly metrics: Pick<Metrics, 'expose'>;
  readonly explain: ExplainRouterParts['explain'];
  /** The texts behind `/errors`, where the `type` of every failure leads. */
  readonly errorsMarkdown: ErrorsMarkdown;
  /** With the assets of that page among them. */
  readonly publicFiles: PublicFiles;
  readonly clock: Clock;
  /** Names at which it may be asked, beside addresses and `localhost`. */
  readonly hostNames: readonly string[];
  /** Fresh ids for requests that bring none. */
  readonly newRequestId?: () => string;
}

/** Builds the app. Serve it with `createHttpServer(app)`, inside the cluster: whoever reaches it is an operator. */
export function createOperatorApp(parts: OperatorAppParts): Express {
  const { apps, accessLog, metrics, explain, errorsMarkdown, publicFiles, clock } = parts;
  const { hostNames, newRequestId = randomUUID } = parts;
  const securityHeaders = computeSecurityHeaders();
  const app = express();
  prepareApp(app, (failure) => {
    const reply = renderProblem(failure, newRequestId(), '');
    return { ...reply, headers: { ...securityHeaders, ...READABLE_BY_ALL, ...reply.headers } };
  });
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(
    requestContext({
      // Not counted among the requests of the service.
      onRequest: accessLog,
      clientAddress: ({ socket }) => addressOf(socket),
      clock,
      newRequestId,
      securityHeaders,
    }),
    livenessRouter(),
    requireOwnHost(hostNames, 'list the name in ADMIN_HOSTNAMES'),
    operatorRouter({ apps, readMetrics: () => metrics.expose() }),
    explainRouter({ explain }),
    errorsPageRouter({ markdown: errorsMarkdown, basePath: '' }),
  );
  app.use('/assets', assetsRoute({ publicFiles }));
  app.use(operatorNotFound, errorHandler({ basePath: '' }));
  return app;
}
