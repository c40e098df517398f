// Events as the platform sends them: encrypted, signed, as bytes and headers. Written apart from what reads them.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

export interface SentEvent {
  body: Buffer;
  headers: Record<string, string>;
}

/** What the platform puts around an app ticket. */
export function appTicketEvent(options: {
  appId: string;
  appTicket: string;
  ts: string;
  uuid: string;
  token?: string;
}) {
  const { appId, appTicket, ts, uuid, token = '' } = options;
  const event = { type: 'app_ticket', app_id: appId, app_ticket: appTicket };
  return { ts, uuid, token, type: 'event_callback', event };
}

export function encrypt(text: string, encryptKey: string, iv = randomBytes(16)): string {
  const key = createHash('sha256').update(encryptKey).digest();
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

export function signatureOf(body: Buffer, timestamp: string, nonce: string, encryptKey: string): string {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from(timestamp + nonce + encryptKey), body]))
    .digest('hex');
}

/** `content` as it goes over the wire: encrypted and signed with a key, plain without. */
export function send(
  content: unknown,
  options: { encryptKey?: string; timestampMs?: number } = {},
): SentEvent {
  const { encryptKey, timestampMs = 0 } = options;
  const json = JSON.stringify(content);
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (encryptKey === undefined) return { body: Buffer.from(json), headers };
  const body = Buffer.from(JSON.stringify({ encrypt: encrypt(json, encryptKey) }));
  return { body, headers: { ...headers, ...signed(body, encryptKey, timestampMs) } };
}

export function signed(body: Buffer, encryptKey: string, timestampMs: number): Record<string, string> {
  const timestamp = String(Math.floor(timestampMs / 1_000));
  const nonce = randomBytes(8).toString('hex');
  return {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signatureOf(body, timestamp, nonce, encryptKey),
  };
}
