// A bounded map: beyond its limit the entry that was used longest ago is forgotten.

/** As a Map whose size never exceeds `limit`; `get` and `set` count as use. */
export class LruMap<Key, Value> {
  /** In the order of use, the longest unused first. */
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #onForget: (value: Value, key: Key) => void;

  /** `onForget` hears what had to go for want of room, not what was deleted or replaced. */
  constructor(limit: number, onForget: (value: Value, key: Key) => void = () => undefined) {
    this.#limit = limit;
    this.#onForget = onForget;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** As `get`, without counting as use. */
  peek(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries;
    if (this.#entries.size <= this.#limit || oldest === undefined) return;
    this.#entries.delete(oldest[0]);
    this.#onForget(oldest[1], oldest[0]);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** The longest unused first. Entries may be deleted meanwhile. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]();
  }
}
