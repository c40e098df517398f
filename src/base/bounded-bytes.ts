// Bytes that arrive in pieces, kept in one buffer: a list of pieces costs some 400 bytes for each, and a piece may be a single byte.

/** Initial buffer in bytes, allocated with the second piece: most bodies have one piece, few have a third. */
const FIRST_ROOM = 4_096;

/** Collects at most `maxBytes` and discards the rest. While it grows, it holds two buffers, neither above `maxBytes`. */
export class BoundedBytes {
  readonly #maxBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether `maxBytes` have been collected. */
  get isFull(): boolean {
    return this.#length === this.#maxBytes;
  }

  /** What has been added so far. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Adds `piece`, whose content must not change from now on. */
  add(piece: Buffer): void {
    const added = piece.subarray(0, this.#maxBytes - this.#length);
    const length = this.#length + added.length;
    if (this.#length === 0) {
      // Nearly every body is a single piece: nothing is copied.
      this.#buffer = added;
    } else {
      if (length > this.#buffer.length) this.#grow(length);
      added.copy(this.#buffer, this.#length);
    }
    this.#length = length;
  }

  #grow(length: number): void {
    // Doubled, so that a byte is copied twice on average, however small the pieces are.
    const size = Math.min(Math.max(2 * length, FIRST_ROOM), this.#maxBytes);
    const buffer = Buffer.allocUnsafe(size);
    this.bytes.copy(buffer);
    this.#buffer = buffer;
  }
}
