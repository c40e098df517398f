// A page's report that the client refused a signature: whether it is one, and whether it is genuine.
import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { signature as sign } from './signature';

/** No value of a genuine report is longer; a page URL may be as long as what is signed. */
const text = z.string().max(8_192);

/** The body of `POST /report`; other fields are ignored. */
export const refusalReportSchema = z.object({
  appId: text,
  /** For apps of a store. */
  tenantKey: text.optional(),
  /** The URL that was signed. */
  url: text,
  /** Milliseconds since the epoch. */
  timestamp: z.number(),
  nonceStr: text,
  signature: text,
  /** The client's code. */
  errorCode: z.number(),
});

/** The body of `POST /report`: the signature that was refused, and the client's code. */
export type RefusalReport = z.output<typeof refusalReportSchema>;

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
  return refusalReportSchema.safeParse(value).data;
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
