// Serves the pages for people, files of `public/`: the one at the service's root, and the explanation of the error codes, where every
// problem's `type` points, in the reader's language. Their links are relative.
import { Router, type Request } from 'express';
import { methodNotAllowed } from '../middleware/failures';
import { redirect } from '../redirect';
import { createFileCache, sendPublicFile, toPublicFile, type PublicFiles } from '../public-files';
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
        redirect(response, 308, `${basePath}/${query && `?${query}`}`);
        return;
      }
      const page = await publicFiles('index.html');
      if (page) sendPublicFile(response, toPublicFile(page), 'text/html');
      else next();
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}

/** For `Content-Language`. The first is for readers who ask for neither. */
const TAGS = { en: 'en', zh: 'zh-CN' } as const;

type Language = keyof typeof TAGS;

/** The link of a built page of errors to the page at the root, `scripts/render-error-page.mjs`. */
const HOME_LINK = /<a class="home"[^\n]*/;

export interface ErrorsPageParts {
  /** With the built `errors.en.html` and `errors.zh.html` among them. */
  readonly publicFiles: PublicFiles;
  /** Whether the folder that `/errors` is in has a page, which a link leads to; not by default. */
  readonly hasPage?: boolean;
}

/**
 * `/errors` in the language of `?lang=en` or `?lang=zh`, else the one that `Accept-Language` prefers, else English. What has not
 * been built is 404 `NOT_FOUND`.
 */
export function errorsPageRouter({ publicFiles, hasPage = false }: ErrorsPageParts): Router {
  const files: PublicFiles = async (path) => {
    const built = await publicFiles(path);
    return hasPage ? built : built && Buffer.from(built.toString().replace(HOME_LINK, ''));
  };
  const pages = {
    en: createFileCache(files, 'errors.en.html'),
    zh: createFileCache(files, 'errors.zh.html'),
  };
  const router = Router();
  router
    .route('/errors')
    .get(async function serveErrorsPage(request, response) {
      const { path, query } = splitTarget(request.originalUrl);
      // There its links would lead elsewhere.
      if (path.endsWith('/')) {
        redirect(response, 308, `../errors${query && `?${query}`}`);
        return;
      }
      const language = languageOf(request);
      const page = await pages[language]();
      response.set('Content-Language', TAGS[language]).vary('Accept-Language');
      sendPublicFile(response, page, 'text/html');
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}

/**
 * `lang` may be a whole tag, `zh-CN`. Read from the raw target: an app that mounts this may parse queries in another way. And
 * nothing is decoded: a query of 47 KB of escapes took `URLSearchParams` 0.1 s.
 */
function languageOf(request: Request): Language {
  const [, asked] = /(?:^|&)lang=(en|zh)\b/i.exec(splitTarget(request.url).query) ?? [];
  const language = asked?.toLowerCase() ?? acceptedLanguage(request);
  return language === 'zh' ? 'zh' : 'en';
}

/** Browsers send under 100 characters; 40,000 take 40 ms. */
const MAX_ACCEPT_LANGUAGE = 256;

function acceptedLanguage(request: Request): string | false {
  const { headers } = request;
  const accepted = headers['accept-language'];
  if (accepted) headers['accept-language'] = accepted.slice(0, MAX_ACCEPT_LANGUAGE);
  return request.acceptsLanguages(Object.keys(TAGS));
}
