// The operator's endpoints: what every app's ticket is doing, and the metrics. For the public port behind a token, or for a port of its own.
import { Router, type RequestHandler, type Response } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import type { RequestLocals } from '../middleware/request-context';
import type { SigningApps } from '../../apps/signing-app';
import { putAppTicket } from './put-app-ticket';
import { renewTicket } from './renew-ticket';

/** What a scrape is answered with. */
export interface MetricsReply {
  readonly contentType: string;
  readonly text: string;
}

export interface OperatorRouterParts {
  readonly apps: SigningApps;
  /** Reads the metrics; without it there is no `/metrics`. */
  readonly readMetrics?: (() => Promise<MetricsReply>) | undefined;
  /** Who may: `requireOperator(tokens)`. Without it everybody who reaches the port. */
  readonly guard?: RequestHandler | undefined;
}

const noStore: RequestHandler = function noStore(_request, response, next) {
  response.set('Cache-Control', 'no-store');
  next();
};

/**
 * `GET /admin/apps`: `{ "apps": [AppStatus, …] }`; `POST /admin/tickets/renew`; `PUT /admin/apps/<app>/app-ticket`; `GET /metrics` in the text form of Prometheus.
 * Needs `requestContext` before and `errorHandler` after it.
 */
export function operatorRouter({ apps, readMetrics, guard }: OperatorRouterParts): Router {
  const router = Router();
  router.use(['/admin', '/metrics'], noStore, ...(guard ? [guard] : []));
  router
    .route('/admin/apps')
    .get(function listApps(_request, response) {
      response.json({ apps: apps.all().map((app) => app.status()) });
    })
    .all(methodNotAllowed('GET, HEAD'));
  router
    .route('/admin/tickets/renew')
    .post(async function renew(request, response) {
      const renewal = await renewTicket(apps, request);
      if (renewal) response.json(renewal);
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/admin/apps/:app/app-ticket')
    .put(async function takeAppTicket(request, response) {
      if (await putAppTicket(apps, request.params.app, request)) response.status(204).end();
    })
    .all(methodNotAllowed('PUT'));
  if (readMetrics) {
    router
      .route('/metrics')
      .get(async function showMetrics(_request, response: Response<string, RequestLocals>) {
        response.locals.quiet = true;
        const { contentType, text } = await readMetrics();
        response.set('Content-Type', contentType).send(text);
      })
      .all(methodNotAllowed('GET, HEAD'));
  }
  return router;
}
