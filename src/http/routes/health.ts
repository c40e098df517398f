// Liveness and readiness, for orchestrators.
import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../middleware/failures';
import type { RequestLocals } from '../middleware/request-context';
import { parseRawQuery } from '../raw-query';
import { splitTarget } from '../request-target';
import type { SigningApps, SigningApp } from '../../apps/signing-app';

type Handler = RequestHandler<unknown, unknown, unknown, unknown, RequestLocals>;

export interface HealthRouterParts {
  readonly apps: SigningApps;
  /** True while the service shuts down and wants no new requests. */
  readonly isShuttingDown: () => boolean;
}

const answerAlive: Handler = function answerAlive(_request, response) {
  response.locals.quiet = true;
  response.set('Cache-Control', 'no-store').json({ alive: true });
};

/** `/healthz`: 200 while the process serves. */
export function livenessRouter(): Router {
  const router = Router();
  router.route('/healthz').get(answerAlive).all(methodNotAllowed('GET, HEAD'));
  return router;
}

/**
 * `/readyz`: 200 once an app could sign, 503 before and while shutting down. With `?app=`, whether that app can sign at
 * this moment; 400 `APP_UNKNOWN` for an unknown name.
 */
export function readinessRouter({ apps, isShuttingDown }: HealthRouterParts): Router {
  /** The last reply to a probe of each app, and under `apps` to a probe without one. Weak: an app that a reload removed is not kept. */
  const lastReady = new WeakMap<SigningApp | SigningApps, boolean>();

  const answerReady: Handler = function answerReady(request, response) {
    const { app: name } = parseRawQuery(splitTarget(request.originalUrl).query);
    const app = name === undefined ? undefined : apps.find(name);
    response.locals.appId = app?.appId;
    const ready = (app?.canSign() ?? apps.ready()) && !isShuttingDown();
    // Probes come every few seconds: the log has the first one and those that saw a change.
    response.locals.quiet = lastReady.get(app ?? apps) === ready;
    lastReady.set(app ?? apps, ready);
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready });
  };
  const router = Router();
  router.route('/readyz').get(answerReady).all(methodNotAllowed('GET, HEAD'));
  return router;
}
