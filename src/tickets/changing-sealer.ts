// A sealer whose secret can change: what was sealed under the one before is still opened.
import type { Secret } from '../base/secret';
import { createSealer, type Sealer } from './sealer';

/** Seals with the present secret; opens with it and with the one before it. */
export class ChangingSealer implements Sealer {
  #present: Sealer;
  #former: Sealer | undefined;

  constructor(secret: Secret) {
    this.#present = createSealer(secret.reveal());
  }

  /** From now on seals with `secret`. */
  change(secret: Secret): void {
    this.#former = this.#present;
    this.#present = createSealer(secret.reveal());
  }

  seal(name: string, text: string): string {
    return this.#present.seal(name, text);
  }

  open(name: string, envelope: string): string | undefined {
    return this.#present.open(name, envelope) ?? this.#former?.open(name, envelope);
  }
}
