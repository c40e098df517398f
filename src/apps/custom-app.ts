// The tickets of one app: the one place where the ticket of (app, tenant) comes from.
import { createManagedTicket, type ManagedTicket, type ManagedTicketParts } from './managed-ticket';
import type { Clock } from '../base/clock';
import type { AppSettings } from './app-settings';
import { ServiceError } from '../base/errors';
import type { Audience } from './signing-app';
import { createCallCeiling, type CallCeiling } from '../limits/call-ceiling';
import type { Platform } from '../open-platform/platform';
import { isUnknownCode } from '../open-platform/faults';
import { findPlatformError } from '../open-platform/platform-error';
import { createTicketSource } from '../open-platform/ticket-source';
import type { TokenCache } from '../open-platform/with-token';
import type { Secret } from '../base/secret';
import type { RandomSource } from '../base/random';
import { renewAhead, renewOnDemand } from '../tickets/renewal-policy';
import type { RenewingEvent } from '../tickets/renewal';
import { ChangingSealer } from '../tickets/changing-sealer';
import { RenewingValue } from '../tickets/renewing-value';
import type { PushedTicketEvent } from './store/pushed-ticket-keeper';
import type { TicketEvent } from '../tickets/ticket-keeper';
import type { TicketStore } from '../tickets/ticket-store';
import { createUserTickets, type UserTickets } from './user-tickets';

/** What happened to an app's ticket or token, for logs and metrics. */
export type ServiceEvent =
  /**
   * `isTenantRefused`: the platform refuses the tenant, which says nothing of the app. `isStranger`: a tenant that was never signed
   * for has failed, and is not tried again unless a page asks.
   */
  | {
      of: 'ticket';
      appId: string;
      tenantKey?: string;
      isTenantRefused?: true;
      isStranger?: true;
      event: TicketEvent;
    }
  /** `isStoreApps`: a store app's own token, which is renewed ahead, so that no ticket tells of its failure. */
  | { of: 'token'; appId: string; tenantKey?: string; isStoreApps?: true; event: RenewingEvent<Secret> }
  | { of: 'app-ticket'; appId: string; event: PushedTicketEvent }
  /** A tenant was refused by the platform, or held back by the budget of new ones. */
  | { of: 'tenant'; appId: string; tenantKey: string; what: 'refused' | 'held-back' }
  | { of: 'ceiling'; appId: string; granted: boolean };

/** What an app's tickets share with those of the other apps of the process. */
export interface TicketSetParts {
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
  onEvent?: ((event: ServiceEvent) => void) | undefined;
  /** Store apps: how many tenants that were never signed for are tried a minute. Default 3 and 10. */
  newTenants?: { perClient: number; perApp: number } | undefined;
  /** Asked before a page starts the app's first load; see `ManagedTicketParts`. */
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
  /** Starts the first load; resolves when it has ended, however it did. Never rejects. */
  warmUp(): Promise<void>;
  /** The same app's settings, changed: tickets and their timers stay. */
  update(app: AppSettings): void;
  clockChanged(): void;
  /** Custom apps: the tickets of single users, for web components. */
  readonly users?: UserTickets;
  /** Resolves when no page waits for a load any more. */
  loadsEnded(): Promise<void>;
  /** Store apps only. Neither rejects. */
  readonly appTicket?: {
    /** Takes an app ticket that an event says the platform made at `tsMs`, if that is newer. */
    offer(appTicket: Secret, tsMs: number): Promise<void>;
    /** Takes an app ticket that an operator hands over, whatever is kept. */
    set(appTicket: Secret): Promise<void>;
  };
  close(): void;
}

/** What is asked of one tenant's ticket. `get` throws or rejects with ServiceError or ValueUnavailableError. */
export type TenantTicket = Pick<ManagedTicket, 'get' | 'renew'>;

/** Ten minutes, as for a tenant: a permission that was added helps soon, and a loop of requests costs six calls an hour. */
const COMPONENT_REFUSAL_MS = 600_000;

/** Any client can ask for it, and most apps have no use for it: it is loaded and renewed when a page asks, never by a timer. */
const componentPolicy: ManagedTicketParts['policy'] = {
  byTimer: false,
  retryDelayMs(failures, error, random) {
    const { kind, code } = findPlatformError(error) ?? {};
    const isRefused = kind === 'configuration' || isUnknownCode(code);
    return isRefused ? COMPONENT_REFUSAL_MS : renewAhead.retryDelayMs(failures, error, random);
  },
};

/** A ticket and the token it is fetched with. */
interface WithToken {
  readonly ticket: ManagedTicket;
  readonly token: RenewingValue<Secret>;
}

/** Makes the tickets of `app`; nothing is fetched yet. */
export function createCustomApp(parts: TicketSetParts): TicketSet {
  const { platform, clock, random, onEvent } = parts;
  const { appId } = parts.app;
  const { client, time, settings } = platform;
  let { appSecret } = parts.app;
  const sealer = new ChangingSealer(parts.storeKey ?? appSecret);
  const ceiling = createCallCeiling({
    callsPerHour: parts.ticketCallsPerHour,
    clock,
    onTake: (granted) => onEvent?.({ of: 'ceiling', appId, granted }),
  });

  function make(
    name: string,
    askForToken: 'tenantAccessToken' | 'appAccessToken',
    more: Pick<ManagedTicketParts, 'beforeFirstLoad' | 'policy'> & {
      ceiling: CallCeiling;
      tokens?: TokenCache | undefined;
    },
  ): WithToken {
    const token = new RenewingValue({
      load: (signal) => client[askForToken]({ appId, appSecret }, signal),
      policy: renewOnDemand,
      clock,
      random,
      same: (a, b) => a.equals(b),
      onEvent: (event) => onEvent?.({ of: 'token', appId, event }),
    });
    const tokens = more.tokens ?? token;
    const source = createTicketSource({ client, ceiling: more.ceiling, token: tokens, settings });
    const ticket = createManagedTicket({
      name,
      appId,
      load: (signal, isDoubt) => source.load(signal, isDoubt ? ceiling.spare : more.ceiling),
      store: parts.store,
      sealer,
      clock,
      time,
      random,
      policy: more.policy,
      onEvent: (event) => onEvent?.({ of: 'ticket', appId, event }),
      beforeLoadNow() {
        if (token.peek() === undefined) token.loadNow();
      },
      beforeFirstLoad: more.beforeFirstLoad,
    });
    return { ticket, token };
  }

  const name = `${platform.baseUrl} ${appId}`;
  const page = make(name, 'tenantAccessToken', { ...parts, ceiling });
  const { ticket } = page;
  /** For web components; made when the first one asks. */
  let component: WithToken | undefined;
  const all = (): WithToken[] => (component ? [page, component] : [page]);

  function componentTicket(): ManagedTicket {
    if (parts.tokens !== undefined)
      throw new ServiceError(
        'APP_MISCONFIGURED',
        'Web components need the app secret: a tokenSource gives no token for them.',
      );
    component ??= make(`${name} component`, 'appAccessToken', {
      ceiling: ceiling.spare,
      policy: componentPolicy,
    });
    return component.ticket;
  }

  return {
    own: {
      // Whose ticket it is about is found out by trying.
      async report(report) {
        await Promise.all(all().map((one) => one.ticket.report(report)));
      },
      status: () => ticket.status(),
      get state() {
        return ticket.state;
      },
      get wasReady() {
        return ticket.wasReady;
      },
    },
    of: ({ isComponent = false }) => (isComponent ? componentTicket() : ticket),
    users: createUserTickets({ client, ceiling: ceiling.spare, clock, settings }),
    canSign: () => ticket.peek() !== undefined,
    warmUp: () => ticket.warmUp(),
    async loadsEnded() {
      for (const one of all()) await one.ticket.loadEnded();
    },
    update(app) {
      if (app.appSecret.equals(appSecret)) return;
      appSecret = app.appSecret;
      if (parts.storeKey === undefined) sealer.change(appSecret);
      // The old secret may be why there is none; a token that is still valid stays good for what it was issued.
      for (const one of all()) one.ticket.tryAgain();
    },
    clockChanged() {
      for (const one of all()) one.ticket.clockChanged();
    },
    close() {
      for (const one of all()) {
        one.ticket.close();
        one.token.close();
      }
    },
  };
}
