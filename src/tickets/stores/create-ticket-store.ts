// Makes the store that is configured.
import type { Clock } from '../../base/clock';
import { createFileStore } from './file/file-store';
import { createMemoryStore } from './memory-store';
import { observeStore } from './observe-store';
import type { RedisAddress } from './redis/parse-redis-url';
import { createRedisStore } from './redis/redis-store';
import type { RandomSource } from '../../base/random';
import type { StoreEvent } from './store-event';
import { StoreProbe } from './store-probe';
import type { TicketStore } from '../ticket-store';

/** A store as configured. */
export type TicketStoreSetting =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'redis';
      readonly address: RedisAddress;
      /** The file that holds the address, when there is one: it is read again when the password is refused. */
      readonly file?: string;
    };

/** Which store, and its dependencies. */
export interface CreateTicketStoreOptions {
  setting: TicketStoreSetting;
  /** Reads the address of Redis again, where it is in a file. */
  readUrl?: (() => Promise<string>) | undefined;
  /** PEM certificates to trust in addition to the default roots, for `rediss:`. */
  caPem?: string | undefined;
  clock: Clock;
  random: RandomSource;
  /** Called with a sentence that asks an operator to act. */
  onWarning: (message: string) => void;
  /** Called with every failure, every success and every connection. A store in memory has none of them. */
  onEvent: (event: StoreEvent) => void;
}

/** A store, and what reads its settings again, where they can change. */
export interface ConfiguredStore extends TicketStore {
  /** Resolves with whether they have changed. Never rejects. */
  readonly reload?: () => Promise<boolean>;
}

/** The store of `setting`. A file is not read before the first operation; Redis is connected to at once. */
export function createTicketStore(options: CreateTicketStoreOptions): ConfiguredStore {
  const { setting, ...rest } = options;
  switch (setting.kind) {
    case 'memory':
      return createMemoryStore();
    case 'file':
      return watchOver(rest, (options) => createFileStore({ ...options, path: setting.path }));
    case 'redis':
      return watchOver(rest, (options) => createRedisStore({ ...options, url: setting.address }));
  }
}

/** A store whose operations are reported, and tried again when they fail. */
function watchOver(
  options: Omit<CreateTicketStoreOptions, 'setting'>,
  create: (options: Omit<CreateTicketStoreOptions, 'setting'>) => ConfiguredStore,
): ConfiguredStore {
  const { clock, readUrl } = options;
  let probe: StoreProbe | undefined;
  const onEvent = (event: StoreEvent): void => {
    options.onEvent(event);
    probe?.onEvent(event);
  };
  const store = create({ ...options, onEvent });
  const observed = observeStore(store, { clock, onEvent });
  const started = (probe = new StoreProbe(observed, clock));
  return {
    ...observed,
    ...(readUrl && store.reload && { reload: store.reload }),
    close() {
      started.close();
      return observed.close();
    },
  };
}
