// Reading a complete HTTP reply as the platform's: is it one, what does it say, what does its refusal mean.
import { isPlausibleTime } from '../base/is-plausible-time';
import type { SettingNames } from '../base/setting-names';
import type { Secret } from '../base/secret';
import type { CompleteReply } from './exchange';
import { memberAt } from './issued';
import { PlatformError, type Endpoint } from './platform-error';

/** A reply that is the platform's. */
export interface PlatformReply {
  /** The whole JSON, not checked beyond its `code`. */
  json: unknown;
  /** What the reply means when its code is not 0. */
  refusal: PlatformError | undefined;
  /** The platform's clock by the `Date` header, milliseconds cut to a whole second; undefined when it cannot be true. */
  platformMs: number | undefined;
  httpStatus: number;
  /** What platform support asks for. */
  logId: string | undefined;
}

/**
 * Reads `reply`; throws a PlatformError (`not-json`, `malformed`, `http-status`) when it is not the platform's.
 * `sent` are the secrets that the request carried, taken out of the platform's `msg` and log id should they or their
 * beginnings or ends be quoted there. `settings`: how failures call the settings, by default the variables of the service.
 */
export function readPlatformReply(
  endpoint: Endpoint,
  reply: CompleteReply,
  sent: readonly Secret[] = [],
  settings?: SettingNames,
): PlatformReply {
  const { httpStatus, headers } = reply;
  const json = parseJson(reply.text);
  const code = memberAt(json, ['code']);
  const withoutSent = (text: string | undefined): string | undefined => text && redact(text, sent);
  const logId = withoutSent(headers.get('x-tt-logid') ?? textAt(json, ['error', 'log_id']));
  const retryAfter = headers.get('retry-after');
  // What makes a JSON reply the platform's.
  if (!Number.isSafeInteger(code)) {
    const reason = httpStatus >= 400 ? 'http-status' : json === undefined ? 'not-json' : 'malformed';
    const retryAfterMs = delayMs(retryAfter);
    throw new PlatformError({ endpoint, reason, httpStatus, logId, retryAfterMs, settings });
  }
  const retryAfterMs = delayMs(headers.get('x-ogw-ratelimit-reset') ?? retryAfter);
  const refusal =
    code === 0
      ? undefined
      : new PlatformError({
          endpoint,
          code: code as number,
          httpStatus,
          platformMessage: withoutSent(textAt(json, ['msg'])),
          logId,
          retryAfterMs,
          settings,
        });
  return { json, refusal, platformMs: parseHttpDate(headers.get('date')), httpStatus, logId };
}

/** The text at `path`; undefined when there is anything else. */
function textAt(json: unknown, path: readonly string[]): string | undefined {
  const value = memberAt(json, path);
  return typeof value === 'string' ? value : undefined;
}

/** From four characters on, what begins or ends a secret helps to find it; shorter words do by chance. */
const PART_OF_A_SECRET = /[\w-]{4,}/g;

function redact(text: string, sent: readonly Secret[]): string {
  const secrets = sent.map((secret) => secret.reveal());
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
    .replace(PART_OF_A_SECRET, (word) =>
      secrets.some((secret) => secret.startsWith(word) || secret.endsWith(word)) ? '[redacted]' : word,
    );
}

/** The JSON, or undefined. The parser's own error is dropped: it quotes the text, which may hold a token. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// A header of 0 means "now", which would be a loop without a pause.
const MIN_DELAY_MS = 1_000;
// More than an hour is a mistake on the network path; the platform can repeat it in the next reply.
const MAX_DELAY_MS = 3_600_000;

/** A header that counts seconds, in milliseconds. */
function delayMs(header: string | null): number | undefined {
  if (header === null || !/^\d+(\.\d+)?$/.test(header)) return undefined;
  return Math.min(Math.max(Math.ceil(Number(header) * 1_000), MIN_DELAY_MS), MAX_DELAY_MS);
}

/** The one form of `Date` that HTTP servers send; `Date.parse` alone would also take `1`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds since the epoch; undefined for a date that is malformed or cannot be true, as of 1970 or 9999. */
function parseHttpDate(header: string | null): number | undefined {
  if (header === null || !HTTP_DATE.test(header)) return undefined;
  const ms = Date.parse(header);
  return isPlausibleTime(ms) ? ms : undefined;
}
