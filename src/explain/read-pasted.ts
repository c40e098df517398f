// Reads what a developer has at hand: a signer's reply, the client's failure, a line of the console, or several of them; and in the client's
// words the platform's own values in the text of 333441, and a code.
import { Secret } from '../base/secret';
import type { Facts } from './types';

/** What was read, and the ticket that a reply should not have held. */
export interface Pasted {
  readonly facts: Facts;
  readonly ticket: Secret | undefined;
}

/** Names of the fields in replies and failures, in lower case and without underscores. */
const NAMES: Readonly<Record<string, keyof Facts | 'ticket'>> = {
  url: 'url',
  pageurl: 'pageUrl',
  timestamp: 'timestamp',
  noncestr: 'nonceStr',
  signature: 'signature',
  appid: 'appId',
  errno: 'errorCode',
  errcode: 'errorCode',
  errorcode: 'errorCode',
  code: 'errorCode',
  errmsg: 'errorText',
  errormessage: 'errorText',
  errortext: 'errorText',
  message: 'errorText',
  detail: 'errorText',
  ticket: 'ticket',
  jsapiticket: 'ticket',
  jsticket: 'ticket',
};

/** What wraps the fields in some replies. */
const WRAPPERS = ['data', 'cause', 'error'];

/**
 * The facts in `text`: JSON as a whole or on lines of its own, and any other words as the client's. The first value of a
 * name wins.
 */
export function readPasted(text: string): Pasted {
  const found = new Map<string, unknown>();
  const whole = parseObject(text);
  const words: string[] = [];
  if (whole) collect(whole, found);
  else
    for (const line of text.split(/\r?\n/)) {
      const object = parseObject(line);
      if (object) collect(object, found);
      else if (line.trim() !== '') words.push(line.trim());
    }
  if (words.length > 0 && !found.has('errorText')) found.set('errorText', words.join('\n'));
  const ticket = found.get('ticket');
  found.delete('ticket');
  return {
    facts: {
      ...(Object.fromEntries(found) as Facts),
      ...(typeof ticket === 'string' && { ticketInReply: true }),
    },
    ticket: typeof ticket === 'string' && ticket !== '' ? new Secret(ticket) : undefined,
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function collect(object: object, found: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const name = NAMES[key.toLowerCase().replaceAll('_', '')];
    if (name === undefined || found.has(name) || !isOfItsType(name, value)) continue;
    found.set(name, name === 'errorCode' ? Number(value) : value);
  }
  for (const wrapper of WRAPPERS) {
    const inner = (object as Record<string, unknown>)[wrapper];
    if (typeof inner === 'object' && inner !== null) collect(inner, found);
  }
}

function isOfItsType(name: keyof Facts | 'ticket', value: unknown): boolean {
  if (name === 'timestamp') return typeof value === 'string' || typeof value === 'number';
  // Neither 0, which is success, nor the name of a problem.
  if (name === 'errorCode') return /^[1-9]\d{1,9}$/.test(String(value));
  return typeof value === 'string';
}

/** What the text of 333441 says. The platform masks all but the beginning of three of its values. */
export interface Refusal {
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
/** The platform's own formatting fault, and what it should have written. */
const TIMESTAMP = /\btimestamp: *(?:%!s\(int64=)?(\d{1,20})/;
/** A wrapped code says more than the one around it, so these come first. */
const CODES = [/\b(3334[34]\d)\b/, /\b(260100[12])\b/, /\b(?:err(?:no|Code|orCode)|code)\W{1,4}(104|1012)\b/];

/** What can be read in `text`; nothing of it is certain to be there. */
export function readRefusal(text: string): Refusal {
  const { url, rest } = cutOutUrl(text);
  const first = (...patterns: RegExp[]): string | undefined =>
    patterns.map((pattern) => pattern.exec(rest)?.[1]).find((found) => found !== undefined);
  const code = first(...CODES) ?? (rest.includes('invalid signature') ? '333441' : undefined);
  const timestamp = first(TIMESTAMP);
  const prefixes = Object.entries(MASKED).flatMap(([name, pattern]) => {
    const prefix = first(pattern);
    return prefix === undefined ? [] : [[name, prefix]];
  });
  return {
    ...(Object.fromEntries(prefixes) as Partial<Record<keyof typeof MASKED, string>>),
    ...(code !== undefined && { code: Number(code) }),
    ...(url !== undefined && { url }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/** The URL, which holds no white space, and the text without it: its query may hold anything, a code or a timestamp too. */
function cutOutUrl(text: string): { url: string | undefined; rest: string } {
  const [label = ''] = /\burl: *(?=\S)/.exec(text) ?? [];
  if (label === '') return { url: undefined, rest: text };
  const start = text.indexOf(label) + label.length;
  const length = text.slice(start).search(/\s|$/);
  const found = text.slice(start, start + length);
  const rest = text.slice(0, start) + text.slice(start + length);
  // The separator before the timestamp; without one, the quotation mark or bracket of whatever the text was copied from.
  const url = /^\s+timestamp:/.test(text.slice(start + length))
    ? found.replace(/,$/, '')
    : found.replace(/["'})\],]{1,4}$/, '');
  return { url, rest };
}
