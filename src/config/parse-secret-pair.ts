// A secret that is rotated: one, or two with a comma between them while one replaces the other.
import { Secret } from '../base/secret';
import { parseList } from './parse-values';

/** The old secret and the new secret. A third would be a forgotten one. */
const MAX_SECRETS = 2;

/**
 * The secrets in `text`, one or two. Throws an `Error` that says what to write, without quoting anything; `what` names one of them.
 *
 * @example parseSecretPair(new Secret('old,new'), 'encrypt key') // two secrets
 */
export function parseSecretPair(text: Secret, what: string): Secret[] {
  const secrets = parseList(text.reveal());
  if (secrets.length === 0 || secrets.length > MAX_SECRETS)
    throw new Error(`write one ${what}, or two with a comma between them while one replaces the other`);
  return secrets.map((secret) => new Secret(secret));
}
