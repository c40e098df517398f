// Serves the documentation of the error codes as a page, where every problem's `type` points.
import { Router } from 'express';
import { renderMarkdownPage } from '../markdown-page';
import { methodNotAllowed } from '../middleware/method-not-allowed';

/** `/errors`, rendered once. `markdown` is the text of `docs/errors.md`. */
export function errorsPageRouter({ markdown, basePath }: { markdown: string; basePath: string }): Router {
  const page = renderMarkdownPage(markdown, `${basePath}/assets`);
  const router = Router();
  router
    .route('/errors')
    .get(function serveErrorsPage(_request, response) {
      // Asked for rarely, and a new release may bring a new text.
      response.set('Cache-Control', 'no-cache').type('html').send(page);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
