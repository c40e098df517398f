// Serves the description of the API.
import { Router } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import type * as openApi from '../openapi/openapi';

/** `/openapi.json`, made for the first who asks: most processes are never asked. Tools on other pages may read it. */
export function openApiRouter(parts: openApi.OpenApiParts): Router {
  // One buffer for all: of a string each reply that waits to be sent would have a copy.
  let text: Buffer | undefined;
  const router = Router();
  router
    .route('/openapi.json')
    .get(function serveDescription(_request, response) {
      response
        .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' })
        .type('application/json')
        .send((text ??= describe(parts)));
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}

function describe(parts: openApi.OpenApiParts): Buffer {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronously and late, which `import` cannot
  const { createOpenApi } = require('../openapi/openapi') as typeof openApi;
  return Buffer.from(JSON.stringify(createOpenApi(parts)));
}
