// Serves the page people look at, `public/index.html`, at the service's root. Its links are relative to it.
import { Router } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { sendPublicFile, type PublicFiles } from '../public-files';
import { splitTarget } from '../request-target';

export interface PublicPageParts {
  /** With `index.html` among them. */
  readonly publicFiles: PublicFiles;
  readonly basePath: string;
}

/** `<basePath>/`; without its slash, where the links would lead elsewhere, a redirect to it. */
export function publicPageRouter({ publicFiles, basePath }: PublicPageParts): Router {
  const router = Router();
  router
    .route('/')
    .get(async function servePublicPage(request, response, next) {
      const { path, query } = splitTarget(request.originalUrl);
      if (path === basePath) {
        response.redirect(308, `${basePath}/${query && `?${query}`}`);
        return;
      }
      const page = await publicFiles('index.html');
      if (page) sendPublicFile(response, page, 'text/html');
      else next();
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
