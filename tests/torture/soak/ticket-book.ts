// The tickets that the simulated platform has issued during a soak, and what its faults did to them since.
import type { Sandbox } from '../../../src/sandbox/sandbox';

/** A ticket as it was issued. */
export interface BookedTicket {
  readonly value: string;
  /** By this process's monotonic clock. */
  readonly issuedAtMs: number;
  readonly lifeMs: number;
  /** By the platform's clock, as it was set then. */
  readonly endsAtPlatformMs: number;
  /** How far the platform's clock had leapt forward in all by then. */
  readonly leaptMs: number;
  /** It was revoked before its end. */
  isRevoked: boolean;
}

/** Hours of tickets and tokens, at some a second. */
const MAX_BOOKED = 20_000;

/** Knows of every ticket how long the service could believe in it. Values are noted as the platform makes them. */
export class TicketBook {
  readonly #tickets = new Map<string, BookedTicket>();
  #lifeMs: number;
  #leaptMs = 0;

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  /** `value` was made at this moment of the platform's clock. Tokens may be noted too: they are never looked up. */
  note(value: string, platformMs: number): void {
    const lifeMs = this.#lifeMs;
    this.#tickets.set(value, {
      value,
      issuedAtMs: performance.now(),
      lifeMs,
      endsAtPlatformMs: platformMs + lifeMs,
      leaptMs: this.#leaptMs,
      isRevoked: false,
    });
    if (this.#tickets.size > MAX_BOOKED) this.#tickets.delete(this.#tickets.keys().next().value!);
  }

  /** The life of tickets that are made from now on. */
  setLife(lifeMs: number): void {
    this.#lifeMs = lifeMs;
  }

  leap(ms: number): void {
    if (ms > 0) this.#leaptMs += ms;
  }

  /** Everything that `sandbox` has issued to the app so far is dead. */
  revoke(sandbox: Sandbox, appId: string): void {
    for (const value of sandbox.issuedTickets(appId)) {
      const ticket = this.#tickets.get(value);
      if (ticket) ticket.isRevoked = true;
    }
  }

  find(value: string): BookedTicket | undefined {
    return this.#tickets.get(value);
  }

  /** Whether the platform held the ticket valid at that moment of its clock. */
  isLive(ticket: BookedTicket, platformMs: number): boolean {
    return !ticket.isRevoked && platformMs < ticket.endsAtPlatformMs;
  }

  /**
   * Whether a ticket that was dead at that moment had been killed early, by a revocation or a leap of the clock: the service
   * cannot know that, and may sign with it until the end it was told.
   */
  isKilled(ticket: BookedTicket, platformMs: number): boolean {
    const leaptSinceMs = this.#leaptMs - ticket.leaptMs;
    return platformMs < ticket.endsAtPlatformMs + leaptSinceMs;
  }
}
