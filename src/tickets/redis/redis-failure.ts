// What a Redis server or its client says went wrong, less what must not be repeated.

// As Redis, its ACL and the common proxies put it. What a script met while running is not about the command: Redis 6
// reports a full memory there as `command not allowed`.
const REFUSED =
  /^(?:NOPERM |unsupported command|ERR (?!Error running script).*(?:unknown command|unsupported|not support|not allowed))/i;

/** A failure that may be logged: it repeats no argument of a command, and has no `cause` that might. */
export class RedisFailure extends Error {
  override readonly name = 'RedisFailure';
  /** Whether the server, or a proxy before it, does not let us use the command at all. */
  readonly refused: boolean;
  /** Whether the server takes no writes, as a replica does: after a failover the master is another. */
  readonly readOnly: boolean;

  constructor(thrown: unknown) {
    const said = textOf(thrown);
    // `unknown command 'AUTH', with args beginning with: …` repeats the password.
    super(said.replace(/,? with args beginning with[^]*$/, ''));
    this.refused = REFUSED.test(said);
    this.readOnly = said.startsWith('READONLY');
  }
}

/** Its message; a host that refuses at each of its addresses gives a code only. */
function textOf(thrown: unknown): string {
  const { message, code } = thrown as { message?: unknown; code?: unknown };
  const said = [message, code].find((text) => typeof text === 'string' && text !== '');
  return typeof said === 'string' ? said : 'Redis failed without a word';
}
