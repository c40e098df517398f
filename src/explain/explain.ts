// Why a signature was refused: joins what recomputation proves with what the platform's text and the values show.
import { classifyUrls, codesBetween } from './classify-urls';
import { addDirectEvidence } from './add-direct-evidence';
import { Collector, difference } from './collector';
import { readRefusal, type Refusal } from './read-refusal';
import { search, type Match } from './search';
import type { Evidence, ExplainOptions, Explanation, Facts } from './types';

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

  let match: Match | undefined;
  let hashes = 0;
  const isComputable = [signature, nonceStr, timestamp, checkedUrl, current].every(Boolean);
  if (signature && nonceStr && timestamp && checkedUrl && current) {
    const fragments = [
      ...new Set(fullUrls.map((url) => url.slice(url.split('#', 1)[0]?.length)).filter(Boolean)),
    ];
    const claimedUrl = facts.url && facts.url !== checkedUrl ? facts.url : undefined;
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
    ({ match, hashes } = yield* search(question));
    if (match) {
      const signed = match.recipe.url;
      const urlCodes = match.urlCodes ?? (yield* classifyUrls(signed, checkedUrl, fragments));
      const evidence: Evidence = { type: 'difference', of: 'url', ...difference(signed, checkedUrl) };
      for (const urlCode of urlCodes) findings.add(urlCode, 'proved', evidence);
      addValues(findings, match, { nonceStr, timestamp, signature });
      // Other mistakes that give the same URL: each alone would do, and is less likely.
      const alike = urlCodes.length === 1 ? yield* codesBetween(checkedUrl, signed, fragments) : [];
      for (const urlCode of alike) findings.add(urlCode, 'possible', evidence);
    }
  }
  const isRight = match !== undefined && !findings.hasFirm;
  addDirectEvidence(findings, { facts, refusal, code, checkedUrl, tickets, nowMs, match });

  if (findings.hasFirm) return { verdict: 'explained', findings: findings.sorted(), hashes };
  if (isRight && code !== INVALID_SIGNATURE) return { verdict: 'valid', findings: findings.sorted(), hashes };
  addUnknown(findings, { isRight, isComputable, facts, refusal });
  return { verdict: 'unknown', findings: findings.sorted(), hashes };
}

function addValues(
  findings: Collector,
  { recipe, values, writing }: Match,
  { nonceStr, timestamp, signature }: { nonceStr: string; timestamp: string; signature: string },
): void {
  for (const { code, part, note, held } of values) {
    const evidence: Evidence[] = [];
    if (part === 'timestamp')
      evidence.push({ type: 'difference', of: part, ...difference(recipe.timestamp, timestamp) });
    if (part === 'nonceStr')
      evidence.push({ type: 'difference', of: part, ...difference(recipe.nonceStr, nonceStr) });
    // The string as it was signed, with a mask for the ticket.
    if (part === 'text' && recipe.toText)
      evidence.push({ type: 'note', text: recipe.toText({ ...recipe, ticket: '••••' }) });
    if (note !== undefined) evidence.push({ type: 'note', text: note });
    if (held) evidence.push({ type: 'ticket', owner: held.owner, fingerprint: held.fingerprint });
    findings.add(code, 'proved', ...evidence);
  }
  for (const code of writing) findings.add(code, 'proved', { type: 'note', text: signature });
}

function addUnknown(
  findings: Collector,
  {
    isRight,
    isComputable,
    facts,
    refusal,
  }: { isRight: boolean; isComputable: boolean; facts: Facts; refusal: Refusal },
): void {
  if (isRight) {
    const isPageKnown = facts.pageUrl !== undefined || refusal.url !== undefined;
    findings.add(isPageKnown ? 'TICKET_DIFFERS' : 'PAGE_UNKNOWN', 'possible');
    return;
  }
  if (!isComputable) {
    findings.add('FACTS_MISSING', 'possible');
    return;
  }
  if (!/^[\da-f]{40}$/i.test(facts.signature ?? '')) findings.add('SIGNATURE_SHAPE', 'possible');
  findings.add('UNKNOWN_CAUSE', 'possible');
}
