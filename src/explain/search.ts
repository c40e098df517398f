// Looks for the mistake that gives a signature: recomputes it under each one, alone and in pairs, likely ones first.
import type { FindingCode } from './findings';
import { prepareGbk } from './text-encodings';
import type { HeldTicket } from './types';
import { urlMistakes } from './url-mistakes';
import { compute, valueMistakes, type Recipe, type ValueMistake } from './value-mistakes';

/** What is asked. */
export interface Question {
  readonly signature: string;
  /** What gives the right signature. */
  readonly right: Recipe;
  /** The URL that was signed as far as the page knows, when it is another one than the right recipe's. */
  readonly claimedUrl: string | undefined;
  /** Fragments that the page had, each with its "#". */
  readonly fragments: readonly string[];
  /** The app's own tickets. */
  readonly held: readonly HeldTicket[];
  /** Current tickets of other apps and tenants. */
  readonly others: Iterable<HeldTicket>;
  /** Other timestamps that are known of, as text. */
  readonly otherTimestamps: readonly string[];
  readonly maxHashes: number;
}

/** A recipe that gives the signature, and the mistakes in it: none when it is the right one. */
export interface Match {
  readonly recipe: Recipe;
  /** Of the URL; `undefined` when the claimed URL was signed, whose mistakes are to be named. */
  readonly urlCodes: readonly FindingCode[] | undefined;
  readonly values: readonly ValueMistake[];
  /** Whether it is one mistake alone. */
  readonly isSingle: boolean;
  /** How the digest is written. */
  readonly writing: readonly FindingCode[];
}

type Attempt = Omit<Match, 'writing'>;
type UrlVariant = Pick<Match, 'urlCodes'> & { url: string };

/** A hash over each further 1,024 characters counts for one more: what it costs is its length. */
const CHARACTERS_PER_HASH = 1_024;
/** How far apart two readings of the clock in one request may be, in ms: a signer that reads it twice. */
const MAX_SECOND_READING_MS = 1_000;

/**
 * Gives its caller a turn after every hash and every URL; ends with the first match, with all other single mistakes that match when it is one
 * of them, and with the number of hashes as they count.
 */
export function* search(question: Question): Generator<undefined, { matches: Match[]; hashes: number }> {
  const { signature, maxHashes } = question;
  const matches: Match[] = [];
  let hashes = 0;
  for (const attempt of attempts(question)) {
    yield;
    if (attempt === undefined) continue;
    if (matches.length > 0 && !attempt.isSingle) break;
    const { url, nonceStr, timestamp } = attempt.recipe;
    const cost = 1 + Math.floor((url.length + nonceStr.length + timestamp.length) / CHARACTERS_PER_HASH);
    if (hashes + cost > maxHashes) break;
    hashes += cost;
    const writing = matchDigest(signature, compute(attempt.recipe));
    if (writing === undefined) continue;
    matches.push({ ...attempt, writing });
    if (!attempt.isSingle) break;
  }
  return { matches, hashes };
}

/** What is worth a hash, likely ones first; undefined for a URL that is not, which has taken its time all the same. */
function* attempts(question: Question): Generator<Attempt | undefined> {
  const { right, claimedUrl, fragments, others } = question;
  const rightUrl: UrlVariant = { url: right.url, urlCodes: [] };
  const claimed: UrlVariant[] = claimedUrl === undefined ? [] : [{ url: claimedUrl, urlCodes: undefined }];
  const seen = new Set([right.url]);
  const urls: UrlVariant[] = [];
  const values = valueMistakes(right, question);

  yield attempt(right, rightUrl, []);
  // Made one by one, so that the caller has its turns between those of a long URL.
  for (const variants of [claimed, urlVariants(right.url, fragments)]) {
    for (const url of fresh(variants, seen)) {
      if (url) urls.push(url);
      yield url && attempt(right, url, []);
    }
  }
  if ([right.url, ...urls.map(({ url }) => url)].some(isBeyondAscii)) yield* prepareGbk();
  for (const value of values) yield attempt(right, rightUrl, [value]);

  // What the page says was signed is what another ticket would have signed.
  const [signedUrl = rightUrl] = claimed;
  for (const held of others) yield attempt(right, signedUrl, [otherTicket(held)]);

  for (const url of urls) for (const value of values) yield attempt(right, url, [value]);
  for (const first of urls) {
    const second = urlVariants(first.url, []);
    for (const variant of fresh(second, seen)) {
      const urlCodes = variant?.urlCodes && first.urlCodes && [...first.urlCodes, ...variant.urlCodes];
      yield variant && attempt(right, { url: variant.url, urlCodes }, []);
    }
  }
  for (const [index, first] of values.entries()) {
    for (const second of values.slice(index + 1)) {
      if (first.part !== second.part) yield attempt(right, rightUrl, [first, second]);
    }
  }
  for (const url of [rightUrl, ...claimed]) {
    for (const value of secondReadings(right.timestamp)) yield attempt(right, url, [value]);
  }
  for (const url of [rightUrl, ...urls])
    for (const held of others) yield attempt(right, url, [otherTicket(held)]);
}

/** Undefined for a mistake that changes nothing in this string. */
function attempt(
  right: Recipe,
  { url, urlCodes }: UrlVariant,
  values: readonly ValueMistake[],
): Attempt | undefined {
  if (values.some(({ isForBeyondAscii }) => isForBeyondAscii) && !isBeyondAscii(url)) return undefined;
  const recipe = values.reduce<Recipe>((before, { change }) => ({ ...before, ...change }), { ...right, url });
  return { recipe, urlCodes, values, isSingle: (urlCodes?.length ?? 2) + values.length === 1 };
}

function isBeyondAscii(text: string): boolean {
  return /[^\p{ASCII}]/u.test(text);
}

function* urlVariants(url: string, fragments: readonly string[]): Generator<UrlVariant> {
  for (const mistake of urlMistakes(url, fragments)) yield { url: mistake.url, urlCodes: [mistake.code] };
}

/** Those whose URL was not seen before, and undefined in place of the others. */
function* fresh(variants: Iterable<UrlVariant>, seen: Set<string>): Generator<UrlVariant | undefined> {
  for (const variant of variants) {
    yield seen.has(variant.url) ? undefined : variant;
    seen.add(variant.url);
  }
}

function otherTicket(held: HeldTicket): ValueMistake {
  return { code: 'TICKET_OTHER_APP', part: 'ticket', change: { ticket: held.value.reveal() }, held };
}

/** The timestamps near `timestamp`, nearest first. */
function* secondReadings(timestamp: string): Generator<ValueMistake> {
  if (!/^\d{13}$/.test(timestamp)) return;
  for (let apartMs = 1; apartMs <= MAX_SECOND_READING_MS; apartMs += 1) {
    for (const readMs of [Number(timestamp) - apartMs, Number(timestamp) + apartMs]) {
      yield { code: 'TIMESTAMP_CHANGED', part: 'timestamp', change: { timestamp: String(readMs) } };
    }
  }
}

/** No codes when `signature` is `hex` itself; those of its way of writing; undefined when it is another digest. */
function matchDigest(signature: string, hex: string): readonly FindingCode[] | undefined {
  if (signature === hex) return [];
  const lower = signature.toLowerCase();
  if (lower === hex) return ['SIGNATURE_UPPER_CASE'];
  // All bytes but a few are written with two digits, so a digest that lost zeros keeps more than half of them.
  if (lower.length < hex.length && lower.length >= hex.length / 2) {
    const isDropped = lower === withoutLeadingZeros(hex) || lower === withoutZerosOfBytes(hex);
    if (isDropped)
      return lower === signature
        ? ['SIGNATURE_ZEROS_DROPPED']
        : ['SIGNATURE_ZEROS_DROPPED', 'SIGNATURE_UPPER_CASE'];
  }
  if (/[^\da-f]/.test(lower) && toBase64Url(signature) === Buffer.from(hex, 'hex').toString('base64url'))
    return ['SIGNATURE_BASE64'];
  return undefined;
}

/** As a big number is written. */
function withoutLeadingZeros(hex: string): string {
  return hex.replace(/^0+/, '');
}

/** As each byte is written as a number of its own. */
function withoutZerosOfBytes(hex: string): string {
  return hex.replace(/0([\da-f])|([1-9a-f][\da-f])/g, '$1$2');
}

function toBase64Url(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
