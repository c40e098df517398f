// Finds the facts in what a developer has at hand: a signer's reply, the client's failure, lines of a console, in any order and any envelope.
import { Secret } from '../base/secret';
import { readClientFailure } from '../client-failures/read-client-failure';
import { readLiterals, readLoosePairs, type Group, type Literal } from './read-literals';
import type { Facts } from './types';

/** What was read, and the ticket that a reply should not have held. */
export interface Pasted {
  readonly facts: Facts;
  readonly ticket: Secret | undefined;
}

type Name = 'url' | 'pageUrl' | 'timestamp' | 'nonceStr' | 'signature' | 'appId' | 'code' | 'ticket';

/** Names of the fields in replies and failures, in lower case and without what separates words. */
const NAMES: ReadonlyMap<string, Name> = new Map(
  Object.entries<Name>({
    url: 'url',
    pageurl: 'pageUrl',
    href: 'pageUrl',
    locationhref: 'pageUrl',
    timestamp: 'timestamp',
    ts: 'timestamp',
    noncestr: 'nonceStr',
    nonce: 'nonceStr',
    signature: 'signature',
    sign: 'signature',
    appid: 'appId',
    errno: 'code',
    errcode: 'code',
    errorcode: 'code',
    errornumber: 'code',
    code: 'code',
    ticket: 'ticket',
    jsapiticket: 'ticket',
    jsticket: 'ticket',
  }),
);

/** JSON in a string in JSON: deeper than any logger nests it. */
const MAX_NESTED_TEXTS = 4;
/** A text that may hold an object. */
const HOLDS_GROUP = /[{[]\s{0,9}\\{0,3}["'\w]/;
/** The platform masks its values, and consoles shorten long ones: neither is the value. */
const INCOMPLETE = /(?:[*•…]|\.{3})$/;

type Value = Exclude<Literal, Group>;

/** What one object holds itself. */
interface Found {
  readonly fields: ReadonlyMap<Name, Value>;
  /** Its other texts. */
  readonly words: readonly string[];
}

/** The facts in `text`. The first value of a name counts, in an object with a signature before all others. */
export function readPasted(text: string): Pasted {
  const root = readLiterals(text);
  const outside = objectOf(root);
  const inside = root.flatMap(({ value }) => (typeof value === 'object' ? objectsIn(value) : []));
  // Lines around objects are the client's words, unless they are a reply whose fields a console shows one a line.
  const lines = outside.words.join('\n');
  const loose = /sign/i.test(lines) ? objectOf(readLoosePairs(lines)) : outside;
  const objects = [...inside, loose.fields.has('signature') ? loose : outside];
  const ordered = [...objects.filter(isReply), ...objects.filter((object) => !isReply(object))];
  const first = (name: Name): Value | undefined =>
    ordered.map(({ fields }) => fields.get(name)).find((value) => value !== undefined);

  const strings = (['url', 'pageUrl', 'nonceStr', 'signature', 'appId'] as const).flatMap((name) => {
    const value = first(name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  const timestamp = first('timestamp');
  const ticket = first('ticket');
  const codes = objects.map(codeOf).filter((number) => number > 0);
  const { code } = readClientFailure(codes.map((number) => ({ code: number })));
  const words = new Set(objects.flatMap((object) => object.words));
  return {
    facts: {
      ...(Object.fromEntries(strings) as Facts),
      ...(timestamp !== undefined && { timestamp }),
      ...(code !== undefined && { errorCode: code }),
      ...(words.size > 0 && { errorText: [...words].join('\n') }),
      ...(ticket !== undefined && { ticketInReply: true }),
    },
    ticket: ticket === undefined ? undefined : new Secret(String(ticket)),
  };
}

function isReply({ fields }: Found): boolean {
  return fields.has('signature') || fields.has('nonceStr');
}

/** NaN without a code. */
function codeOf({ fields }: Found): number {
  return Number(fields.get('code') ?? NaN);
}

/**
 * The group, then each group in it and in its texts, in the order of the text, as far as they hold something. Replies and other successes
 * have no words, nor have the lists in them.
 */
function objectsIn(group: Group, nesting = 0, isSilent = false, found: Found[] = []): Found[] {
  const object = objectOf(group);
  const code = codeOf(object);
  const isList = group.every(({ key }) => key === undefined);
  const isNow = isList ? isSilent : code === 0 || (isReply(object) && !(code > 0));
  const words = isNow ? [] : object.words;
  if (object.fields.size + words.length > 0) found.push({ fields: object.fields, words });
  for (const { key, value } of group) {
    if (typeof value === 'object') objectsIn(value, nesting, isNow, found);
    else if (typeof value === 'string' && nameOf(key) === undefined && nesting < MAX_NESTED_TEXTS) {
      if (!HOLDS_GROUP.test(value)) continue;
      for (const inner of readLiterals(value)) {
        // The words around what is in a text are that text again.
        if (typeof inner.value === 'object') objectsIn(inner.value, nesting + 1, isNow, found);
      }
    }
  }
  return found;
}

function objectOf(group: Group): Found {
  const fields = new Map<Name, Value>();
  const words: string[] = [];
  for (const [index, { key, value, isLabel }] of group.entries()) {
    if (typeof value === 'object') continue;
    const name = nameOf(key);
    if (name === undefined) {
      // The label of a reply says nothing of a failure: "ticket and signature: {…}".
      const isOfReply = isLabel && hasSignature(group[index + 1]?.value);
      if (typeof value === 'string' && !isOfReply) words.push(value);
    } else if (!fields.has(name) && isOfItsType(name, value)) fields.set(name, value);
  }
  // A request, a log record or a location: a relative URL is none of the page's, a date no timestamp.
  if (!isReply({ fields, words })) {
    if (!/^https?:/i.test(String(fields.get('url')))) fields.delete('url');
    if (!/^\d+$/.test(String(fields.get('timestamp')))) fields.delete('timestamp');
  }
  return { fields, words };
}

function nameOf(key = ''): Name | undefined {
  return NAMES.get(key.toLowerCase().replace(/[_.-]/g, ''));
}

function hasSignature(value: Literal | undefined): boolean {
  return typeof value === 'object' && value.some(({ key }) => nameOf(key) === 'signature');
}

function isOfItsType(name: Name, value: Value): boolean {
  // Neither the name of a problem, nor an OAuth code.
  if (name === 'code') return /^\d{1,10}$/.test(String(value));
  if (typeof value === 'number') return name === 'timestamp' || name === 'nonceStr';
  return value !== '' && !INCOMPLETE.test(value);
}
