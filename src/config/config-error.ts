// Everything that is wrong with the configuration, at once: one fault per line, each with its variable.

/** One wrong variable. */
export interface ConfigFault {
  /** The variable to change, or `.env` for a line of that file that names none. */
  readonly variable: string;
  /** What is wrong and what to write instead; never a secret's value. */
  readonly message: string;
}

/** The configuration cannot be used. `message` has one line per fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    this.faults = faults;
  }
}
