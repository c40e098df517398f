// The Express app of `ADMIN_PORT`: the operator's endpoints, `/healthz` and `/errors`, without a token and without a prefix.
import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import type { Clock } from '../base/clock';
import { addressOf } from './client-address';
import { READABLE_BY_ALL } from './cors';
import { errorHandler } from './middleware/error-handler';
import { operatorNotFound } from './middleware/not-found';
import { requestContext } from './middleware/request-context';
import { requireOwnHost } from './middleware/require-own-host';
import { renderProblem } from './problem';
import type { PublicFiles } from './public-files';
import { assetsRoute } from './routes/assets';
import { errorsPageRouter, type ErrorsMarkdown } from './routes/errors-page';
import { explainRouter, type ExplainRouterParts } from './routes/explain';
import { livenessRouter } from './routes/health';
import { operatorRouter } from './routes/operator';
import { computeSecurityHeaders } from './security-headers';
import { prepareApp } from './server';
import type { AppDirectory } from '../apps/signing-app';
import type { AccessLog } from '../observability/access-log';
import type { Metrics } from '../observability/metrics';

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
