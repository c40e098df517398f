// Makes the store that is configured.
import type { Clock } from '../clock';
import type { Secret } from '../secret';
import { createFileStore } from './file-store';
import { createMemoryStore } from './memory-store';
import { createRedisStore } from './redis-store';
import type { RandomSource } from './renewal-policy';
import type { TicketStore } from './ticket-store';

/** Which store, and what it needs of its surroundings. */
export interface CreateTicketStoreOptions {
  setting: { kind: 'memory' } | { kind: 'file'; path: string } | { kind: 'redis'; url: Secret };
  /** PEM certificates to trust beside the default roots, for `rediss:`. */
  caPem?: string | undefined;
  clock: Clock;
  random: RandomSource;
  /** Hears, in a sentence, what an operator should see to. */
  onWarning: (message: string) => void;
  /** Told of failures that no caller waits for. */
  onError: (operation: string, error: Error) => void;
}

/** The store of `setting`. None of them connects or reads before it is asked. */
export function createTicketStore(options: CreateTicketStoreOptions): TicketStore {
  const { setting, ...rest } = options;
  switch (setting.kind) {
    case 'memory':
      return createMemoryStore();
    case 'file':
      return createFileStore({ ...rest, path: setting.path });
    case 'redis':
      return createRedisStore({ ...rest, url: setting.url.reveal() });
  }
}
