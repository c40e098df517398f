// What a client hands to onFail, fail or h5sdk.error, read: its fields differ between versions and systems. ES2017, since pages run it.
import { CLIENT_CODES, CODE_OF_WORDS } from './client-codes';
import { splitCheckedUrl } from './checked-url';

/** What was read. */
export interface ClientFailure {
  /** The code that says most: that of the cause before a code that only wraps it. */
  readonly code: number | undefined;
  /** The field that held the code, `text` when it was in the words, `words` when the words alone say it. */
  readonly codeFrom: string | undefined;
  /** Every text, without repetitions, and without those that a field calls a ticket, token or secret. */
  readonly detail: string;
  /** As it came. */
  readonly cause: unknown;
}

interface Candidate {
  readonly code: number | undefined;
  readonly codeFrom: string | undefined;
  readonly rank: number;
}

/** An error within an error within a wrapper: deeper was never seen, and an object may hold itself. */
const MAX_DEPTH = 3;
/** `errno`, `errCode`, `errorCode`, `err_code`, `code`, … */
const CODE_FIELD = /^(?:err(?:or)?_?)?(?:no|code)$/i;
/** Words are shown, logged and sent on; what such a field holds must not be. */
const SECRET_FIELD = /ticket|token|secret/i;
/** `(error code: 333441)`, `errCode: 104`, and the platform's own codes anywhere: shorter numbers may be anything. */
const CODE_IN_TEXT =
  /\b(?:(?:err(?:or)?[ _]?)?code|err(?:or)?_?no)\W{1,4}([1-9]\d{0,9})\b|\b(3334[345]\d|260[12]00\d|9999169\d)\b/gi;

/** The platform's own check says more than what the client makes of it. */
const isOfCheck = (code: number): boolean => code > 333_400 && code < 333_500;
const rankOf = (code: number): number => {
  if (code === 2_601_001 || code === 2_601_002) return 1; // they wrap another code
  if (!(code in CLIENT_CODES)) return 2;
  return isOfCheck(code) ? 5 : 4;
};
/** Words without a known code. */
const RANK_OF_WORDS = 3;

/**
 * Reads whatever `thrown` is: an object with any names of fields, an Error, JSON, a text. `isConfig` is false for the failure of a
 * JSAPI, whose words of tickets or duplicates are about something else.
 */
export function readClientFailure(thrown: unknown, isConfig = true): ClientFailure {
  const codes: Candidate[] = [];
  const texts: string[] = [];
  const add = (code: number, codeFrom: string, rank = rankOf(code)): void => {
    codes.push({ code, codeFrom, rank });
  };

  function collect(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      const inner = value.startsWith('{') && parse(value);
      if (inner) collect(inner, depth - 1);
      else if (value && !texts.includes(value)) texts.push(value);
    } else if (depth > 0 && typeof value === 'object' && value) {
      // The text of an Error is not among its keys.
      for (const name of new Set(['message'].concat(Object.keys(value)))) {
        const field = (value as Record<string, unknown>)[name];
        // Digits in a string occur as well. 0 is success.
        if (CODE_FIELD.test(name) && /^-?[1-9]\d*$/.test(String(field))) add(Number(field), name);
        else if (!SECRET_FIELD.test(name)) collect(field, depth - 1);
      }
    }
  }

  if (typeof thrown === 'number') add(thrown, 'text');
  collect(thrown, MAX_DEPTH);
  const detail = texts.join(' ');
  const words = splitCheckedUrl(detail).rest.replace(/https?:\/\/[^\s"]*/g, '');
  words.replace(CODE_IN_TEXT, (match, labelled: string | undefined, own: string | undefined) => {
    add(Number(labelled ?? own), 'text');
    return match;
  });
  for (const [pattern, code] of CODE_OF_WORDS) {
    if (pattern.test(words) && (isConfig || !isOfCheck(code))) add(code, 'words', RANK_OF_WORDS);
  }
  const none: Candidate = { code: undefined, codeFrom: undefined, rank: 0 };
  const { code, codeFrom } = codes.reduce((best, each) => (each.rank > best.rank ? each : best), none);
  return { code, codeFrom, detail, cause: thrown };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
