// Why a signature was refused: joins what recomputation proves with what the platform's text and the values show.
import { addDirectEvidence } from './add-direct-evidence';
import { addMatches, addUrlDifference } from './add-matches';
import { Collector } from './collector';
import { readRefusal, type Refusal } from './read-refusal';
import { search, type Match } from './search';
import type { ExplainOptions, Explanation, Facts } from './types';
import { textWithoutValues } from './value-mistakes';

/** 20,000: every pair of mistakes of a long page URL with 10,000 other apps' tickets, in about 50 ms. */
const DEFAULT_MAX_HASHES = 20_000;

/** The code for a signature that the platform computes otherwise. */
const INVALID_SIGNATURE = 333441;

/** The whole explanation at once. For at most some 100 ms: a server takes `explainSteps`. */
export function explain(facts: Facts, options: ExplainOptions): Explanation {
  const steps = explainSteps(facts, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * The explanation, with a turn for the caller after every hash and every URL, some 0.3 ms of work at most. Never throws, whatever the facts; the ticket
 * never appears in the result.
 */
export function* explainSteps(facts: Facts, options: ExplainOptions): Generator<undefined, Explanation> {
  const { tickets, others = [], nowMs, maxHashes = DEFAULT_MAX_HASHES } = options;
  const refusal = readRefusal(facts.errorText ?? '', facts.errorCode);
  const { code } = refusal;
  const { nonceStr, signature } = facts;
  const timestamp = facts.timestamp === undefined ? refusal.timestamp : String(facts.timestamp);
  const fullUrls = [refusal.url, facts.pageUrl, facts.url].flatMap((url) => (url ? [url] : []));
  const checkedUrl = fullUrls[0]?.split('#', 1)[0];
  const current = tickets.find(({ kind }) => kind === 'current');
  const findings = new Collector();

  let matches: readonly Match[] = [];
  let hashes = 0;
  const needed = { url: checkedUrl, timestamp, nonceStr, signature, ticket: current };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [name]));
  const fragments = [
    ...new Set(fullUrls.map((url) => url.slice(url.split('#', 1)[0]?.length)).filter(Boolean)),
  ];
  const claimedUrl = facts.url && facts.url !== checkedUrl ? facts.url : undefined;
  const hashed = textWithoutValues(signature ?? '');
  if (hashed !== undefined) {
    findings.add('HASH_OF_NOTHING', 'proved', { type: 'note', text: JSON.stringify(hashed) });
  } else if (signature && nonceStr && timestamp && checkedUrl && current) {
    const right = { ticket: current.value.reveal(), nonceStr, timestamp, url: checkedUrl };
    const otherTimestamps: string[] =
      refusal.timestamp !== undefined && refusal.timestamp !== timestamp ? [refusal.timestamp] : [];
    const question = {
      signature,
      right,
      claimedUrl,
      fragments,
      held: tickets,
      others,
      otherTimestamps,
      maxHashes,
    };
    ({ matches, hashes } = yield* search(question));
    yield* addMatches(findings, matches, { nonceStr, timestamp, signature, checkedUrl, fragments });
  } else if (claimedUrl && checkedUrl) {
    // What the client names was checked; a page may have moved since.
    const strength = refusal.url === undefined ? 'possible' : 'shown';
    yield* addUrlDifference(findings, strength, { signed: claimedUrl, checkedUrl, fragments });
  }
  const [match] = matches;
  const isRight = match !== undefined && !findings.hasFirm;
  addDirectEvidence(findings, { facts, refusal, checkedUrl, tickets, nowMs, match });

  if (findings.hasFirm) return { verdict: 'explained', findings: findings.sorted(), hashes };
  if (isRight && code !== INVALID_SIGNATURE) return { verdict: 'valid', findings: findings.sorted(), hashes };
  addUnknown(findings, { isRight, missing, facts, refusal });
  return { verdict: 'unknown', findings: findings.sorted(), hashes };
}

function addUnknown(
  findings: Collector,
  {
    isRight,
    missing,
    facts,
    refusal,
  }: { isRight: boolean; missing: readonly string[]; facts: Facts; refusal: Refusal },
): void {
  if (isRight) {
    const isPageKnown = facts.pageUrl !== undefined || refusal.url !== undefined;
    const { ticketPrefix, signaturePrefix } = refusal;
    if (!isPageKnown) findings.add('PAGE_UNKNOWN', 'possible');
    else if (ticketPrefix === undefined) findings.add('TICKET_DIFFERS', 'possible');
    // One that differs has been shown: so the platform means our ticket, and refuses what is right with it.
    else if (signaturePrefix !== undefined && !facts.signature?.startsWith(signaturePrefix))
      findings.add('SIGNATURE_CHANGED', 'possible', { type: 'note', text: `${signaturePrefix}****` });
    else findings.add('REFUSED_THOUGH_RIGHT', 'possible');
    return;
  }
  if (missing.length > 0) {
    findings.add('FACTS_MISSING', 'possible', { type: 'note', text: missing.join(', ') });
    return;
  }
  if (!/^[\da-f]{40}$/i.test(facts.signature ?? '')) findings.add('SIGNATURE_SHAPE', 'possible');
  findings.add('UNKNOWN_CAUSE', 'possible');
}
