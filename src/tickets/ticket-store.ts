// The contract of a ticket store: where sealed tickets outlive a process. It stores text and judges nothing.

/**
 * Keeps one text per name. The text is sealed before it comes here: a store never sees a ticket.
 *
 * Every promise may reject, and may take as long as it likes: the caller races it against a deadline of its own, goes
 * on without the store, and reports it. A failing store never fails a request and never takes a valid ticket away.
 */
export interface TicketStore {
  /** The text kept under `name`, or undefined when there is none or its time is over. */
  read(name: string): Promise<string | undefined>;
  /**
   * Keeps `text` under `name` for at most `lifeMs`, if what is kept now is still `replacing` (undefined: nothing).
   * Resolves with whether it was written; false means that somebody else wrote meanwhile: read again and decide.
   */
  write(
    name: string,
    text: string,
    options: { replacing: string | undefined; lifeMs: number },
  ): Promise<boolean>;
  /** Lets go of connections and files. Nothing is called afterwards. */
  close(): Promise<void>;
}
