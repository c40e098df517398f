// Receives the platform's events of store apps: raw bytes, before anything has parsed them.
import { Router, type Response } from 'express';
import { ServiceError } from '../../base/errors';
import { UNKNOWN_CLIENT } from '../../limits/client-network';
import { eventRejectedError } from '../../apps/event-rejected-error';
import { methodNotAllowed } from '../middleware/failures';
import type { RequestLocals } from '../middleware/request-context';
import { readBody } from '../read-body';
import type { SigningApps, SigningApp } from '../../apps/signing-app';

/** 64 KB: the platform's events are a few KB, and all of one has to be hashed before it is verified. */
const MAX_EVENT_BYTES = 64 * 1024;

/** `POST /events/<alias or app id>`. Needs `requestContext` before and `errorHandler` after it. */
export function eventsRouter({ apps }: { apps: SigningApps }): Router {
  const router = Router();
  router
    .route('/events/:app')
    .post(async function takeEvent(request, response: Response<unknown, RequestLocals>) {
      const app = findOrUndefined(apps, request.params.app);
      response.locals.appId = app?.appId;
      const body = await readBody(request, MAX_EVENT_BYTES);
      if (body === undefined) return;
      if (body.length > MAX_EVENT_BYTES)
        throw new ServiceError('BODY_TOO_LARGE', `An event holds at most ${MAX_EVENT_BYTES} bytes.`);
      const answer = await app?.receiveEvent?.({
        body,
        headers: request.headers,
        client: response.locals.client ?? UNKNOWN_CLIENT,
      });
      if (answer === undefined) throw eventRejectedError();
      response.set('Cache-Control', 'no-store').json(answer);
    })
    .all(methodNotAllowed('POST'));
  return router;
}

function findOrUndefined(apps: SigningApps, name: string): SigningApp | undefined {
  try {
    return apps.find(name);
  } catch {
    return undefined;
  }
}
