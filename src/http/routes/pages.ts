// Serves the pages for people, files of `public/`: the one at the service's root, and the explanation of the error codes, where every
// problem's `type` points, in the reader's language. Their links are relative.
import { ServiceError } from '../../base/errors';
import { READ_METHODS, redirectReply, type PlainRequest, type PlainRoute } from '../plain-route';
import { createFileCache, fileReply, toPublicFile, type PublicFiles } from '../public-files';

/** `/`, the page; read from the disk at every visit. */
export function publicPageRoute({ publicFiles }: { publicFiles: PublicFiles }): PlainRoute {
  return {
    name: '/',
    methods: READ_METHODS,
    async serve(request) {
      const page = await publicFiles('index.html');
      if (page === undefined) throw new ServiceError('NOT_FOUND', 'There is nothing at this path.');
      return fileReply(request, toPublicFile(page), 'text/html');
    },
  };
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
export function errorsPageRoute({ publicFiles, hasPage = false }: ErrorsPageParts): PlainRoute {
  const files: PublicFiles = async (path) => {
    const built = await publicFiles(path);
    return hasPage ? built : built && Buffer.from(built.toString().replace(HOME_LINK, ''));
  };
  const pages = {
    en: createFileCache(files, 'errors.en.html'),
    zh: createFileCache(files, 'errors.zh.html'),
  };
  return {
    name: '/errors',
    methods: READ_METHODS,
    async serve(request) {
      const { path, query } = request;
      // There its links would lead elsewhere.
      if (path.endsWith('/')) return redirectReply(308, `../errors${query && `?${query}`}`);
      const language = languageOf(request);
      return fileReply(request, await pages[language](), 'text/html', {
        'Content-Language': TAGS[language],
        Vary: 'Accept-Language',
      });
    },
  };
}

/** `lang` may be a whole tag, `zh-CN`. Nothing is decoded: a query of 47 KB of escapes took `URLSearchParams` 0.1 s. */
function languageOf({ query, headers }: PlainRequest): Language {
  const [, asked] = /(?:^|&)lang=(en|zh)\b/i.exec(query) ?? [];
  const language = asked?.toLowerCase() ?? acceptedLanguage(headers['accept-language'] ?? '');
  return language === 'zh' ? 'zh' : 'en';
}

/** Browsers send under 100 characters; 40,000 take 40 ms. */
const MAX_ACCEPT_LANGUAGE = 256;

/** The language of the highest weight in `accepted`, the first of several; undefined when neither is accepted (RFC 9110, 12.5.4). */
function acceptedLanguage(accepted: string): string | undefined {
  const ranges = accepted
    .slice(0, MAX_ACCEPT_LANGUAGE)
    .toLowerCase()
    .split(',')
    .map((range) => /^\s*(en|zh|\*)(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+)\s*)?$/.exec(range))
    .filter((match) => match !== null)
    .map(([, language, weight = '1']) => ({ language, weight: Number(weight) }));
  const best = Math.max(...ranges.map(({ weight }) => weight));
  return best > 0 ? ranges.find(({ weight }) => weight === best)?.language : undefined;
}
