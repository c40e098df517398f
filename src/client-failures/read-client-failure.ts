// What a client hands to onFail, fail or h5sdk.error, read: its fields differ between versions and systems. ES2017, since pages run it.
import { CLIENT_CODES, CODE_OF_WORDS } from './client-codes';

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

/** `errno`, `errCode`, `errorCode`, `err_code`, `code`, …; what has no name is `thrown` itself. */
const CODE_FIELD = /^(?:(?:err(?:or)?_?)?(?:no|code))?$/i;
/** Words are shown, logged and sent on; what such a field holds must not be. */
const SECRET_FIELD = /ticket|token|secret/i;
/** `(error code: 333441)`, `errCode: 104`, or a number alone. */
const NUMBER = /\b(code\W{1,4}|err\w*?[ _]?(?:code|no)\W{1,4})?\b(\d{1,10})\b/gi;
/** A shorter number without a label may be anything. */
const MIN_TELLING = 100_000;

/** The platform's own check says more than what the client makes of it. */
const isOfCheck = (code: number): boolean => code > 333_400 && code < 333_500;
const rankOf = (code: number): number => {
  if (code === 2_601_001 || code === 2_601_002) return 1; // they wrap another code
  if (!(code in CLIENT_CODES)) return 2;
  return isOfCheck(code) ? 5 : 4;
};
/** Words, where no code is known. */
const RANK_OF_WORDS = 3;

/**
 * Reads whatever `thrown` is: an object with any names of fields, an Error, JSON, a text. `isConfig` is false for the failure of a
 * JSAPI, whose words of tickets or duplicates are about something else.
 */
export function readClientFailure(thrown: unknown, isConfig = true): ClientFailure {
  const texts: string[] = [];
  let best: { code?: number; codeFrom?: string; rank: number } = { rank: 0 };
  const add = (code: number, codeFrom: string, rank = rankOf(code)): void => {
    if (rank > best.rank) best = { code, codeFrom, rank };
  };

  /** Returns what to look into further. */
  function visit(name: string, value: unknown): unknown {
    if (SECRET_FIELD.test(name)) return undefined;
    // The text of an Error is not among its keys.
    if (value instanceof Error) return Object.assign({ message: value.message }, value);
    // 0 is success.
    const code = CODE_FIELD.test(name) && Number(value); // digits in a string occur as well
    if (code) add(code, name || 'text');
    else if (typeof value === 'string') {
      const inner = value.startsWith('{') && parse(value);
      if (inner) return inner;
      if (value && !texts.includes(value)) texts.push(value);
    }
    return value;
  }

  try {
    JSON.stringify(thrown, visit);
  } catch {
    // An object that holds itself: it has been read once by then.
  }
  const detail = texts.join(' ');
  // A page's URL may hold anything, a code too.
  const words = detail.replace(/https?:\/\/[^\s"]*/g, '');
  words.replace(NUMBER, (match, label: string | undefined, digits: string) => {
    const code = Number(digits);
    if (label || (code > MIN_TELLING && code in CLIENT_CODES)) add(code, 'text');
    return match;
  });
  for (const [pattern, code] of CODE_OF_WORDS) {
    if (pattern.test(words) && (isConfig || !isOfCheck(code))) add(code, 'words', RANK_OF_WORDS);
  }
  return { code: best.code, codeFrom: best.codeFrom, detail, cause: thrown };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
