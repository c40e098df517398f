// Serves the description of the API, `public/openapi.json`, which the build makes of `http/openapi/`.
import { Router } from 'express';
import { methodNotAllowed } from '../middleware/failures';
import { createFileCache, sendPublicFile, type PublicFiles } from '../public-files';

/** `/openapi.json`. Tools on other pages may read it. */
export function openApiRouter({ publicFiles }: { publicFiles: PublicFiles }): Router {
  const readDescription = createFileCache(publicFiles, 'openapi.json');
  const router = Router();
  router
    .route('/openapi.json')
    .get(async function serveDescription(_request, response) {
      response.set('Access-Control-Allow-Origin', '*');
      sendPublicFile(response, await readDescription(), 'application/json');
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
