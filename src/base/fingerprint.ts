// Identifies a ticket without revealing it.
import { createHash } from 'node:crypto';
import type { Secret } from './secret';

/** The first 8 hexadecimal characters of the ticket's SHA-256, for logs and operators. */
export function fingerprint(ticket: Secret): string {
  return createHash('sha256').update(ticket.reveal()).digest('hex').slice(0, 8);
}
