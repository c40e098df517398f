// Reads an event as the platform sends it: raw bytes and headers in, what it is and whether it is genuine out. Pure.
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { Secret } from '../base/secret';

/** What an app shares with the platform to tell its events from forged ones. At least one of the two is set; several of one are valid side by side. */
export interface EventKeys {
  /** One of them encrypts and signs every event. */
  encryptKeys?: readonly Secret[];
  /** Every event holds one of them. */
  verificationTokens?: readonly Secret[];
}

/** How an event is judged. */
export interface EventRules extends EventKeys {
  appId: string;
  /** Milliseconds since the epoch, by the platform's clock. */
  nowMs: number;
  /** How far the time of a signature may lie from `nowMs`; Infinity for any. */
  maxAgeMs: number;
  /** The sender has failed too often: what costs more than checking a signature is not done for it. */
  isLimited?: boolean;
}

/** An event as it came. */
export interface RawEvent {
  body: Uint8Array;
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Why an event is rejected; for the log, never for the sender. */
export type EventFault =
  | 'not signed'
  | 'wrong signature'
  | 'stale'
  | 'not decryptable'
  | 'not an event'
  | 'wrong token'
  | 'wrong app';

/** What an event is. Whether it is new is for the caller to judge. */
export type PlatformEvent =
  | { kind: 'refused'; fault: EventFault }
  /** Not judged, since its sender is limited. */
  | { kind: 'unread' }
  /** Answer `{"challenge": challenge}`. */
  | { kind: 'url-verification'; challenge: string }
  /** `tsMs`: when the platform made it, milliseconds since the epoch. */
  | { kind: 'app-ticket'; uuid: string | undefined; tsMs: number; appTicket: Secret }
  /** Every other event; `type` is the platform's word for it. */
  | { kind: 'other'; uuid: string | undefined; type: string };

/**
 * Reads an event and judges whether the platform sent it. Never throws, whatever the bytes.
 *
 * With an encrypt key an event has to be encrypted, and signed over these very bytes at most `maxAgeMs` ago. Nothing is
 * decrypted before the signature is right, except what may be a `url_verification`: none is promised there. With a
 * verification token an event has to hold that token. Without an encrypt key there is no signed time, so that nothing is
 * stale by itself.
 */
export function readEvent(event: RawEvent, rules: EventRules): PlatformEvent {
  const { encryptKeys = [], verificationTokens = [], isLimited = false } = rules;
  if (encryptKeys.length > 0) {
    const signing = judgeSignature(event, encryptKeys, rules);
    if (signing === 'not signed')
      return isLimited ? { kind: 'unread' } : judgeUnsigned(event.body, encryptKeys, rules);
    if (!(signing instanceof Secret)) return refused(signing);
    const text = decrypt(event.body, signing);
    return text ? judge(parseObject(text), rules) : refused('not decryptable');
  }
  // Without a key and a token no event can be verified.
  if (verificationTokens.length === 0) return refused('wrong token');
  if (isLimited && event.body.length > MAX_CHEAP_BYTES) return { kind: 'unread' };
  return judge(parseObject(event.body), rules);
}

/** 4 KB: several times an app ticket's event, so that these pass, and at most 0.1 ms to parse; 64 KB take 2 ms. */
const MAX_CHEAP_BYTES = 4 * 1024;

/** What an event says, once it is signed where it has to be. */
function judge(content: object | undefined, { verificationTokens = [], appId }: EventRules): PlatformEvent {
  if (content === undefined) return refused('not an event');
  // Version 2 keeps in `header` what version 1 keeps at the top.
  const header = asObject(own(content, 'header'));
  const token = own(content, 'token') ?? own(header, 'token');
  if (verificationTokens.length > 0 && !isAnyOf(token, verificationTokens)) return refused('wrong token');
  if (own(content, 'type') === 'url_verification') {
    const challenge = own(content, 'challenge');
    return typeof challenge === 'string' ? { kind: 'url-verification', challenge } : refused('not an event');
  }

  const inner = asObject(own(content, 'event'));
  const type = own(inner, 'type') ?? own(header, 'event_type');
  const id = own(content, 'uuid') ?? own(header, 'event_id');
  const uuid = typeof id === 'string' && id !== '' ? id : undefined;
  if (type !== 'app_ticket')
    return { kind: 'other', uuid, type: typeof type === 'string' ? type : 'unknown' };
  if (own(inner, 'app_id') !== appId) return refused('wrong app');
  const appTicket = own(inner, 'app_ticket');
  const tsMs = parseTs(own(content, 'ts'));
  if (typeof appTicket !== 'string' || !VISIBLE.test(appTicket) || tsMs === undefined)
    return refused('not an event');
  return { kind: 'app-ticket', uuid, tsMs, appTicket: new Secret(appTicket) };
}

/**
 * What the platform makes challenges of, and some more. Nothing else is sent back unsigned: a client that has seen a
 * `url_verification` can put parts of other encrypted events into its challenge, and would receive their text.
 */
const CHALLENGE = /^[\w.~+/=-]{1,256}$/;

/** Four times a `url_verification`. */
const MAX_UNSIGNED_BYTES = 1_024;

/**
 * An event without a signature, though there is an encrypt key: a `url_verification`, or 'not signed' whatever it is. The
 * padding is not checked, since any difference in the reply would help to decrypt: the text ends with its last brace.
 */
function judgeUnsigned(body: Uint8Array, encryptKeys: readonly Secret[], rules: EventRules): PlatformEvent {
  if (body.length > MAX_UNSIGNED_BYTES) return refused('not signed');
  const texts = encryptKeys.map((key) => decipher(body, key, false));
  const text = texts.find((deciphered) => deciphered?.includes('url_verification'));
  if (text === undefined) return refused('not signed');
  const content = parseObject(text.subarray(0, text.lastIndexOf('}') + 1));
  const challenge = own(content, 'challenge');
  const isAsked = own(content, 'type') === 'url_verification';
  if (!isAsked || typeof challenge !== 'string' || !CHALLENGE.test(challenge)) return refused('not signed');
  return judge(content, rules);
}

/** Visible ASCII only: the text is forwarded in JSON and may be logged as an error. */
const VISIBLE = /^[\x21-\x7e]+$/;

/** The key that the event is signed with, or why the event is rejected. */
function judgeSignature(
  { body, headers }: RawEvent,
  encryptKeys: readonly Secret[],
  { nowMs, maxAgeMs }: EventRules,
): Secret | 'not signed' | 'wrong signature' | 'stale' {
  const signature = headers['x-lark-signature'];
  const timestamp = headers['x-lark-request-timestamp'];
  const nonce = headers['x-lark-request-nonce'];
  if (signature === undefined) return 'not signed';
  // Seconds since the epoch; more digits than any date of ours has are not a time.
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || typeof nonce !== 'string')
    return 'wrong signature';
  const signatureWith = (key: Secret): Secret =>
    new Secret(
      createHash('sha256')
        .update(timestamp + nonce + key.reveal())
        .update(body)
        .digest('hex'),
    );
  // Each is compared, so that the time taken does not depend on which one it was.
  const [key] = encryptKeys.filter((candidate) => isEqual(signature, signatureWith(candidate)));
  if (key === undefined) return 'wrong signature';
  return Math.abs(nowMs - Number(timestamp) * 1_000) <= maxAgeMs ? key : 'stale';
}

/** An AES block, and so the length of the initialisation vector. */
const BLOCK_BYTES = 16;

/** The text of an event whose signature is right; undefined when it is not encrypted with this key. */
function decrypt(body: Uint8Array, encryptKey: Secret): Uint8Array | undefined {
  try {
    return decipher(body, encryptKey, true);
  } catch {
    // The padding is wrong.
    return undefined;
  }
}

/**
 * What `{"encrypt": …}` holds: base64 of an initialisation vector and AES-256-CBC under the key's SHA-256. With `isPadded`
 * the padding is taken off, and wrong padding throws; else it is left. Undefined when there are no such blocks.
 */
function decipher(body: Uint8Array, encryptKey: Secret, isPadded: boolean): Buffer | undefined {
  const encrypted = own(parseObject(body), 'encrypt');
  if (typeof encrypted !== 'string') return undefined;
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < 2 * BLOCK_BYTES || bytes.length % BLOCK_BYTES !== 0) return undefined;
  const key = createHash('sha256').update(encryptKey.reveal()).digest();
  const aes = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, BLOCK_BYTES)).setAutoPadding(isPadded);
  return Buffer.concat([aes.update(bytes.subarray(BLOCK_BYTES)), aes.final()]);
}

function parseObject(bytes: Uint8Array): object | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** A field of the object itself: fields of a prototype are not part of the message. */
function own(object: object | undefined, name: string): unknown {
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  return (object as Record<string, unknown>)[name];
}

/** Each is compared, so that the time taken does not depend on which one it was. */
function isAnyOf(received: unknown, expected: readonly Secret[]): boolean {
  return expected.filter((candidate) => isEqual(received, candidate)).length > 0;
}

/** Compared as digests, which have one length, in constant time. */
function isEqual(received: unknown, expected: Secret): boolean {
  if (typeof received !== 'string') return false;
  return timingSafeEqual(digest(received), digest(expected.reveal()));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Seen in seconds with a fraction; a larger number can only be milliseconds: 10¹¹ s is the year 5138. */
function parseTs(ts: unknown): number | undefined {
  if ((typeof ts !== 'string' && typeof ts !== 'number') || !/^\d{1,16}(\.\d{1,9})?$/.test(String(ts)))
    return undefined;
  const value = Number(ts);
  return value < 1e11 ? value * 1_000 : value;
}

function refused(fault: EventFault): PlatformEvent {
  return { kind: 'refused', fault };
}
