// How a signature is made, and what may go wrong with its values but the URL: ticket, timestamp, nonce, string and hash.
import { createHmac, hash } from 'node:crypto';
import { stringToSign } from '../signing/signature';
import type { FindingCode } from './findings';
import { TEXT_ENCODINGS } from './text-encodings';
import type { HeldTicket } from './types';

/** Everything that a signature depends on. The ticket's text stays in here. */
export interface Recipe {
  readonly ticket: string;
  readonly nonceStr: string;
  /** As it is in the string. */
  readonly timestamp: string;
  readonly url: string;
  /** The string that is hashed; the platform's own when absent. */
  readonly toText?: (values: Readonly<Record<'ticket' | 'nonceStr' | 'timestamp' | 'url', string>>) => string;
  /** Hexadecimal digest; SHA-1 when absent. */
  readonly toHex?: (text: string, ticket: string) => string;
}

/** The hexadecimal digest that a recipe gives. */
export function compute(recipe: Recipe): string {
  // The types of a right signature ask for a number: a template prints both alike.
  const text =
    recipe.toText?.(recipe) ?? stringToSign({ ...recipe, timestamp: recipe.timestamp as unknown as number });
  return recipe.toHex?.(text, recipe.ticket) ?? hash('sha1', text, 'hex');
}

/** A plain hash by its name in Node. */
const hashBy = (algorithm: string) => (text: string) => hash(algorithm, text, 'hex');

/** A keyed hash by its name in Node, with the ticket for a key. */
const hmacBy = (algorithm: string) => (text: string, ticket: string) =>
  createHmac(algorithm, ticket).update(text).digest('hex');

/** One mistake: what it changes in a recipe. Two of the same `part` cannot be made at once. */
export interface ValueMistake {
  readonly code: FindingCode;
  readonly part: 'ticket' | 'nonceStr' | 'timestamp' | 'text' | 'hash';
  readonly change: Partial<Recipe>;
  /** What is worth showing of it, in no language: a word, or the name of a hash. */
  readonly note?: string;
  /** The ticket that was taken instead. */
  readonly held?: HeldTicket;
  /** It changes nothing in a string of ASCII alone. */
  readonly isForBeyondAscii?: boolean;
}

/** What languages and peers print where a ticket is missing. */
const NO_TICKET = [
  '',
  'undefined',
  'null',
  'ERROR',
  'None',
  'NULL',
  'nil',
  '<nil>',
  '[object Object]',
  '[object Promise]',
];
const NO_VALUE = ['', 'undefined', 'null'];
const KEYS = ['jsapi_ticket', 'noncestr', 'timestamp', 'url'] as const;

/** Mistakes in the values of `right`, in the order in which they are likely; some may change nothing. */
export function valueMistakes(
  right: Recipe,
  { held, otherTimestamps }: { held: readonly HeldTicket[]; otherTimestamps: readonly string[] },
): ValueMistake[] {
  return [
    ...held.flatMap((ticket): ValueMistake[] => {
      if (ticket.kind !== 'previous' && ticket.kind !== 'access-token') return [];
      const code = ticket.kind === 'previous' ? 'TICKET_PREVIOUS' : 'TICKET_ACCESS_TOKEN';
      return [{ code, part: 'ticket', change: { ticket: ticket.value.reveal() }, held: ticket }];
    }),
    ...NO_TICKET.map((ticket): ValueMistake => ({
      code: 'TICKET_MISSING',
      part: 'ticket',
      change: { ticket },
      note: JSON.stringify(ticket),
    })),
    ...timestampMistakes(right.timestamp, otherTimestamps),
    ...nonceMistakes(right.nonceStr),
    ...textMistakes,
    ...hashMistakes,
    ...encodingMistakes,
    ...[
      `"${right.ticket}"`,
      `'${right.ticket}'`,
      // A string for "=" in a template that has one already, and bytes as Python prints them.
      `=${right.ticket}`,
      `b'${right.ticket}'`,
      `${right.ticket}\n`,
      `${right.ticket}\r\n`,
      `${right.ticket} `,
      ` ${right.ticket}`,
    ].map((ticket): ValueMistake => ({ code: 'TICKET_DECORATED', part: 'ticket', change: { ticket } })),
  ];
}

function timestampMistakes(timestamp: string, others: readonly string[]): ValueMistake[] {
  const by = (code: FindingCode, texts: readonly string[]): ValueMistake[] =>
    texts.map((text) => ({ code, part: 'timestamp', change: { timestamp: text } }));
  const digits = /^\d{1,16}$/.test(timestamp) ? Number(timestamp) : undefined;
  const written =
    digits === undefined
      ? []
      : [
          ...by('TIMESTAMP_IN_SECONDS', [
            String(Math.floor(digits / 1_000)),
            String(Math.round(digits / 1_000)),
            String(digits * 1_000),
          ]),
          ...by('TIMESTAMP_FORMAT', [
            // Python's time.time() * 1000 and time.time(), Java's double, a quoted JSON value.
            `${digits}.0`,
            ...(digits % 1_000 === 0 ? [] : [String(digits / 1_000)]),
            digits.toExponential().replace('e+', 'E'),
            digits.toExponential(),
            `"${timestamp}"`,
          ]),
        ];
  return [...by('TIMESTAMP_CHANGED', others), ...written, ...by('TIMESTAMP_FORMAT', [...NO_VALUE, 'NaN'])];
}

function nonceMistakes(nonceStr: string): ValueMistake[] {
  const by = (code: FindingCode, texts: readonly string[]): ValueMistake[] =>
    texts.map((text) => ({ code, part: 'nonceStr', change: { nonceStr: text } }));
  return [
    ...by('NONCE_LETTER_CASE', [nonceStr.toLowerCase(), nonceStr.toUpperCase()]),
    ...by('NONCE_MISSING', NO_VALUE),
  ];
}

/** A string of `keys`, named by `names`, in that order. */
function textOf(
  keys: readonly (typeof KEYS)[number][],
  names: Readonly<Record<string, string>> = {},
): Required<Recipe>['toText'] {
  return (values) => pairsOf(values, keys, names).join('&');
}

type Values = Parameters<Required<Recipe>['toText']>[0];

function pairsOf(
  { ticket, nonceStr, timestamp, url }: Values,
  keys: readonly (typeof KEYS)[number][] = KEYS,
  names: Readonly<Record<string, string>> = {},
): string[] {
  const values = { jsapi_ticket: ticket, noncestr: nonceStr, timestamp, url };
  return keys.map((key) => `${names[key] ?? key}=${values[key]}`);
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

const OTHER_NAMES: readonly Record<string, string>[] = [
  { noncestr: 'nonceStr' },
  { noncestr: 'nonce_str' },
  { noncestr: 'nonceStr', timestamp: 'timeStamp' },
  { timestamp: 'timeStamp' },
  { jsapi_ticket: 'ticket' },
  { jsapi_ticket: 'jsapiTicket' },
  { jsapi_ticket: 'jsapiTicket', noncestr: 'nonceStr' },
];

/** What was written for "&": nothing, its escape in HTML, what separates lists and lines. */
const OTHER_SEPARATORS = ['', '&amp;', '\n', ',', ' ', '; '];

/** The string with the "&" before one of its keys left out. */
const withoutOneSeparator = (key: string) => (values: Values) =>
  pairsOf(values)
    .join('&')
    .replace(`&${key}=`, () => `${key}=`);

const valuesOf = ({ ticket, nonceStr, timestamp, url }: Values): string[] => [
  ticket,
  nonceStr,
  timestamp,
  url,
];

const textMistakes: readonly ValueMistake[] = [
  ...OTHER_NAMES.map((names): ValueMistake => ({
    code: 'STRING_KEY_NAMES',
    part: 'text',
    change: { toText: textOf(KEYS, names) },
  })),
  // The first permutation is the right order.
  ...permutations(KEYS)
    .slice(1)
    .map((keys): ValueMistake => ({
      code: 'STRING_KEY_ORDER',
      part: 'text',
      change: { toText: textOf(keys) },
    })),
  ...[
    ...OTHER_SEPARATORS.map((separator) => (values: Values) => pairsOf(values).join(separator)),
    ...KEYS.slice(1).map(withoutOneSeparator),
    (values: Values) => `${pairsOf(values).join('&')}&`,
  ].map((toText): ValueMistake => ({ code: 'STRING_SEPARATORS', part: 'text', change: { toText } })),
  ...[
    ...['', '&', ','].map((separator) => (values: Values) => valuesOf(values).join(separator)),
    // As another platform's check of its own requests is computed.
    (values: Values) => valuesOf(values).sort().join(''),
  ].map((toText): ValueMistake => ({ code: 'STRING_WITHOUT_KEYS', part: 'text', change: { toText } })),
];

const WITHOUT_TICKET = textOf(['noncestr', 'timestamp', 'url']);

const hashMistakes: readonly ValueMistake[] = [
  { note: 'SHA-256', change: { toHex: hashBy('sha256') } },
  { note: 'MD5', change: { toHex: hashBy('md5') } },
  { note: 'SHA-512', change: { toHex: hashBy('sha512') } },
  { note: 'HMAC-SHA-1', change: { toHex: hmacBy('sha1') } },
  { note: 'HMAC-SHA-256', change: { toHex: hmacBy('sha256') } },
  { note: 'HMAC-SHA-1', change: { toHex: hmacBy('sha1'), toText: WITHOUT_TICKET } },
  { note: 'HMAC-SHA-256', change: { toHex: hmacBy('sha256'), toText: WITHOUT_TICKET } },
].map((mistake) => ({ code: 'HASH_OTHER', part: 'hash', ...mistake }));

const encodingMistakes: readonly ValueMistake[] = TEXT_ENCODINGS.map(({ name, isAsciiAlike, encode }) => ({
  code: 'STRING_ENCODING',
  part: 'hash',
  note: name,
  change: { toHex: (text) => hash('sha1', encode(text), 'hex') },
  isForBeyondAscii: isAsciiAlike,
}));

/** What is hashed when the string was not there yet. */
const NO_TEXT = ['', 'undefined', 'null', '[object Object]', '[object Promise]'];

/** What was hashed to give `signature`, when that needs none of the values; undefined else. */
export function textWithoutValues(signature: string): string | undefined {
  const wanted = signature.toLowerCase();
  return NO_TEXT.find((text) =>
    ['sha1', 'sha256', 'md5'].some((algorithm) => hash(algorithm, text, 'hex') === wanted),
  );
}
