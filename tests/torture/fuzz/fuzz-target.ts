// What a part of the service has to offer to be fuzzed.
import type { SeededRandom } from '../seeded-random';

/** An input by its parts, bytes as latin1: so that any input can be printed, and made smaller, without knowing what it is for. */
export type Input = Readonly<Record<string, string>>;

/** A part of the service that takes input from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** Of the inputs of a run, which every target has a part of. */
  readonly share: number;
  make(dice: SeededRandom): Input;
  /** Feeds it; returns what is wrong with the outcome, in a sentence, or undefined. An exception is wrong too. */
  run(input: Input): Promise<string | undefined> | string | undefined;
  close?(): Promise<void>;
}
