// Names the mistakes by which a signed URL differs from the one the client checks. Compares texts, computes no hash.
import type { FindingCode } from './findings';
import { urlMistakes } from './url-mistakes';

/** What a mistake is called when it is the client's URL that it makes of the signed one. */
const REVERSED: Partial<Record<FindingCode, FindingCode>> = {
  URL_CUT_AT_AMPERSAND: 'URL_QUERY_ADDED',
  URL_QUERY_MISSING: 'URL_QUERY_ADDED',
  URL_ENCODED: 'URL_DECODED',
  URL_DECODED: 'URL_ENCODED',
  URL_ORIGIN_ONLY: 'URL_OTHER_PAGE',
  URL_NOT_ABSOLUTE: 'URL_OTHER_PAGE',
};

/**
 * Each cause by which `signed` came of `checked`: of one code, or of two mistakes at once. Never empty; `URL_OTHER_PAGE` when no
 * mistake makes one URL of the other. Gives its caller a turn after every URL.
 */
export function* classifyUrls(
  signed: string,
  checked: string,
  fragments: readonly string[],
): Generator<undefined, readonly (readonly FindingCode[])[]> {
  const single = yield* codesBetween(checked, signed, fragments);
  if (single.length > 0) return single.map((code) => [code]);
  const reversed = (yield* codesBetween(signed, checked, [])).map((code) => REVERSED[code] ?? code);
  if (reversed.length > 0) return [...new Set(reversed)].map((code) => [code]);
  for (const first of urlMistakes(checked, fragments)) {
    const [second] = yield* codesBetween(first.url, signed, []);
    if (second !== undefined) return [[...new Set([first.code, second])]];
  }
  return [['URL_OTHER_PAGE']];
}

/** Every mistake that makes `to` of `from`. Gives its caller a turn after every URL. */
export function* codesBetween(
  from: string,
  to: string,
  fragments: readonly string[],
): Generator<undefined, FindingCode[]> {
  const codes = new Set<FindingCode>();
  for (const { code, url } of urlMistakes(from, fragments)) {
    if (url === to) codes.add(code);
    yield;
  }
  return [...codes];
}
