// Remembers used signatures for as long as they could be used again.

// 10 minutes at 166 page loads a second, far beyond what a demo or test verifies; about 20 MB.
const MAX_REMEMBERED = 100_000;

/** A bounded memory of keys that forgets each after `lifeMs`. */
export class SeenSignatures {
  readonly #lifeMs: number;
  // In order of insertion, which is the order of expiry unless the platform's clock was moved back.
  readonly #seenAtMs = new Map<string, number>();

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  /** True when `key` was not seen within the life before `nowMs`; it is remembered from now on. */
  add(key: string, nowMs: number): boolean {
    this.#purge(nowMs);
    const seenAtMs = this.#seenAtMs.get(key);
    if (seenAtMs !== undefined && nowMs - seenAtMs <= this.#lifeMs) return false;
    this.#seenAtMs.set(key, nowMs);
    return true;
  }

  get size(): number {
    return this.#seenAtMs.size;
  }

  #purge(nowMs: number): void {
    for (const [key, seenAtMs] of this.#seenAtMs) {
      if (nowMs - seenAtMs <= this.#lifeMs && this.#seenAtMs.size < MAX_REMEMBERED) return;
      this.#seenAtMs.delete(key);
    }
  }
}
