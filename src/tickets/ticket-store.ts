// The contract of a ticket store: where sealed tickets outlive a process. It stores text and judges nothing.

/**
 * Keeps one text per name. The text is sealed before it comes here: a store never sees a ticket.
 *
 * Every promise may reject, and may take any time: the caller races it against its own deadline, and
 * continues without the store. `observeStore` reports it. A failing store never fails a request and never takes a valid ticket away.
 * `lock` and `watch` are optional: without them there are a few more calls to the platform, and nothing else differs. Without
 * `leftMs` a wrong clock of ours stays unknown until the platform answers.
 */
export interface TicketStore {
  /** The text kept under `name`, or undefined when it does not exist or has expired. */
  read(name: string): Promise<string | undefined>;
  /**
   * Keeps `text` under `name` for at most `lifeMs`, if what is kept now is still `replacing` (undefined: nothing).
   * Resolves with whether it was written; false means that another process wrote meanwhile: read again and decide.
   * A store that can be watched notifies the watchers of other processes.
   */
  write(
    name: string,
    text: string,
    options: { replacing: string | undefined; lifeMs: number },
  ): Promise<boolean>;
  /**
   * Milliseconds for which `text` is still kept under `name`, by the store's own clock; undefined when something else is kept
   * or the store does not report it. Absent from stores that have no clock of their own.
   */
  leftMs?(name: string, text: string): Promise<number | undefined>;
  /**
   * Takes the lock of `name`, or resolves with undefined when another process has it. It ends by `release`, which frees it
   * only while it is still ours, or by itself after `leaseMs`. It saves calls and guards nothing: it may be lost.
   */
  lock?(name: string, leaseMs: number): Promise<TicketLock | undefined>;
  /**
   * Calls `onChange(name)` when another process has written under `name`, and `onChange(undefined)` when changes may have
   * been missed, so that everything is to be read again. Where `watched` is given, changes under other names may be left out.
   * Returns a function that ends it. Never throws.
   */
  watch?(onChange: (name: string | undefined) => void, watched?: string): () => void;
  /** Releases connections and files. Nothing is called afterwards. */
  close(): Promise<void>;
}

/** A lock that was taken. */
export interface TicketLock {
  release(): Promise<void>;
}
