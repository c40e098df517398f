// ADMIN_TOKEN: one token that opens the operator's endpoints, or two while one replaces the other.
import type { Secret } from '../base/secret';
import { parseSecretPair } from './parse-secret-pair';

/** Sixteen characters: of random hexadecimal ones that is 64 bits, which cannot be guessed over a network. */
const MIN_CHARACTERS = 16;

/** The tokens in `text`. Throws an `Error` that says what to write instead, without quoting anything. */
export function parseAdminTokens(text: Secret): Secret[] {
  const tokens = parseSecretPair(text, 'token');
  if (tokens.some((token) => token.reveal().length < MIN_CHARACTERS))
    throw new Error(
      `a token is shorter than ${MIN_CHARACTERS} characters: write a random one, as "openssl rand -hex 24" prints`,
    );
  // What a header can carry (RFC 6750); anything else could never be sent.
  if (tokens.some((token) => !/^[\w.~+/-]+=*$/.test(token.reveal())))
    throw new Error(
      'a token holds characters that Authorization: Bearer cannot carry: write letters and digits',
    );
  return tokens;
}
