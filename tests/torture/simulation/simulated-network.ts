// The network between processes, store and platform: messages take time, overtake each other, come twice or never.
import type { EventOwner, Scheduler } from './scheduler';
import type { SeededRandom } from '../seeded-random';

/** How the network is at a moment. Durations in milliseconds, the rest are probabilities. */
export interface NetworkConditions {
  leastMs: number;
  mostMs: number;
  loss: number;
  duplication: number;
  /** Of a message that takes up to `stallMostMs`, long enough to miss every deadline. */
  stall: number;
  stallMostMs: number;
}

/** A data centre on a good day. */
export const CALM_NETWORK: NetworkConditions = {
  leastMs: 0.2,
  mostMs: 30,
  loss: 0,
  duplication: 0,
  stall: 0,
  stallMostMs: 0,
};

/** From whom to whom, and whose event the arrival is. */
export interface Route {
  from: string;
  to: string;
  receiver?: EventOwner;
}

/** What may become of a message beside its arrival. */
export interface MessageOptions {
  /** Called when it is lost and the sender notices: a connection that breaks. Half of the losses are unnoticed. */
  onLost?: () => void;
  /** It may arrive twice; a connection of TCP does not do that, announcements and retries do. */
  repeatable?: boolean;
  /** It leaves so much later. Default 0. */
  afterMs?: number;
}

/** Noticing a broken connection takes up to this long: a reset comes at once, a keep-alive probe does not. */
const NOTICE_MS = 2_000;

/** Carries messages. */
export class SimulatedNetwork {
  conditions = CALM_NETWORK;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #cut = new Map<string, number>();

  constructor(scheduler: Scheduler, random: SeededRandom) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** Lets nothing pass between two; cuts add up, and each is healed once. */
  cut(one: string, other: string): void {
    this.#count(one, other, 1);
  }

  heal(one: string, other: string): void {
    this.#count(one, other, -1);
  }

  isCut(one: string, other: string): boolean {
    return (this.#cut.get(between(one, other)) ?? 0) > 0;
  }

  /** Sends a message; `deliver` is its arrival. */
  send(
    { from, to, receiver }: Route,
    deliver: () => void,
    { onLost, repeatable, afterMs = 0 }: MessageOptions = {},
  ): void {
    const { loss, duplication } = this.conditions;
    if (this.isCut(from, to) || this.#random.chance(loss)) {
      if (onLost && this.#random.chance(0.5))
        this.#scheduler.after(this.#random.between(0, NOTICE_MS), onLost);
      return;
    }
    const copies = repeatable && this.#random.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      this.#scheduler.after(afterMs + this.#travelMs(), deliver, receiver);
  }

  #travelMs(): number {
    const { leastMs, mostMs, stall, stallMostMs } = this.conditions;
    return this.#random.between(leastMs, this.#random.chance(stall) ? stallMostMs : mostMs);
  }

  #count(one: string, other: string, by: number): void {
    const key = between(one, other);
    this.#cut.set(key, (this.#cut.get(key) ?? 0) + by);
  }
}

function between(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
