// Reads the client's words: a code, and the platform's own values in the text of 333441.
import { splitCheckedUrl } from '../client-failures/checked-url';
import { readClientFailure } from '../client-failures/read-client-failure';

/** What the client's words say. The platform masks all but the beginning of three of its values. */
export interface Refusal {
  /** The code that says most. */
  readonly code?: number;
  readonly signaturePrefix?: string;
  readonly ticketPrefix?: string;
  readonly noncePrefix?: string;
  /** The URL that was checked. */
  readonly url?: string;
  readonly timestamp?: string;
}

/** `invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: https://…, timestamp: %!s(int64=1234)` */
const MASKED = {
  // 64: no value that is masked shows more; without a bound the search would be slow on a text made for that.
  signaturePrefix: /\bsignature: *([^\s,*]{1,64})\*/,
  ticketPrefix: /\bjsticket: *([^\s,*]{1,64})\*/,
  noncePrefix: /\bnonce_str: *([^\s,*]{1,64})\*/,
} as const;
const BEFORE_TIMESTAMP = ', timestamp:';
/** The platform's own formatting fault, and what it should have written. */
const TIMESTAMP = /\btimestamp: {0,9}(?:%!s\(int64=)?(\d{1,20})\)?/;
/** A page URL that is signed has at most 8,192 characters, and the masked values are short. */
const MAX_SENTENCE = 9_000;

const NO_TICKET = 333442;
const FAILURE = /invalid|illegal|wrong|expired?|fail|error|not?\b|missing|dead/i;

/** What can be read in `text`, which came with `errorCode`; nothing of it is certain to be there. */
export function readRefusal(text: string, errorCode?: number): Refusal {
  const { url, rest } = splitCheckedUrl(text);
  const { code, codeFrom } = readClientFailure({ errorCode, text });
  // Lines of a console speak of tickets that are well.
  const isCode = codeFrom !== 'words' || code !== NO_TICKET || FAILURE.test(rest);
  const timestamp = TIMESTAMP.exec(rest)?.[1];
  const prefixes = Object.entries(MASKED).flatMap(([name, pattern]) => {
    const prefix = pattern.exec(rest)?.[1];
    return prefix === undefined ? [] : [[name, prefix]];
  });
  return {
    ...(Object.fromEntries(prefixes) as Partial<Record<keyof typeof MASKED, string>>),
    ...(code !== undefined && isCode && { code }),
    ...(url !== undefined && { url }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/** Where the platform's sentence ends whose masked signature ends at `from`: behind its timestamp, or at `from` without a timestamp. */
export function refusalEnd(text: string, from: number): number {
  const rest = text.slice(from, from + MAX_SENTENCE);
  const at = rest.indexOf(BEFORE_TIMESTAMP);
  if (at < 0 || rest.lastIndexOf('\n', at) >= 0) return from;
  const [timestamp = ''] = TIMESTAMP.exec(rest.slice(at, at + 64)) ?? [];
  return from + at + ', '.length + timestamp.length;
}
