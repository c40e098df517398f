// What happens to a ticket store, for the log and the metrics.

/** What can fail. The connections of Redis are `connect`, for commands, and `watch`, for announcements. */
export const STORE_OPERATIONS = [
  ...['read', 'write', 'lock', 'release'],
  ...['connect', 'watch', 'announce'],
] as const;

export type StoreOperation = (typeof STORE_OPERATIONS)[number];

export type StoreEvent =
  /** An operation failed, or a connection was lost, or an attempt to connect failed: every one. `name`: what it was for. */
  | {
      readonly type: 'failed';
      readonly operation: StoreOperation;
      readonly name?: string;
      readonly error: Error;
    }
  | { readonly type: 'succeeded'; readonly operation: StoreOperation }
  /** A connection was made and has answered. */
  | { readonly type: 'connected'; readonly operation: 'connect' | 'watch' };
