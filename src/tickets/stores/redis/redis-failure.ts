// What a Redis server or its client says went wrong, less what must not be repeated.

// As Redis, its ACL and the common proxies put it. What a script met while running is not about the command: Redis 6
// reports a full memory there as `command not allowed`.
const REFUSED =
  /^(?:NOPERM |unsupported command|ERR (?!Error running script).*(?:unknown command|unsupported|not support|not allowed))/i;
// Redis 5 has no code of its own for a wrong password.
const UNAUTHORISED = /^(?:NOAUTH|WRONGPASS|ERR invalid password|ERR AUTH )/;
// Every error reply begins with its code in capitals; messages of Node and of the client do not.
const REPLY = /^[A-Z]+ /;
// The client takes a reply when no command waits for one for a failure of its own, and loses the text.
const UNASKED = /^Cannot read properties of undefined \(reading 're(?:ject|solve)'\)/;

/** A failure that may be logged: it repeats no argument of a command, and has no `cause` that might. */
export class RedisFailure extends Error {
  override readonly name = 'RedisFailure';
  /** Whether the server, or a proxy before it, does not let us use the command at all. */
  readonly refused: boolean;
  /** Whether the server takes no writes, as a replica does: after a failover the master is another. */
  readonly readOnly: boolean;
  /** Whether the server wants another password, or one at all. */
  readonly unauthorised: boolean;
  /** Whether it is the server's reply to a command; otherwise the connection or an answer is missing. */
  readonly isReply: boolean;
  /** Whether the keys are no longer at this server of a cluster: MOVED, or CLUSTERDOWN. */
  readonly isElsewhere: boolean;

  /** `advice` is what to do, where that is known: the last part of the message. */
  constructor(thrown: unknown, advice?: string) {
    const said = textOf(thrown);
    // `unknown command 'AUTH', with args beginning with: …` repeats the password.
    const message = said.replace(/,? with args beginning with[^]*$/, '');
    super(advice === undefined ? message : `${message.replace(/\.$/, '')}: ${advice}`);
    this.refused = REFUSED.test(said);
    this.readOnly = said.startsWith('READONLY');
    this.unauthorised = UNAUTHORISED.test(said);
    this.isReply = REPLY.test(said);
    this.isElsewhere = /^(?:MOVED|CLUSTERDOWN) /.test(said);
  }
}

/** Its message; a host that refuses at each of its addresses gives a code only, and OpenSSL a reason among addresses of memory. */
function textOf(thrown: unknown): string {
  const { message, code, reason } = thrown as { message?: unknown; code?: unknown; reason?: unknown };
  if (typeof reason === 'string' && String(code).startsWith('ERR_SSL_')) return `TLS: ${reason}`;
  const said = [message, code].find((text) => typeof text === 'string' && text !== '');
  if (typeof said !== 'string') return 'Redis failed without a word';
  return UNASKED.test(said) ? 'Redis, or a proxy before it, sent a reply to no command' : said;
}
