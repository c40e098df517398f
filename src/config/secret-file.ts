// A file that holds a secret, read again while the service runs: valid content is used, invalid content is logged and changes nothing.
import type { Clock } from '../base/clock';
import { DeadlineError, withDeadline } from '../base/deadline';
import { Secret } from '../base/secret';
import { parseSecretFile, readText } from './variable-kinds';

/** How reading a file again ended: `unusable` leaves everything as it was. */
export type Reread = 'changed' | 'unchanged' | 'unusable';

/** The options of a secret file. */
export interface SecretFileParts {
  path: string;
  /** What it held at the start. */
  secrets: readonly Secret[];
  /** The secrets in its text. Throws an `Error` that says what to write, without quoting anything. Default: one secret. */
  parse?: (text: Secret) => readonly Secret[];
  read: (path: string) => Promise<string>;
  clock: Clock;
  /** Called with other secrets than before. */
  onChange?: (secrets: readonly Secret[]) => void;
  /** Called with the reason why the file cannot be used, once until it changes. */
  onFault: (message: string) => void;
}

/** Local files take milliseconds; a request waits for the answer, so less than what a client waits for. */
const READ_DEADLINE_MS = 2_000;
/** A request with a wrong secret costs no more than this: one reading a second, whatever their number. */
const REFUSAL_PAUSE_MS = 1_000;

/** A secret, or two while one replaces the other, as the file has them. */
export class SecretFile {
  readonly #parts: SecretFileParts;
  #secrets: readonly Secret[];
  #fault: string | undefined;
  #reading: Promise<string> | undefined;
  #checks: Promise<Reread> = Promise.resolve('unchanged');
  #refusedMonotonicMs = -Infinity;

  constructor(parts: SecretFileParts) {
    this.#parts = parts;
    this.#secrets = parts.secrets;
  }

  /** The secrets that are valid now. */
  get secrets(): readonly Secret[] {
    return this.#secrets;
  }

  /** Reads the file now, after a reading that is under way. Never rejects. */
  check(): Promise<Reread> {
    this.#checks = this.#checks.then(() => this.#check());
    return this.#checks;
  }

  /** As `check`, at most once a second: a secret was refused, so the file may hold another one. */
  checkAfterRefusal(): Promise<Reread> {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#refusedMonotonicMs < REFUSAL_PAUSE_MS) return this.#checks;
    this.#refusedMonotonicMs = nowMs;
    return this.check();
  }

  async #check(): Promise<Reread> {
    const { parse = (text: Secret) => [text], onChange, onFault } = this.#parts;
    try {
      const secrets = parse(new Secret(parseSecretFile(await this.#read())));
      this.#fault = undefined;
      if (isEqual(secrets, this.#secrets)) return 'unchanged';
      this.#secrets = secrets;
      onChange?.(secrets);
      return 'changed';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#fault) onFault(message);
      this.#fault = message;
      return 'unusable';
    }
  }

  /** A reading that hangs is not followed by another one: each would hold a thread. */
  async #read(): Promise<string> {
    const { path, read, clock } = this.#parts;
    if (this.#reading === undefined) {
      const reading = read(path);
      this.#reading = reading;
      const forget = (): void => {
        if (this.#reading === reading) this.#reading = undefined;
      };
      reading.then(forget, forget);
    }
    const outcome = await withDeadline(this.#reading, READ_DEADLINE_MS, clock, 'reading the file').catch(
      (error: unknown) => error as Error,
    );
    if (outcome instanceof DeadlineError) throw outcome;
    return readText(path, () => {
      if (typeof outcome === 'string') return outcome;
      throw outcome;
    });
  }
}

function isEqual(some: readonly Secret[], others: readonly Secret[]): boolean {
  return some.length === others.length && some.every((secret, index) => others[index]?.equals(secret));
}
