// A ticket in a store: its text, and which of two tickets is newer.
import { isPlausibleTime } from '../base/is-plausible-time';
import { Secret } from '../base/secret';
import type { TextForm } from './sealed-store';

/** A ticket and its life, by the platform's clock, so that processes with different clocks agree. */
export interface StoredTicket {
  value: Secret;
  /** Milliseconds since the epoch. */
  endsAtMs: number;
  /** Its whole life, in milliseconds. */
  lifeMs: number;
}

/** A stored ticket is newer when it ends later by more than this; less is two clocks' disagreement. */
const NEWER_BY_MS = 60_000;

/** Whether `ticket` is the newer of two: another one, that ends later by over a minute (or a tenth of a short life). */
export function isNewer(ticket: StoredTicket, than: Pick<StoredTicket, 'value' | 'endsAtMs'>): boolean {
  const byMs = Math.min(NEWER_BY_MS, ticket.lifeMs / 10);
  return !ticket.value.equals(than.value) && ticket.endsAtMs - than.endsAtMs > byMs;
}

/**
 * A ticket as text. A ticket with an implausible end is invalid: the clock of the process that wrote it was wrong, and a
 * ticket that ends in 9999 would never be replaced.
 */
export const TICKET_FORM: TextForm<StoredTicket> = {
  toText: ({ value, endsAtMs, lifeMs }) => JSON.stringify({ ticket: value.reveal(), endsAtMs, lifeMs }),
  fromText(text) {
    const { ticket, endsAtMs, lifeMs } = JSON.parse(text) as {
      ticket: string;
      endsAtMs: number;
      lifeMs: number;
    };
    return isPlausibleTime(endsAtMs) ? { value: new Secret(ticket), endsAtMs, lifeMs } : undefined;
  },
};
