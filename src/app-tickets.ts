// The tickets of one app: the one place where the ticket of (app, tenant) comes from.
import { createAppTicket, type AppTicket } from './app-ticket';
import type { Clock } from './clock';
import type { AppSettings } from './config/app-settings';
import type { Audience } from './http/signing-app';
import { createCallCeiling } from './open-platform/call-ceiling';
import type { Platform } from './open-platform/platform';
import { createTicketSource } from './open-platform/ticket-source';
import type { TokenCache } from './open-platform/with-token';
import type { Secret } from './secret';
import { renewOnDemand, type RandomSource } from './tickets/renewal-policy';
import type { RenewingEvent } from './tickets/renewal';
import { RenewingValue } from './tickets/renewing-value';
import { createSealer, type Sealer } from './tickets/sealer';
import type { AppTicketEvent } from './tickets/app-ticket-keeper';
import type { TicketEvent } from './tickets/ticket-keeper';
import type { TicketStore } from './tickets/ticket-store';

/** What happened to an app's ticket or token, for logs and metrics. */
export type SignerEvent =
  | { of: 'ticket'; appId: string; tenantKey?: string; event: TicketEvent }
  | { of: 'token'; appId: string; tenantKey?: string; event: RenewingEvent<Secret> }
  | { of: 'app-ticket'; appId: string; event: AppTicketEvent }
  /** A tenant was refused by the platform, or held back by the budget of new ones. */
  | { of: 'tenant'; appId: string; tenantKey: string; what: 'refused' | 'held-back' }
  | { of: 'ceiling'; appId: string; granted: boolean };

/** What an app's tickets share with those of the other apps of the process. */
export interface AppTicketsParts {
  app: AppSettings;
  platform: Platform;
  store: TicketStore;
  /** Hard ceiling of ticket calls in any hour, for all tickets of the app. */
  ticketCallsPerHour: number;
  /** Where tokens come from. Default: the platform, asked with the app secret. */
  tokens?: TokenCache | undefined;
  /** What seals the tickets in the store; all who share them have the same. Default: the app secret. */
  storeKey?: Secret | undefined;
  clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  random: RandomSource;
  onEvent?: ((event: SignerEvent) => void) | undefined;
  /** Store apps: how many tenants that were never signed for are tried a minute. Default 3 and 10. */
  newTenants?: { perClient: number; perApp: number } | undefined;
  /** Asked before a page starts the app's first load; see `AppTicketParts`. */
  beforeFirstLoad?: (() => Promise<void> | undefined) | undefined;
}

/** The tickets of one app. */
export interface AppTickets {
  /** The ticket of the app's own tenant; of a store app, what there is to say of it as a whole. */
  readonly own: Pick<AppTicket, 'report' | 'status' | 'state' | 'wasReady'>;
  /** The ticket for whom a page is signed; a custom app has the one of its own tenant. Throws ServiceError. */
  of(audience: Audience): TenantTicket;
  /** Whether it could sign at this moment. */
  canSign(): boolean;
  /** Starts the first load; resolves when it has ended, however it did. Never rejects. */
  warmUp(): Promise<void>;
  /** The same app's settings, changed: tickets and their timers stay. */
  update(app: AppSettings): void;
  clockChanged(): void;
  /** Resolves when no page waits for a load any more. */
  loadsEnded(): Promise<void>;
  /** Store apps: takes an app ticket that the platform made at `tsMs`, if that is newer. Never rejects. */
  readonly offerAppTicket?: (appTicket: Secret, tsMs: number) => Promise<void>;
  close(): void;
}

/** What is asked of one tenant's ticket. `get` throws or rejects with ServiceError or ValueUnavailableError. */
export type TenantTicket = Pick<AppTicket, 'get' | 'renew'>;

/** Makes the tickets of `app`; nothing is fetched yet. */
export function createAppTickets(parts: AppTicketsParts): AppTickets {
  const { platform, clock, random, onEvent } = parts;
  const { appId } = parts.app;
  const { client, time } = platform;
  let { appSecret } = parts.app;
  const makeSealer = (): Sealer => createSealer((parts.storeKey ?? appSecret).reveal());
  let sealer = makeSealer();
  /** Opens what was stored under the secret before this one. */
  let formerSealer: Sealer | undefined;

  const token = new RenewingValue({
    load: (signal) => client.tenantAccessToken({ appId, appSecret }, signal),
    policy: renewOnDemand,
    clock,
    random,
    same: (a, b) => a.equals(b),
    onEvent: (event) => onEvent?.({ of: 'token', appId, event }),
  });
  const ceiling = createCallCeiling({
    callsPerHour: parts.ticketCallsPerHour,
    clock,
    onTake: (granted) => onEvent?.({ of: 'ceiling', appId, granted }),
  });
  const source = createTicketSource({ client, ceiling, token: parts.tokens ?? token });
  const ticket = createAppTicket({
    name: `${platform.baseUrl} ${appId}`,
    appId,
    load: (signal) => source.load(signal),
    store: parts.store,
    sealer: {
      seal: (name, text) => sealer.seal(name, text),
      open: (name, envelope) => sealer.open(name, envelope) ?? formerSealer?.open(name, envelope),
    },
    clock,
    time,
    random,
    onEvent: (event) => onEvent?.({ of: 'ticket', appId, event }),
    beforeLoadNow() {
      if (token.peek() === undefined) token.loadNow();
    },
    beforeFirstLoad: parts.beforeFirstLoad,
  });

  return {
    own: ticket,
    of: () => ticket,
    canSign: () => ticket.peek() !== undefined,
    warmUp: () => ticket.warmUp(),
    loadsEnded: () => ticket.loadEnded(),
    update(app) {
      if (app.appSecret.equals(appSecret)) return;
      appSecret = app.appSecret;
      formerSealer = sealer;
      sealer = makeSealer();
      // The old secret may be why there is none; a token that is still valid stays good for what it was issued.
      ticket.tryAgain();
    },
    clockChanged: () => ticket.clockChanged(),
    close() {
      ticket.close();
      token.close();
    },
  };
}
