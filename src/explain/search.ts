// Looks for the mistake that gives a signature: recomputes it under each one, alone and in pairs, likely ones first.
import type { FindingCode } from './findings';
import { matchDigest } from './match-digest';
import { compute, type Recipe } from './recipe';
import type { HeldTicket } from './types';
import { urlMistakes } from './url-mistakes';
import { valueMistakes, type ValueMistake } from './value-mistakes';

/** What is asked. */
export interface Question {
  readonly signature: string;
  /** What gives the right signature. */
  readonly right: Recipe;
  /** The URL that was signed as far as the page knows, when it is another one than the right recipe's. */
  readonly claimedUrl: string | undefined;
  /** Fragments that the page had, each with its "#". */
  readonly fragments: readonly string[];
  readonly held: readonly HeldTicket[];
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
  /** How the digest is written. */
  readonly writing: readonly FindingCode[];
}

type Attempt = Omit<Match, 'writing'>;
type UrlVariant = Pick<Match, 'urlCodes'> & { url: string };

/** A hash over each further 1,024 characters counts for one more: what it costs is its length. */
const CHARACTERS_PER_HASH = 1_024;
/** After so many hashes the caller gets a turn: they take about half a millisecond. */
const HASHES_PER_TURN = 32;
/** How far apart two readings of the clock in one request may be, in ms: a signer that reads it twice. */
const MAX_SECOND_READING_MS = 1_000;

/** Gives its caller a turn between hashes; ends with the first match, or none, and the number of hashes as they count. */
export function* search(
  question: Question,
): Generator<undefined, { match: Match | undefined; hashes: number }> {
  const { signature, maxHashes } = question;
  let hashes = 0;
  let turnAt = HASHES_PER_TURN;
  for (const attempt of attempts(question)) {
    const { url, nonceStr, timestamp } = attempt.recipe;
    const cost = 1 + Math.floor((url.length + nonceStr.length + timestamp.length) / CHARACTERS_PER_HASH);
    if (hashes + cost > maxHashes) break;
    hashes += cost;
    const writing = matchDigest(signature, compute(attempt.recipe));
    if (writing !== undefined) return { match: { ...attempt, writing }, hashes };
    if (hashes < turnAt) continue;
    turnAt = hashes + HASHES_PER_TURN;
    yield;
  }
  return { match: undefined, hashes };
}

function* attempts(question: Question): Generator<Attempt> {
  const { right, claimedUrl, fragments, held } = question;
  const rightUrl: UrlVariant = { url: right.url, urlCodes: [] };
  const claimed: UrlVariant[] = claimedUrl === undefined ? [] : [{ url: claimedUrl, urlCodes: undefined }];
  const seen = new Set([right.url]);
  const urls: UrlVariant[] = [];
  const values = valueMistakes(right, question);

  yield attempt(right, rightUrl, []);
  // Made one by one, so that the caller has its turns between those of a long URL.
  for (const variants of [claimed, urlVariants(right.url, fragments)]) {
    for (const url of fresh(variants, seen)) {
      urls.push(url);
      yield attempt(right, url, []);
    }
  }
  for (const value of values) yield attempt(right, rightUrl, [value]);

  // What the page says was signed is what another ticket would have signed.
  const [signedUrl = rightUrl] = claimed;
  for (const ticket of otherTickets(held)) yield attempt(right, signedUrl, [ticket]);

  for (const url of urls) for (const value of values) yield attempt(right, url, [value]);
  for (const first of urls) {
    const second = urlVariants(first.url, []);
    for (const { url, urlCodes } of fresh(second, seen)) {
      yield attempt(
        right,
        { url, urlCodes: first.urlCodes && urlCodes && [...first.urlCodes, ...urlCodes] },
        [],
      );
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
    for (const ticket of otherTickets(held)) yield attempt(right, url, [ticket]);
}

function attempt(right: Recipe, { url, urlCodes }: UrlVariant, values: readonly ValueMistake[]): Attempt {
  const recipe = values.reduce<Recipe>((before, { change }) => ({ ...before, ...change }), { ...right, url });
  return { recipe, urlCodes, values };
}

function* urlVariants(url: string, fragments: readonly string[]): Generator<UrlVariant> {
  for (const mistake of urlMistakes(url, fragments)) yield { url: mistake.url, urlCodes: [mistake.code] };
}

/** Those whose URL was not seen before. */
function* fresh(variants: Iterable<UrlVariant>, seen: Set<string>): Generator<UrlVariant> {
  for (const variant of variants) {
    if (seen.has(variant.url)) continue;
    seen.add(variant.url);
    yield variant;
  }
}

function* otherTickets(tickets: readonly HeldTicket[]): Generator<ValueMistake> {
  for (const held of tickets) {
    if (held.kind === 'other')
      yield { code: 'TICKET_OTHER_APP', part: 'ticket', change: { ticket: held.value.reveal() }, held };
  }
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
