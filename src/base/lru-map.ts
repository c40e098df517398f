// A bounded map: beyond its limit the least recently used entry is evicted.

/** As a Map whose size never exceeds `limit`; `get` and `set` count as use. */
export class LruMap<Key, Value> {
  /** In the order of use, the least recently used first. */
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #onForget: (value: Value, key: Key) => void;

  /** `onForget` is called with entries that were evicted at the limit, not with deleted or replaced entries. */
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

  /** The least recently used first. Entries may be deleted during the iteration. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]();
  }
}
