// The tickets of one app in the order they were issued, with the truth about each.
import { Secret } from '../../../src/base/secret';
import { Sealer } from '../../../src/tickets/sealer';
import { TICKET_FORM } from '../../../src/tickets/stored-ticket';
import type { SimulatedPlatform } from './simulated-platform';

/** Tickets by their number: 1 is the first that was issued. */
export class TicketBook {
  readonly #byTicket = new Map<string, number>();
  readonly #tickets: string[] = [''];
  readonly #issuedAtMs: number[] = [0];
  readonly #byEnvelope = new Map<string, number>();
  readonly #platform: () => SimulatedPlatform;
  readonly #nowMs: () => number;
  readonly #appSecret: string;

  constructor(parts: { platform: () => SimulatedPlatform; nowMs: () => number; appSecret: string }) {
    this.#platform = parts.platform;
    this.#nowMs = parts.nowMs;
    this.#appSecret = parts.appSecret;
  }

  get nowMs(): number {
    return this.#nowMs();
  }

  /** How many there are, which is the number of the newest. */
  get newest(): number {
    return this.#tickets.length - 1;
  }

  /** The platform has handed this one out; returns whether it is a new one. */
  issued(ticket: string): boolean {
    if (this.#byTicket.has(ticket)) return false;
    this.#byTicket.set(ticket, this.#tickets.push(ticket) - 1);
    this.#issuedAtMs.push(this.#nowMs());
    return true;
  }

  numberOf(ticket: string): number {
    return this.#byTicket.get(ticket) ?? 0;
  }

  isLive(number: number): boolean {
    return this.#platform().isLive(this.#tickets[number] ?? '');
  }

  /** How long it is still good for at the platform, in milliseconds; 0 when it is dead. */
  leftMs(number: number): number {
    return this.#platform().leftMs(this.#tickets[number] ?? '');
  }

  /** How much later one was issued, and so ends, than another. */
  endsLaterByMs(one: number, other: number): number {
    return other === 0 ? 0 : this.#issuedAtMs[one]! - this.#issuedAtMs[other]!;
  }

  /** The number of the ticket in a text of the store; 0 when there is none. */
  numberIn(name: string, envelope: string): number {
    const known = this.#byEnvelope.get(envelope);
    if (known !== undefined) return known;
    const text = new Sealer(new Secret(this.#appSecret)).open(name, envelope);
    const stored = text === undefined ? undefined : TICKET_FORM.fromText(text);
    const number = stored === undefined ? 0 : this.numberOf(stored.value.reveal());
    this.#byEnvelope.set(envelope, number);
    return number;
  }
}
