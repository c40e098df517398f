// Serves the description of the API.
import { Router } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { createOpenApi, type OpenApiParts } from '../openapi';

/** `/openapi.json`, made once. Tools on other pages may read it. */
export function openApiRouter(parts: OpenApiParts): Router {
  const text = JSON.stringify(createOpenApi(parts));
  const router = Router();
  router
    .route('/openapi.json')
    .get(function serveDescription(_request, response) {
      response
        .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' })
        .type('application/json')
        .send(text);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
