// Serves the documentation of the error codes as a page, where every problem's `type` points, in the reader's language.
import { Router, type Request } from 'express';
import { renderMarkdownPage } from '../markdown-page';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { splitTarget } from '../request-target';

/** The texts of `docs/errors.md` and `docs/errors.zh-CN.md`: the same headings of codes, so the same anchors. */
export interface ErrorsMarkdown {
  readonly en: string;
  readonly zh: string;
}

type Language = keyof ErrorsMarkdown;

/** For `Content-Language` and the page itself. The first is for readers who ask for neither. */
const TAGS = { en: 'en', zh: 'zh-CN' } as const satisfies Record<Language, string>;

/** What stands around the text. */
const WORDS = {
  en: { contents: 'Contents', top: '↑ Top', page: '← JSAPI signer' },
  zh: { contents: '目录', top: '↑ 顶部', page: '← JSAPI 签名服务' },
} as const satisfies Record<Language, object>;

/**
 * `/errors`, rendered once in each language: the one of `?lang=en` or `?lang=zh`, else the one that `Accept-Language` prefers,
 * else English. Its links are relative to `basePath`; one leads to the page there, with `hasPage`.
 */
export function errorsPageRouter({
  markdown,
  basePath,
  hasPage = false,
}: {
  markdown: ErrorsMarkdown;
  basePath: string;
  hasPage?: boolean;
}): Router {
  // One buffer for all: of a string each reply that waits to be sent would have a copy.
  const render = (language: Language): Buffer => {
    const { contents, top, page } = WORDS[language];
    return Buffer.from(
      renderMarkdownPage(linkedByLanguage(markdown[language]), `${basePath}/assets`, TAGS[language], {
        contents,
        top,
        home: hasPage ? { href: `${basePath}/`, text: page } : undefined,
      }),
    );
  };
  const pages = { en: render('en'), zh: render('zh') };
  const router = Router();
  router
    .route('/errors')
    .get(function serveErrorsPage(request, response) {
      const language = languageOf(request);
      response
        // Asked for rarely, and a new release may bring a new text.
        .set({ 'Cache-Control': 'no-cache', 'Content-Language': TAGS[language] })
        .vary('Accept-Language')
        .type('html')
        .send(pages[language]);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}

/** The documents name each other by file, at their top; as pages they are one path. */
function linkedByLanguage(markdown: string): string {
  return markdown.replace('](errors.md)', '](?lang=en)').replace('](errors.zh-CN.md)', '](?lang=zh)');
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
