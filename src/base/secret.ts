// A string that cannot be printed by accident: logs, JSON, templates and inspectors all show `[redacted]`.
import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * Holds a secret, token or ticket. Only `reveal()` returns the text; everything that prints the object shows `[redacted]`.
 *
 * @example new Secret('s3cr3t').reveal() // 's3cr3t'
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it where the text is sent or hashed, nowhere else. */
  reveal(): string {
    return this.#text;
  }

  /** Whether `other` holds the same text. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
