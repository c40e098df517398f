// The operator's endpoints: what every app's ticket is doing. For the public port behind a token, or for a port of its own.
import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import type { AppDirectory } from '../signing-app';
import { renewTicket } from './renew-ticket';

export interface OperatorRouterParts {
  readonly apps: AppDirectory;
  /** Who may: `requireOperator(tokens)`. Without it everybody who reaches the port. */
  readonly guard?: RequestHandler | undefined;
}

const noStore: RequestHandler = function noStore(_request, response, next) {
  response.set('Cache-Control', 'no-store');
  next();
};

/** `GET /admin/apps`: `{ "apps": [AppStatus, …] }`, and `POST /admin/tickets/renew`. Needs `requestContext` before and `errorHandler` after it. */
export function operatorRouter({ apps, guard }: OperatorRouterParts): Router {
  const router = Router();
  router.use('/admin', noStore, ...(guard ? [guard] : []));
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
  return router;
}
