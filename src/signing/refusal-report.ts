// A page's report that the client refused a signature: whether it is one, and whether it is genuine.
import { timingSafeEqual } from 'node:crypto';
import { signature as sign } from './signature';

/** No value of a genuine report is longer; a page URL may be as long as what is signed. */
export const MAX_TEXT_LENGTH = 8_192;

/** The body of `POST /report`: the signature that was refused, and the client's code. Other fields are ignored. */
export interface RefusalReport {
  readonly appId: string;
  /** For apps of a store. */
  readonly tenantKey?: string | undefined;
  /** The URL that was signed. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signature: string;
  /** The client's code. */
  readonly errorCode: number;
}

/** What a report is held against. */
export interface ReportContext {
  readonly appId: string;
  /** The ticket in use: a report about an older one is no news. */
  readonly ticket: string;
  /** Milliseconds since the epoch, by the platform's clock. */
  readonly nowMs: number;
}

/** The client's code for a ticket it does not know (any more). */
const NO_VALID_TICKET = 333442;
/** Ten minutes, the life of a signature: an older one is refused for its age. */
const SIGNATURE_LIFE_MS = 600_000;

/** `value` as a report, or undefined when it is not a valid report. */
export function parseRefusalReport(value: unknown): RefusalReport | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { appId, tenantKey, url, timestamp, nonceStr, signature, errorCode } = value as Record<
    string,
    unknown
  >;
  const isWhole =
    [appId, url, nonceStr, signature, tenantKey ?? ''].every(isText) &&
    [timestamp, errorCode].every((number) => Number.isFinite(number)) &&
    tenantKey !== null;
  return isWhole
    ? ({ appId, tenantKey, url, timestamp, nonceStr, signature, errorCode } as RefusalReport)
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}

/**
 * Whether the report can only come from a page that got its signature here, over the ticket in use and within the last ten
 * minutes, and was told that there is no such ticket. Anything else says nothing of the ticket.
 */
export function isGenuineReport(report: RefusalReport, { appId, ticket, nowMs }: ReportContext): boolean {
  const { url, timestamp, nonceStr, signature, errorCode } = report;
  if (errorCode !== NO_VALID_TICKET || report.appId !== appId) return false;
  if (!(Math.abs(nowMs - timestamp) <= SIGNATURE_LIFE_MS)) return false;
  const expected = Buffer.from(sign({ ticket, nonceStr, timestamp, url }));
  const received = Buffer.from(signature);
  // A signature's length is no secret; its characters are compared in constant time, so that none can be found out singly.
  return expected.length === received.length && timingSafeEqual(expected, received);
}
