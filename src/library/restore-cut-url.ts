// For servers that parse the query of a request and write it again, as Next does: everything in it is then encoded, and a page URL
// that was cut at its `&` looks like a whole URL.
import { PARAMETER_NAMES } from '../http/raw-query';

const isKnown = (parameter: string): boolean =>
  PARAMETER_NAMES.some((name) => parameter === name || parameter.startsWith(`${name}=`));

/** Whether the server of `request` wrote its query again: a `NextRequest`, which has a `nextUrl`. */
export function isQueryRebuilt(request: Request): boolean {
  return 'nextUrl' in request;
}

/**
 * `query`, in which the page URL may have been cut: then with unescaped slashes, for which parseRawQuery refuses it. It may have been
 * cut where a parameter that means nothing here follows `url`; behind a whole URL the browser helper sends parameters of ours only.
 *
 * @example restoreCutUrl('url=https%3A%2F%2Fh.cn%2F%3Fa%3D1&b=2') // 'url=https%3A//h.cn/%3Fa%3D1&b=2'
 */
export function restoreCutUrl(query: string): string {
  const parameters = query.split('&');
  const urlAt = parameters.findIndex((parameter) => parameter.startsWith('url='));
  const isCut = urlAt >= 0 && !parameters.slice(urlAt).every(isKnown);
  return isCut ? query.replaceAll('%2F', '/') : query;
}
