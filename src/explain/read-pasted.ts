// Reads whatever is at hand: a signer's reply, the client's failure, a line of the console, or several of them.
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
