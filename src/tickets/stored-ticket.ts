// A ticket as it lies in a store: what is written, how it is sealed, and which of two is newer.
import { isPlausibleTime } from '../base/is-plausible-time';
import { Secret } from '../base/secret';
import type { Sealer } from './sealer';

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

/** The text that goes into the store under `name`. */
export function sealTicket(sealer: Sealer, name: string, { value, endsAtMs, lifeMs }: StoredTicket): string {
  return sealer.seal(name, JSON.stringify({ ticket: value.reveal(), endsAtMs, lifeMs }));
}

/**
 * The inverse of `sealTicket`, or undefined for what was not sealed with our key for `name`, and for an end that cannot be true:
 * the clock of the process that wrote it was wrong, and a ticket that ends in 9999 would never be replaced.
 */
export function openTicket(sealer: Sealer, name: string, envelope: string): StoredTicket | undefined {
  const text = sealer.open(name, envelope);
  if (text === undefined) return undefined;
  // Only what we sealed ourselves opens, so its form is known.
  const { ticket, endsAtMs, lifeMs } = JSON.parse(text) as {
    ticket: string;
    endsAtMs: number;
    lifeMs: number;
  };
  return isPlausibleTime(endsAtMs) ? { value: new Secret(ticket), endsAtMs, lifeMs } : undefined;
}
