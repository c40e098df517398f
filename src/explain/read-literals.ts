// Reads values out of pasted text: JSON, and what consoles, loggers and toString print of objects in JavaScript, Python, Java, Go and PHP.
import { refusalEnd } from './read-refusal';

/** A value in the text. */
export type Literal = string | number | Group;

/** An object, a list, a map or an instance of a class: its values in order, with a key where the text has one. */
export type Group = readonly Entry[];

/** One value of a group. */
export interface Entry {
  readonly key: string | undefined;
  readonly value: Literal;
  /** Whether it is a text that a bracket follows on the same line. */
  readonly isLabel: boolean;
}

/** 128 KB: eight times what the service accepts. A longer file on the command line is cut here. */
const MAX_CHARACTERS = 131_072;
/** Brackets nested deeper open no group: the reader is recursive, and no reply is nested as deep. */
const MAX_DEPTH = 64;

/** The colours of a terminal. */
// oxlint-disable-next-line no-control-regex -- a colour begins with one
const COLOUR = /\x1b\[\d{1,3}(?:;\d{1,3}){0,4}m/g;
/** The same in a copy that has lost the escape characters; one of them ends a colour. */
const BARE_COLOUR = /\[\d{1,3}(?:;\d{1,3}){0,4}m/g;
const BARE_COLOUR_END = /\[(?:0|22|39)m/;
/** What closes a quotation mark. Chat tools and documents replace the plain marks. */
const CLOSING: Readonly<Record<string, string>> = { '“': '”', '‘': '’' };
/** A quotation mark, after the prefix of a Python string, or after the backslashes of JSON in a string in a string. */
const QUOTE = /(?:[bru](?=["']))?(\\{0,3})(["'`“‘])/y;
/** How often a string after so many backslashes was escaped. */
const ESCAPED_TIMES = [1, 2, 2, 3];
/** A tab is what separates the cells of a copied table. */
const SEPARATOR = /\s{0,9}(?:=>|→|=|:(?!\/\/))\s*|\t+(?=\S)/y;
/** Behind the colon of a symbol of Ruby as well. */
const NAME = /:?([\p{L}\p{N}_$][\p{L}\p{N}_$.-]{0,63})/uy;
/** A key of Node's hidden properties and of PHP. */
const BRACKETED = /\[["']?([\w$.-]{1,64})["']?\](?=\s{0,9}[:=])/y;
/** The arguments of an instance as Java, Kotlin and Python print it, and PHP's print_r. */
const CALL = /\(\s{0,9}(?=[\w$]{1,64}\s?=|\[\w{1,64}\] =>)/y;
/** What PHP's var_dump writes before a value. */
const PHP_TYPE = /string\(\d{1,6}\) |int\((?=\d{1,20}\))/y;
const NUMBER = /-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?(?=n?(?:[\s,;)}\]]|$))n?/iy;
/** Where a value without quotation marks may end: the next key of Go's %+v is behind a space. */
const STOP =
  /[ \t]?\b(?:signature: {0,4}){1,2}[^\s,*]{1,64}\*|[\n,;(){}[\]]|[ \t](?=[\w$]{1,64}(?:[:=](?!\/\/)|\s=>|\s→))/g;
/** Behind a comma that ends such a value: URLs hold commas too. */
const BEHIND_COMMA = /\s|["'}\])]|$|[\w$]{1,64}=/y;
const BEHIND_CLOSER = /[\s,;)}\]"']|$/y;
/** Between two pieces of a string, as older versions of Node break it. */
const PLUS = /\s{0,99}\+\s{0,99}(?=["'`])/y;
/** What a console writes behind a string that it has shortened. */
const SHORTENED = /\.{3} \d{1,9} more characters?/y;
const ESCAPE = /\\(?:u([\da-f]{4})|x([\da-f]{2})|([^]))/gi;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
/** Names of no value, and what consoles write in place of the rest. */
const NOTHING = /^(?:undefined|null|none|nil|<nil>|true|false|nan|…|\.\.\.)?$/i;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/**
 * The values in `text` as one group, in which the words around brackets are texts without a key, line by line. Never throws;
 * the time is proportional to the length of the text, of which 128 KB are read.
 */
export function readLiterals(text: string): Group {
  return new LiteralReader(clean(text)).group(undefined, 0);
}

/** The same for the inside of an object whose brackets are missing: lines of `key: value`. */
export function readLoosePairs(text: string): Group {
  return new LiteralReader(clean(text)).group('', 0);
}

function clean(text: string): string {
  const plain = text.slice(0, MAX_CHARACTERS).replace(COLOUR, '');
  return BARE_COLOUR_END.test(plain) ? plain.replace(BARE_COLOUR, '') : plain;
}

class LiteralReader {
  readonly #text: string;
  #at = 0;
  /** Where the line ends on which a quotation mark is known to be closed no more. */
  readonly #unclosedUntil = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to `closer`, or to the end of the text. Without a closer it is the words around brackets, which have no keys. */
  group(closer: string | undefined, depth: number): Group {
    const entries: Entry[] = [];
    for (;;) {
      // Firefox copies zero-width spaces between what it shows.
      if (closer === undefined) this.#match(/[\s\u200b]+/y);
      else this.#match(depth < MAX_DEPTH ? /[\s,;\u200b]+/y : /[\s,;\u200b({[]+/y);
      const start = this.#at;
      if (start >= this.#text.length) return entries;
      if (this.#text[start] === closer) {
        this.#at += 1;
        return entries;
      }
      const key = closer === undefined ? undefined : this.#key();
      if (key !== undefined) this.#match(PHP_TYPE);
      const value = this.#value(closer, depth);
      const isLabel = typeof value === 'string' && (this.#text[this.#at] ?? '') in CLOSERS;
      if (value !== undefined) entries.push({ key, value, isLabel });
      // A bracket that closes nothing.
      else if (this.#at === start) this.#at += 1;
    }
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #key(): string | undefined {
    const start = this.#at;
    const key = this.#string() ?? this.#match(NAME)?.[1] ?? this.#match(BRACKETED)?.[1];
    if (key !== undefined && this.#match(SEPARATOR)) return key;
    this.#at = start;
    return undefined;
  }

  #value(closer: string | undefined, depth: number): Literal | undefined {
    const start = this.#at;
    if (depth < MAX_DEPTH && (/[{[]/.test(this.#text[start] ?? '') || this.#match(CALL))) {
      this.#at = Math.max(this.#at, start + 1);
      return this.group(CLOSERS[this.#text[start] ?? ''], depth + 1);
    }
    if (closer === undefined) return this.#bare(closer);
    const string = this.#string();
    if (string !== undefined) return string;
    const number = this.#match(NUMBER)?.[0];
    return number === undefined ? this.#bare(closer) : Number(number.replace(/n$/, ''));
  }

  /** A string in quotation marks on one line, and the strings that "+" adds to it. */
  #string(): string | undefined {
    let string = this.#piece();
    while (string !== undefined && this.#match(PLUS)) string += this.#piece() ?? '';
    return string;
  }

  #piece(): string | undefined {
    const start = this.#at;
    const [, backslashes = '', mark = ''] = this.#match(QUOTE) ?? [];
    const end =
      mark === '' ? undefined : this.#endOfString(this.#at, CLOSING[mark] ?? mark, backslashes.length);
    if (end === undefined) {
      this.#at = start;
      return undefined;
    }
    let piece = this.#text.slice(this.#at, end - backslashes.length);
    for (let times = ESCAPED_TIMES[backslashes.length] ?? 1; times > 0; times -= 1) piece = unescape(piece);
    this.#at = end + 1;
    return this.#match(SHORTENED) ? `${piece}…` : piece;
  }

  #endOfString(from: number, mark: string, backslashes: number): number | undefined {
    const delimiter = '\\'.repeat(backslashes) + mark;
    if (from <= (this.#unclosedUntil.get(delimiter) ?? -1)) return undefined;
    const lineEnd = this.#text.indexOf('\n', from);
    const limit = lineEnd < 0 ? this.#text.length : lineEnd;
    for (let at = from; at < limit; at += 1) {
      if (this.#text[at] !== mark) continue;
      let before = 0;
      while (at - before > from && this.#text[at - before - 1] === '\\') before += 1;
      if (backslashes === 0 ? before % 2 === 0 : before === backslashes) return at;
    }
    this.#unclosedUntil.set(delimiter, limit);
    return undefined;
  }

  /** A value without quotation marks, up to what separates it from the next one. */
  #bare(closer: string | undefined): string | undefined {
    const start = this.#at;
    STOP.lastIndex = start;
    this.#at = this.#text.length;
    // Brackets that belong to the value.
    let open = 0;
    for (let stop = STOP.exec(this.#text); stop; stop = STOP.exec(this.#text)) {
      const [found] = stop;
      if (found.endsWith('*')) STOP.lastIndex = refusalEnd(this.#text, STOP.lastIndex);
      else if (open > 0 && /[)}\]]/.test(found)) open -= 1;
      else if (this.#isEnd(found, stop.index, start, closer)) {
        this.#at = stop.index;
        break;
      } else if (found in CLOSERS) open += 1;
    }
    const bare = this.#text.slice(start, this.#at).trim();
    return NOTHING.test(bare) ? undefined : bare;
  }

  #isEnd(stop: string, at: number, start: number, closer: string | undefined): boolean {
    const isFollowedBy = (pattern: RegExp, from = at + 1): boolean => {
      pattern.lastIndex = from;
      return pattern.test(this.#text);
    };
    if (stop === '\n') return true;
    if (stop === '(') return isFollowedBy(CALL, at);
    if (stop === '{' || stop === '[') {
      const before = this.#text.slice(Math.max(start, at - 64), at);
      // The query of a URL holds brackets too: those of a value are behind white space, a name alone, or a mark.
      if (/^$|[\s:,(>"'“‘”’]$|^[\w$]+$/.test(before)) return true;
      return (
        closer === undefined && /[\w)=]$/.test(before) && isFollowedBy(/\s*(?:["'“‘\\{]|\w{1,64}["']?:)/y)
      );
    }
    if (closer === undefined) return false;
    if (stop === ',' || stop === ';') return isFollowedBy(BEHIND_COMMA);
    if (stop === closer) return isFollowedBy(BEHIND_CLOSER);
    return stop === ' ' || stop === '\t';
  }
}

/** One level of backslashes undone. */
function unescape(text: string): string {
  return text.replace(ESCAPE, (_escape, unicode?: string, hex?: string, character?: string) => {
    const digits = unicode ?? hex;
    if (digits !== undefined) return String.fromCharCode(parseInt(digits, 16));
    return CONTROL[character ?? ''] ?? character ?? '';
  });
}
