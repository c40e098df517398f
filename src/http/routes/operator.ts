// The operator's endpoints: the state of every app's ticket, its renewal, the app ticket of a store app, the metrics. For the public port behind a
// token, or for a port of its own.
import { Router, type RequestHandler, type Request, type Response } from 'express';
import * as z from 'zod';
import { ServiceError } from '../../base/errors';
import { methodNotAllowed } from '../middleware/failures';
import type { RequestLocals } from '../middleware/request-context';
import { readJson } from '../read-json';
import type { Renewal, SigningApps } from '../../apps/signing-app';

/** The reply to a scrape. */
export interface MetricsReply {
  readonly contentType: string;
  readonly text: string;
}

export interface OperatorRouterParts {
  readonly apps: SigningApps;
  /** Reads the metrics; without it there is no `/metrics`. */
  readonly readMetrics?: (() => Promise<MetricsReply>) | undefined;
  /** Admits requests: `requireOperator(tokens)`. Without it every client that reaches the port is admitted. */
  readonly guard?: RequestHandler | undefined;
}

/** 4 KB: three short names, or an app ticket of some 40 characters. */
const MAX_BYTES = 4 * 1024;

/** The body of a manual renewal. */
export const renewalRequestSchema = z.strictObject({
  app: z.string().optional(),
  tenantKey: z.string().optional(),
  fingerprint: z.string().optional(),
});

/** The body that hands over an app ticket, visible ASCII, as in the event that it comes from. */
export const appTicketRequestSchema = z.strictObject({ appTicket: z.string().regex(/^[\x21-\x7e]+$/) });

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

/**
 * Outcome of the renewal that `request` asks for; undefined when the client disconnected. Throws ServiceError: those of `readJson`,
 * `APP_UNKNOWN` and what `SigningApp.renew` rejects with.
 */
async function renewTicket(
  apps: SigningApps,
  request: Request,
): Promise<({ app: string } & Renewal) | undefined> {
  const wanted = await readJson(request, {
    schema: renewalRequestSchema,
    maxBytes: MAX_BYTES,
    expected:
      'Send {"app": "<alias or app id>"} as application/json, "tenantKey" and "fingerprint" are optional.',
  });
  if (wanted === undefined) return undefined;
  const { app: name, tenantKey, fingerprint } = wanted;
  const app = apps.find(name);
  return { app: app.alias ?? app.appId, ...(await app.renew({ tenantKey, fingerprint })) };
}

/**
 * Accepts the app ticket in the body; false when the client disconnected. Throws ServiceError: those of `readJson`, `APP_UNKNOWN`, and
 * `NOT_FOUND` for a custom app, which has none.
 */
async function putAppTicket(apps: SigningApps, name: string, request: Request): Promise<boolean> {
  const sent = await readJson(request, {
    schema: appTicketRequestSchema,
    maxBytes: MAX_BYTES,
    expected: 'Send {"appTicket": "…"} as application/json.',
  });
  if (sent === undefined) return false;
  const app = apps.find(name);
  if (app.setAppTicket === undefined)
    throw new ServiceError('NOT_FOUND', 'This is no store app: it has no app ticket.');
  await app.setAppTicket(sent.appTicket);
  return true;
}
