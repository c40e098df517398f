// A fresh nonce for every reply: a signature is accepted once, so two pages must never share one.
import { randomBytes as cryptoRandomBytes } from 'node:crypto';

/** 128 bits: no two nonces meet by chance, and 32 hexadecimal characters are what others of this kind send. */
const NONCE_BYTES = 16;

/** One draw serves 256 nonces. A draw of its own for each costs ten times as much; a larger pool gains nothing more. */
const POOL_BYTES = 4_096;

/**
 * A function that gives a new nonce at every call: 32 lower-case hexadecimal characters, no byte used twice.
 * `randomBytes` must be a cryptographic source; what it throws reaches the caller, and the next call draws again.
 *
 * @example const nextNonce = createNonceSource(); nextNonce() // '9f86d081884c7d659a2feaa0c55ad015'
 */
export function createNonceSource(randomBytes: (size: number) => Buffer = cryptoRandomBytes): () => string {
  let pool: Buffer = Buffer.alloc(0);
  let used = 0;
  return function nextNonce() {
    if (used + NONCE_BYTES > pool.length) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    const start = used;
    used += NONCE_BYTES;
    return pool.toString('hex', start, used);
  };
}
