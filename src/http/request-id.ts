// The id that ties a reply, a log line and a caller's own log together.

/** What a caller's own id may be: a UUID, ULID or trace id fits; a log line's worth of text does not. */
const ACCEPTABLE = /^[\w-]{1,64}$/;

/** The caller's `X-Request-Id` when it is of a harmless form, otherwise a new one. */
export function chooseRequestId(received: string | string[] | undefined, newId: () => string): string {
  return typeof received === 'string' && ACCEPTABLE.test(received) ? received : newId();
}
