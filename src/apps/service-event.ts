// What happens to the tickets, tokens and tenants of apps, as one union: the log and the metrics switch over it.
import type { Secret } from '../base/secret';
import type { RenewingEvent } from '../tickets/renewal';
import type { TicketEvent } from '../tickets/ticket-keeper';
import type { PushedTicketEvent } from './store/pushed-ticket-keeper';

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
