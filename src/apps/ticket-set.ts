// The tickets of one app of either kind: the parts they share and their interface.
import type { Clock } from '../base/clock';
import type { RandomSource } from '../base/random';
import type { Secret } from '../base/secret';
import type { Platform } from '../open-platform/platform';
import type { TokenCache } from '../open-platform/with-token';
import type { TicketStore } from '../tickets/ticket-store';
import type { AppSettings } from './app-settings';
import type { ManagedTicket } from './managed-ticket';
import type { ServiceEvent } from './service-event';
import type { Audience } from './signing-app';
import type { UserTickets } from './user-tickets';

/** What an app's tickets share with those of the other apps of the process. */
export interface TicketSetParts {
  app: AppSettings;
  platform: Platform;
  store: TicketStore;
  /** Hard ceiling of ticket calls in any hour, for all tickets of the app. */
  ticketCallsPerHour: number;
  /** Where tokens come from. Default: the platform, asked with the app secret. */
  tokens?: TokenCache | undefined;
  /** The key that encrypts the tickets in the store; the same for all processes that share them. Default: the app secret. */
  storeKey?: Secret | undefined;
  clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  random: RandomSource;
  onEvent?: ((event: ServiceEvent) => void) | undefined;
  /** Store apps: how many new tenants are tried a minute. Default 3 and 10. */
  newTenants?: { perClient: number; perApp: number } | undefined;
  /** Custom apps: asked before a page starts the app's first load. A promise is waited for, since other apps are starting as well. */
  beforeFirstLoad?: (() => Promise<void> | undefined) | undefined;
}

/** The tickets of one app. */
export interface TicketSet {
  /** The ticket of the app's own tenant; of a store app, what there is to say of it as a whole. */
  readonly own: Pick<ManagedTicket, 'report' | 'status' | 'state' | 'wasReady'>;
  /** The ticket for whom a page is signed; a custom app has the one of its own tenant. Throws ServiceError. */
  of(audience: Audience): TenantTicket;
  /** Whether it could sign at this moment. */
  canSign(): boolean;
  /** Starts the first load; resolves when it has ended, also without success, with whether the platform was asked. Never rejects. */
  warmUp(): Promise<boolean>;
  /** The same app's settings, changed: tickets and their timers stay. */
  update(app: AppSettings): void;
  /** Custom apps: the tickets of single users, for web components. */
  readonly users?: UserTickets;
  /** Resolves when no page waits for a load any more. */
  loadsEnded(): Promise<void>;
  /** Store apps only. Neither rejects. */
  readonly appTicket?: {
    /** Accepts an app ticket of an event, which the platform made at `tsMs`, if it is newer. */
    offer(appTicket: Secret, tsMs: number): Promise<void>;
    /** Accepts an app ticket from an operator, whatever is kept. */
    set(appTicket: Secret): Promise<void>;
  };
  close(): void;
}

/** The interface of one tenant's ticket. `get` throws or rejects with ServiceError or ValueUnavailableError. */
export type TenantTicket = Pick<ManagedTicket, 'get' | 'renew'>;
