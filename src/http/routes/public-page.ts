// Serves the page people look at, `public/index.html`, at the service's root. Its links are relative to it.
import { Router } from 'express';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { splitTarget } from '../request-target';

export interface PublicPageParts {
  /** The folder with `index.html`, by its absolute path. */
  readonly publicDirectory: string;
  readonly basePath: string;
}

/** `<basePath>/`; without its slash, where the links would lead elsewhere, a redirect to it. */
export function publicPageRouter({ publicDirectory, basePath }: PublicPageParts): Router {
  const router = Router();
  router
    .route('/')
    .get(function servePublicPage(request, response) {
      const { path, query } = splitTarget(request.originalUrl);
      if (path === basePath) {
        response.redirect(308, `${basePath}/${query && `?${query}`}`);
        return;
      }
      // A new release may bring another page; the file's date lets a browser keep it until then.
      response.set('Cache-Control', 'no-cache');
      response.sendFile('index.html', { root: publicDirectory, cacheControl: false });
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
