// The signing endpoint as a router for an Express app of the user's own: `app.use('/lark', jsapiRouter(signer))`.
import { Router, type Request } from 'express';
import { UNKNOWN_CLIENT } from '../limits/client-network';
import { hasUnreadHeaders } from '../http/header-limits';
import { readBody } from '../http/read-body';
import { splitTarget } from '../http/request-target';
import type { SigningApp } from '../apps/signing-app';
import { headersOf } from './parsed-body';
import { checkCall, COMMON_FORMS, createPageHandler, type PageHandlerOptions } from './page-handler';

/**
 * Which requests are answered, and by which signer. Exceptions of these functions reach the error handler of the app. Clients are
 * told apart by `request.ip`, so `trust proxy` of the app decides.
 */
export type JsapiRouterOptions = PageHandlerOptions<Request>;

/**
 * `GET` and `POST /config`, `POST /report`, `/errors`, the browser helper and `/h5-sdk.js`, which the helper loads the H5 SDK
 * from, below wherever it is mounted. All other paths, and all errors but ServiceError, are passed to the app. It changes no prototype, setting or server of that app, and it
 * works before and after `express.json()`. Throws ConfigError with every wrong argument.
 *
 * @example app.use('/lark', jsapiRouter(signer, { authorize: (request) => request.session.user !== undefined }))
 */
export function jsapiRouter(signer: SigningApp, options: JsapiRouterOptions = {}): Router {
  checkCall(signer, options, COMMON_FORMS);
  const handle = createPageHandler(signer, options);
  const router = Router();
  router.use(async function serveJsapi(request, response, next) {
    const outcome = await handle({
      ...splitTarget(request.url),
      source: request,
      method: request.method,
      headers: headersOf(request),
      readBody: (limitBytes) => readBody(request, limitBytes),
      basePath: request.baseUrl,
      client: request.ip ?? UNKNOWN_CLIENT,
      hasUnreadHeaders: hasUnreadHeaders(request),
    });
    if (outcome === 'not-ours') next();
    else if (outcome !== 'disconnected')
      response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  });
  return router;
}
