// Encrypts the texts in a store: AES-256-GCM, so that a reader learns nothing and a writer cannot forge an entry.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../base/secret';

/** Marks the format, so that a later format can be distinguished. */
const PREFIX = 'v1.';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** The nonce and tag lengths that GCM is specified for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Separates this use of the secret from every other use of it. */
const KEY_PURPOSE = 'lark-jsapi-signer ticket store v1';

/**
 * Turns text into an envelope bound to a name, and back. The key is derived (HKDF-SHA-256) from a secret: every process with the same
 * secret can open the envelopes. The secret can change: what was sealed with the one before still opens.
 */
export class Sealer {
  #key: Buffer;
  #formerKey: Buffer | undefined;

  constructor(secret: Secret) {
    this.#key = deriveKey(secret);
  }

  /** From now on seals with `secret`. */
  change(secret: Secret): void {
    this.#formerKey = this.#key;
    this.#key = deriveKey(secret);
  }

  seal(name: string, text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return PREFIX + sealed.toString('base64url');
  }

  /** The text, or undefined when the envelope is foreign: torn, forged, of another key or of another name. */
  open(name: string, envelope: string): string | undefined {
    if (!envelope.startsWith(PREFIX)) return undefined;
    const sealed = Buffer.from(envelope.slice(PREFIX.length), 'base64url');
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    return openWith(this.#key, name, sealed) ?? (this.#formerKey && openWith(this.#formerKey, name, sealed));
  }
}

function deriveKey(secret: Secret): Buffer {
  return Buffer.from(hkdfSync('sha256', secret.reveal(), '', KEY_PURPOSE, KEY_BYTES));
}

function openWith(key: Buffer, name: string, sealed: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return (
      decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  } catch {
    return undefined;
  }
}
