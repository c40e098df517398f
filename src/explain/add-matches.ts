// Turns what recomputation found into findings: proved where nothing else gives the signature, alternatives where several mistakes do.
import { classifyUrls, codesBetween } from './classify-urls';
import { difference, type Collector } from './collector';
import type { FindingCode } from './findings';
import type { Match } from './search';
import type { Evidence, Strength } from './types';
import type { ValueMistake } from './value-mistakes';

/** What was given, which the evidence compares with what was signed. */
export interface Given {
  readonly nonceStr: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly checkedUrl: string;
  readonly fragments: readonly string[];
}

/**
 * How much a finding holds of, 0 for one mistake. Next to a narrower finding that gives the same signature a broader one is no
 * alternative: it says the same with less.
 */
const BREADTH: Partial<Record<FindingCode, number>> = {
  URL_QUERY_MISSING: 1,
  URL_QUERY_ADDED: 1,
  URL_DECODED: 1,
  URL_ENCODED: 1,
  URL_REBUILT: 2,
  URL_OTHER_PAGE: 3,
};

/**
 * Adds what the matches of a search prove: one mistake, two at once, or several of which each alone gives the signature. Gives its caller a turn
 * after every URL.
 */
export function* addMatches(
  findings: Collector,
  matches: readonly Match[],
  given: Given,
): Generator<undefined> {
  const { checkedUrl, fragments } = given;
  const causes: { readonly codes: readonly FindingCode[]; readonly evidence: Evidence }[] = [];
  for (const { recipe, urlCodes } of matches) {
    const signed = recipe.url;
    const evidence: Evidence = { type: 'difference', of: 'url', ...difference(signed, checkedUrl) };
    const found =
      urlCodes === undefined
        ? yield* classifyUrls(signed, checkedUrl, fragments)
        : urlCodes.length === 1
          ? (yield* codesBetween(checkedUrl, signed, fragments)).map((code) => [code])
          : [urlCodes];
    causes.push(...found.map((codes) => ({ codes, evidence })));
  }
  const values = matches.flatMap((match) => match.values.map((value) => ({ value, match })));
  const alone = causes.flatMap(({ codes }) => (codes.length === 1 ? codes : []));
  const isSingle = matches.every((match) => match.isSingle);
  const rivals = rivalsAmong([...alone, ...(isSingle ? values.map(({ value }) => value.code) : [])]);
  const strengthOf = (code: FindingCode): Strength => {
    if (!rivals.has(code)) return 'possible';
    return rivals.size > 1 ? 'alternative' : 'proved';
  };
  for (const { codes, evidence } of causes) {
    for (const code of codes) findings.add(code, codes.length === 1 ? strengthOf(code) : 'proved', evidence);
  }
  for (const { value, match } of values)
    findings.add(
      value.code,
      isSingle ? strengthOf(value.code) : 'proved',
      ...evidenceOf(value, match, given),
    );
  for (const code of matches[0]?.writing ?? [])
    findings.add(code, 'proved', { type: 'note', text: given.signature });
}

/**
 * Adds the mistakes between two URLs where the signature cannot be recomputed: the narrowest with `strength`, broader ones as possible.
 * Gives its caller a turn after every URL.
 */
export function* addUrlDifference(
  findings: Collector,
  strength: Strength,
  { signed, checkedUrl, fragments }: Pick<Given, 'checkedUrl' | 'fragments'> & { readonly signed: string },
): Generator<undefined> {
  const codes = (yield* classifyUrls(signed, checkedUrl, fragments)).flat();
  const rivals = rivalsAmong(codes);
  const evidence: Evidence = { type: 'difference', of: 'url', ...difference(signed, checkedUrl) };
  for (const code of codes) findings.add(code, rivals.has(code) ? strength : 'possible', evidence);
}

/** The narrowest of them. */
function rivalsAmong(codes: readonly FindingCode[]): ReadonlySet<FindingCode> {
  const breadth = (code: FindingCode): number => BREADTH[code] ?? 0;
  const least = Math.min(...codes.map(breadth));
  return new Set(codes.filter((code) => breadth(code) === least));
}

function evidenceOf({ part, note, held }: ValueMistake, { recipe }: Match, given: Given): Evidence[] {
  const evidence: Evidence[] = [];
  if (part === 'timestamp' || part === 'nonceStr')
    evidence.push({ type: 'difference', of: part, ...difference(recipe[part], given[part]) });
  // The string as it was signed, with a mask for the ticket.
  if (part === 'text' && recipe.toText)
    evidence.push({ type: 'note', text: recipe.toText({ ...recipe, ticket: '••••' }) });
  if (note !== undefined) evidence.push({ type: 'note', text: note });
  if (held) evidence.push({ type: 'ticket', owner: held.owner, fingerprint: held.fingerprint });
  return evidence;
}
