// What the platform's text, its code and the values show without any recomputation.
import { difference, type Collector } from './collector';
import { FINDING_OF_PLATFORM_CODE } from './findings';
import type { Refusal } from './read-refusal';
import type { Match } from './search';
import type { Evidence, Facts, HeldTicket } from './types';

/** The input. */
export interface DirectContext {
  readonly facts: Facts;
  readonly refusal: Refusal;
  readonly checkedUrl: string | undefined;
  readonly tickets: readonly HeldTicket[];
  readonly nowMs: number;
  /** What recomputation found. */
  readonly match: Match | undefined;
}

/** The nonces of the official samples and of the official documentation. */
const KNOWN_NONCES = ['13oEviLbrTo458A3NjrOwS70oTOXVOAm', 'Y7a8KkqX041bsSwT'];

/** Documented: a signature lives 10 minutes. */
const SIGNATURE_LIFE_MS = 600_000;
/** The year 1973 in milliseconds, 5138 in seconds: a current time below it is in seconds. */
const MIN_MILLISECONDS = 1e11;
/** As much as the platform's own text shows. A longer comparison would reveal more of a ticket. */
const SHOWN_OF_TICKET = 5;

/** The last moment that a Date can hold. */
const MAX_DATE_MS = 8.64e15;

const TOO_OLD = 333444;

/** Adds what is shown, and what is possible by the time. */
export function addDirectEvidence(findings: Collector, context: DirectContext): void {
  addTicket(findings, context);
  addNonce(findings, context);
  addTimestamp(findings, context);
  addPage(findings, context);
  addCode(findings, context);
  addAge(findings, context);
}

function addTicket(findings: Collector, { facts, refusal, tickets }: DirectContext): void {
  if (facts.ticketInReply === true) findings.add('TICKET_IN_REPLY', 'shown');
  const current = tickets.find(({ kind }) => kind === 'current');
  if (current === undefined) return;
  const prefix = refusal.ticketPrefix?.slice(0, SHOWN_OF_TICKET);
  if (prefix !== undefined && !current.value.reveal().startsWith(prefix)) {
    findings.add('TICKET_DIFFERS', 'shown', { type: 'note', text: `${prefix}****` });
  }
  const { appId } = facts;
  if (appId !== undefined && current.owner.startsWith('cli_') && !current.owner.startsWith(appId)) {
    findings.add('APP_ID_DIFFERS', 'shown', {
      type: 'difference',
      of: 'appId',
      ...difference(appId, current.owner),
    });
  }
}

function addNonce(findings: Collector, { facts, refusal }: DirectContext): void {
  const { nonceStr } = facts;
  const prefix = refusal.noncePrefix;
  if (nonceStr !== undefined && prefix !== undefined && !nonceStr.startsWith(prefix)) {
    const isCase = nonceStr.toLowerCase().startsWith(prefix.toLowerCase());
    const checked = `${prefix}****`;
    findings.add(isCase ? 'NONCE_LETTER_CASE' : 'NONCE_CHANGED', 'shown', {
      type: 'difference',
      of: 'nonceStr',
      ...difference(nonceStr, checked),
    });
  }
  if (nonceStr !== undefined && KNOWN_NONCES.includes(nonceStr)) {
    findings.add('NONCE_CONSTANT', 'shown', { type: 'note', text: nonceStr });
  } else if (
    nonceStr === undefined &&
    prefix !== undefined &&
    KNOWN_NONCES.some((known) => known.startsWith(prefix))
  ) {
    findings.add('NONCE_CONSTANT', 'possible', { type: 'note', text: `${prefix}****` });
  }
}

function addTimestamp(findings: Collector, { facts, refusal, match }: DirectContext): void {
  if (typeof facts.timestamp === 'string') {
    findings.add('TIMESTAMP_STRING', 'shown', { type: 'note', text: JSON.stringify(facts.timestamp) });
  }
  const given = facts.timestamp === undefined ? undefined : String(facts.timestamp);
  const stated = given ?? refusal.timestamp;
  if (stated === undefined || !/^\d{1,15}$/.test(stated)) return;
  const timestampMs = Number(stated);
  if (timestampMs < MIN_MILLISECONDS || Number(refusal.timestamp) < MIN_MILLISECONDS) {
    // Recomputed with it as it is: then it was signed in seconds as well.
    const isProved =
      match?.recipe.timestamp === given && given !== undefined && timestampMs < MIN_MILLISECONDS;
    const seconds = timestampMs < MIN_MILLISECONDS ? stated : String(refusal.timestamp);
    findings.add('TIMESTAMP_IN_SECONDS', isProved ? 'proved' : 'shown', { type: 'note', text: seconds });
    return;
  }
  if (given !== undefined && refusal.timestamp !== undefined && refusal.timestamp !== given) {
    const evidence: Evidence = {
      type: 'difference',
      of: 'timestamp',
      ...difference(given, refusal.timestamp),
    };
    findings.add('TIMESTAMP_CHANGED', 'shown', evidence);
  }
}

/** Last, since the age of what is explained already says little: it grows during the search for the cause. */
function addAge(findings: Collector, { facts, refusal, nowMs }: DirectContext): void {
  const { code } = refusal;
  const timestampMs = Number(facts.timestamp ?? refusal.timestamp);
  if (!(timestampMs >= MIN_MILLISECONDS && timestampMs < MAX_DATE_MS)) {
    // The code alone says it, unless the wrong unit of the timestamp does.
    if (code !== TOO_OLD || findings.hasFirm) return;
    findings.add('SIGNATURE_OLD', 'shown', { type: 'note', text: String(code) });
    // The usual cause, as long as nothing says what the timestamp is.
    findings.add('TIMESTAMP_IN_SECONDS', 'possible');
    return;
  }
  const ageMs = nowMs - timestampMs;
  const times = [timestampMs, nowMs].map((ms) => new Date(ms).toISOString());
  const note: Evidence = { type: 'note', text: times.join(' → ') };
  if (code === TOO_OLD)
    findings.add(ageMs > SIGNATURE_LIFE_MS ? 'SIGNATURE_OLD' : 'CLOCK_OFF', 'shown', note);
  else if (findings.hasFirm) return;
  else if (ageMs > SIGNATURE_LIFE_MS) findings.add('SIGNATURE_OLD', 'possible', note);
  else if (ageMs < -SIGNATURE_LIFE_MS) findings.add('CLOCK_OFF', 'possible', note);
}

function addPage(findings: Collector, { facts: { pageUrl }, refusal, checkedUrl }: DirectContext): void {
  const page = pageUrl?.split('#', 1)[0];
  if (page === undefined || refusal.url === undefined || checkedUrl === undefined || page === checkedUrl)
    return;
  findings.add('PAGE_MOVED', 'shown', { type: 'difference', of: 'url', ...difference(page, checkedUrl) });
}

function addCode(findings: Collector, { refusal: { code } }: DirectContext): void {
  // The age says whether a signature is old, or a clock is off.
  const finding = code === undefined || code === TOO_OLD ? undefined : FINDING_OF_PLATFORM_CODE[code];
  if (finding !== undefined) findings.add(finding, 'shown', { type: 'note', text: String(code) });
}
