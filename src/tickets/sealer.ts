// Seals what goes into a store: AES-256-GCM, so that a reader learns nothing and a writer cannot plant anything.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Turns text into an envelope bound to a name, and back. */
export interface Sealer {
  seal(name: string, text: string): string;
  /** The text, or undefined when the envelope is foreign: torn, forged, of another key or of another name. */
  open(name: string, envelope: string): string | undefined;
}

/** Marks the format, so that a later one can be told apart. */
const PREFIX = 'v1.';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** The nonce and tag lengths that GCM is specified for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Separates this use of the secret from every other use of it. */
const KEY_PURPOSE = 'lark-jsapi-signer ticket store v1';

/** A sealer whose key is derived (HKDF-SHA-256) from `secret`; everybody with the same secret can open its envelopes. */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', KEY_PURPOSE, KEY_BYTES));
  return {
    seal(name, text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return PREFIX + sealed.toString('base64url');
    },
    open(name, envelope) {
      if (!envelope.startsWith(PREFIX)) return undefined;
      const sealed = Buffer.from(envelope.slice(PREFIX.length), 'base64url');
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-TAG_BYTES));
        return (
          decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') +
          decipher.final('utf8')
        );
      } catch {
        return undefined;
      }
    },
  };
}
