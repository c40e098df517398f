// The query of a request whose server has parsed it and written it again, as Next does: everything in it is encoded now, and a page
// URL that was cut at its `&` looks like one that was not.
import { PARAMETER_NAMES } from '../http/raw-query';

const isKnown = (parameter: string): boolean =>
  PARAMETER_NAMES.some((name) => parameter === name || parameter.startsWith(`${name}=`));

/** Whether the server of `request` is one that does so: a `NextRequest`, which has a `nextUrl`. */
export function isQueryRebuilt(request: Request): boolean {
  return 'nextUrl' in request;
}

/**
 * `query` with its slashes as a page URL without encoding has them where it may have been one, so that it is refused: where a
 * parameter that means nothing here follows `url`. Of a URL that was encoded nothing follows but parameters of ours.
 *
 * @example restoreCutUrl('url=https%3A%2F%2Fh.cn%2F%3Fa%3D1&b=2') // 'url=https%3A//h.cn/%3Fa%3D1&b=2'
 */
export function restoreCutUrl(query: string): string {
  const parameters = query.split('&');
  const urlAt = parameters.findIndex((parameter) => parameter.startsWith('url='));
  const isCut = urlAt >= 0 && !parameters.slice(urlAt).every(isKnown);
  return isCut ? query.replaceAll('%2F', '/') : query;
}
