// One life of a replica, from its start to its end, and the promises that its ticket must keep at every step of it.
import type { ServiceEvent } from '../../../src/apps/service-event';
import type { Replica } from './replica';
import type { SimulatedProcess } from './simulated-process';
import type { TicketBook } from './ticket-book';

/** The service's own promises, written down again: these figures are checked, not shared. */
const LOAD_DEADLINE_MS = 15_000;
const CALLS_PER_HOUR = 60;
const MIN_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 60_000;
/** A read of the store that took longer has been given up. */
const STORE_DEADLINE_MS = 1_000;
/** Another ticket is newer when it ends over a minute later; clocks of a fleet that are right differ by less than 10 s. */
const NEWER_BY_MS = 70_000;
/**
 * A ticket may be out of use so long before its end: 10 s of margin, up to 6 for the way of its call and its whole seconds, and
 * 4 for the clocks of the writer and of the reader.
 */
const UNUSED_MS = 20_000;
const HOUR_MS = 3_600_000;
/** The sums of times with fractions are not exact. */
const ROUNDING_MS = 1;

/** What a life is judged with. */
export interface LifeParts {
  process: SimulatedProcess;
  tickets: TicketBook;
  /** Whether the clocks of all machines are right to 2 s, so that ends which were stored can be relied upon. */
  clocksAreRight: boolean;
  say: (what: string) => void;
  /** Told of a promise that was broken. */
  onBroken: (promise: string) => void;
}

/** Follows one life by what can be heard and seen of it. */
export class Life {
  /** The number of the ticket in use; 0 before the first. */
  held = 0;
  replica!: Replica;
  readonly #parts: LifeParts;
  readonly #callsUnderWay = new Set<AbortSignal>();
  #callTimesMs: number[] = [];
  /** What the platform's own answers have brought. */
  readonly #received = new Set<number>();
  #takenFromStore = 0;
  #newestReceived = 0;
  #newestRead = 0;
  #notBeforeMs = -Infinity;
  #loadingSinceMs: number | undefined;
  /** A clock that is set may end a ticket early by its machine's count; then even an older one is better than none. */
  #clockWasSet = false;
  /** A page has reported the ticket in use, and no load has succeeded since. */
  #isDoubted = false;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  get process(): SimulatedProcess {
    return this.#parts.process;
  }

  onTicketCall(signal: AbortSignal): void {
    const nowMs = this.#nowMs;
    this.#parts.say('asks the platform for a ticket');
    for (const call of this.#callsUnderWay) if (call.aborted) this.#callsUnderWay.delete(call);
    if (this.#callsUnderWay.size > 0)
      this.#broken('never more than one ticket call of a replica is under way');
    if (nowMs < this.#notBeforeMs - ROUNDING_MS) this.#broken('no ticket call comes inside a back-off');
    this.#callsUnderWay.add(signal);
    this.#callTimesMs = this.#callTimesMs.filter((atMs) => nowMs - atMs < HOUR_MS);
    this.#callTimesMs.push(nowMs);
    if (this.#callTimesMs.length > CALLS_PER_HOUR)
      this.#broken('no hour has more ticket calls than the ceiling');
  }

  onTicketCallEnded(signal: AbortSignal): void {
    this.#callsUnderWay.delete(signal);
  }

  onTicket(ticket: string, signal: AbortSignal): void {
    const number = this.#parts.tickets.numberOf(ticket);
    this.#parts.say(`the platform's answer: ticket ${number}${signal.aborted ? ', too late' : ''}`);
    if (signal.aborted) return;
    this.#received.add(number);
    this.#newestReceived = Math.max(this.#newestReceived, number);
  }

  /** What was read from the store has arrived. */
  onRead(number: number, tookMs: number): void {
    if (tookMs < STORE_DEADLINE_MS) this.#newestRead = Math.max(this.#newestRead, number);
  }

  /** A manual load, back-off or not. */
  onLoadByHand(): void {
    this.#notBeforeMs = -Infinity;
  }

  onEvent(heard: ServiceEvent): void {
    if (heard.of !== 'ticket') return;
    const { event } = heard;
    if (event.type === 'loaded' || event.type === 'unchanged' || event.type === 'failed')
      this.#loadingSinceMs = undefined;
    switch (event.type) {
      case 'taken-from-store':
        this.#takenFromStore = this.#parts.tickets.numberOf(event.value.reveal());
        break;
      case 'loaded':
        this.#holds(this.#parts.tickets.numberOf(event.value.reveal()));
        break;
      case 'unchanged':
        this.#notBeforeMs = this.#nowMs + event.retryInMs;
        this.#isDoubted = false;
        this.#parts.say(`the same ticket again; next look in ${Math.round(event.retryInMs)} ms`);
        break;
      case 'failed':
        this.#hasFailed(event);
        break;
      case 'clock-jump':
        this.#clockWasSet = true;
        this.#parts.say(`notices a clock jump of ${Math.round(event.jumpMs)} ms`);
        break;
      case 'suspected':
        this.#isDoubted = true;
        this.#parts.say(event.type);
        break;
      default:
        this.#parts.say(event.type);
    }
  }

  /** What must be true whenever all work of this moment is done. */
  check(): void {
    const { tickets, clocksAreRight } = this.#parts;
    const { zone, loading, usableForMs = 0 } = this.replica.signer().ticketState;
    if (this.held < this.#newestReceived)
      this.#broken(`ticket ${this.#newestReceived} came from the platform, and ${this.held} is in use`);
    if (this.held > 0 && zone === 'empty') this.#broken(`ticket ${this.held} was lost`);
    if (loading) this.#loadingSinceMs ??= this.#nowMs;
    else this.#loadingSinceMs = undefined;
    const isWakingUp = this.process.pausedUntilMs >= tickets.nowMs;
    if (!isWakingUp && this.#nowMs - (this.#loadingSinceMs ?? Infinity) > LOAD_DEADLINE_MS + ROUNDING_MS)
      this.#broken('no load takes longer than its deadline');
    if (!clocksAreRight) return;
    if (usableForMs <= 0 && this.held > 0 && tickets.leftMs(this.held) > UNUSED_MS)
      this.#broken(`ticket ${this.held} is valid and out of use`);
    const isNewer = tickets.endsLaterByMs(this.#newestRead, this.held) > NEWER_BY_MS;
    if (this.held < this.#newestRead && isNewer && tickets.leftMs(this.#newestRead) > UNUSED_MS)
      this.#broken(`ticket ${this.#newestRead} was read from the store, and ${this.held} is in use`);
  }

  get #nowMs(): number {
    return this.process.clock.monotonicMs();
  }

  #holds(number: number): void {
    this.#parts.say(`uses ticket ${number}${number === this.#takenFromStore ? ', from the store' : ''}`);
    if (number < this.held && !this.#clockWasSet)
      this.#broken(`ticket ${number} replaces ${this.held}, which is newer`);
    if (this.#clockWasSet) this.#newestReceived = number;
    this.#clockWasSet = false;
    if (!this.#received.has(number) && number !== this.#takenFromStore)
      this.#broken(`ticket ${number} is in use, and its answer had been given up`);
    this.held = number;
    this.#isDoubted = false;
    this.#notBeforeMs = -Infinity;
  }

  #hasFailed({ error, failures, retryInMs }: { error: unknown; failures: number; retryInMs: number }): void {
    this.#parts.say(`load fails (${failures}), next in ${Math.round(retryInMs)} ms: ${describe(error)}`);
    this.#notBeforeMs = this.#nowMs + retryInMs;
    const hintMs = (error as { retryAfterMs?: number }).retryAfterMs;
    const grownMs = Math.min(1_000 * 2 ** (failures - 1), MAX_BACK_OFF_MS);
    // A short time that was told does not take the back-off away.
    const mostMs = hintMs === undefined ? grownMs : Math.max(hintMs + MIN_BACK_OFF_MS, grownMs);
    const leastMs = Math.max(MIN_BACK_OFF_MS, hintMs ?? 0);
    const doubtMs = this.#isDoubted ? Math.min(1_000 * 4 ** (failures - 1), HOUR_MS) : 0;
    if (retryInMs < leastMs || retryInMs > Math.max(mostMs, MIN_BACK_OFF_MS, doubtMs))
      this.#broken(`a back-off of ${retryInMs} ms after ${failures} failures`);
  }

  #broken(promise: string): void {
    this.#parts.onBroken(`${this.process.name}: ${promise}`);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 60) : String(error);
}
