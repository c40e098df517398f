// The shapes of an explanation: what is known, what is found.
import type { Secret } from '../base/secret';
import type { FindingCode } from './findings';
import type { Texts } from './texts';

/** What is known of a refused signature. All of it may be missing; nothing is trusted. */
export interface Facts {
  /** The URL that the page asked a signature for, or that came back with it. */
  readonly url?: string;
  /** The page's real address, fragment and all. */
  readonly pageUrl?: string;
  /** As the page handed it to the client: a string is a finding. */
  readonly timestamp?: number | string;
  readonly nonceStr?: string;
  readonly signature?: string;
  readonly appId?: string;
  /** The client's words; those of 333441 hold the platform's own values. */
  readonly errorText?: string;
  /** The client's code. */
  readonly errorCode?: number;
  /** Whether the reply to the page held a ticket. */
  readonly ticketInReply?: boolean;
}

/** A ticket, or what may have been taken for one. */
export interface HeldTicket {
  /** `current` and `previous` are the app's own; `other` is another app's or tenant's current one. */
  readonly kind: 'current' | 'previous' | 'other' | 'access-token';
  /** App id, or app id and tenant key; for people. */
  readonly owner: string;
  readonly value: Secret;
  /** The first 8 hexadecimal characters of its SHA-256. */
  readonly fingerprint: string;
}

/** Before, in and after the part that differs. */
export type Marked = readonly [before: string, differs: string, after: string];

/** The evidence of a finding. */
export type Evidence =
  | {
      readonly type: 'difference';
      readonly of: 'url' | 'timestamp' | 'nonceStr' | 'signature' | 'appId';
      /** What was signed, or came from the page. */
      readonly signed: Marked;
      /** What the client checks, or what it should be. */
      readonly expected: Marked;
    }
  | { readonly type: 'ticket'; readonly owner: string; readonly fingerprint: string }
  | { readonly type: 'note'; readonly text: string };

/**
 * How sure a finding is. `proved`: recomputing the signature under this mistake gives exactly this one, and no other mistake that was tried
 * does. `alternative`: it gives exactly this one, as the other alternatives do. `shown`: the platform's text, its code or a value says so.
 * `possible`: nothing contradicts it.
 */
export type Strength = 'proved' | 'alternative' | 'shown' | 'possible';

/** One cause, with its cure. */
export interface Finding {
  readonly code: FindingCode;
  readonly strength: Strength;
  readonly cause: Texts;
  readonly cure: Texts;
  readonly evidence: readonly Evidence[];
}

/** The result. */
export interface Explanation {
  /**
   * `valid`: the signature is right for its URL with the current ticket, and no fact contradicts it. `explained`: a
   * finding is more than possible. `unknown`: nothing is.
   */
  readonly verdict: 'valid' | 'explained' | 'unknown';
  /** Most likely first. Two proved findings are each half of the cause. */
  readonly findings: readonly Finding[];
  /** How many hashes were computed, one over a long URL counting for several. */
  readonly hashes: number;
}

/** What an explanation computes with. */
export interface ExplainOptions {
  /** The app's own. */
  readonly tickets: readonly HeldTicket[];
  /** Those of kind `other`, read one by one as they are tried, since there may be thousands; none by default. */
  readonly others?: Iterable<HeldTicket>;
  /** Milliseconds since the epoch, by the platform's clock where it is known. */
  readonly nowMs: number;
  /** At most so many hashes, one over a long URL counting for several; 20,000 by default. */
  readonly maxHashes?: number;
}
