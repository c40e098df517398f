// The events of the service as one union: the log and the metrics switch over every kind.
import type { Secret } from '../base/secret';
import type { EventOutcome } from '../open-platform/event-inbox';
import type { CallReport } from '../open-platform/open-platform-client';
import type { ClockChange } from '../open-platform/platform-clock';
import type { RenewingEvent } from '../tickets/renewal';
import type { StoreEvent } from '../tickets/stores/store-event';
import type { TicketEvent } from '../tickets/ticket-keeper';
import type { PushedTicketEvent } from './store/pushed-ticket-keeper';

/** What happened, for the log and the metrics. Requests are no events: they are counted on their own path, which is hot. */
export type ServiceEvent =
  /**
   * `isTenantRefused`: the platform refuses the tenant, which implies nothing about the app. `isStranger`: a tenant that was never signed
   * for has failed, and is not tried again unless a page asks.
   */
  | {
      of: 'ticket';
      appId: string;
      tenantKey?: string;
      isTenantRefused?: true;
      /** The platform refuses web components alone: pages have a valid ticket. */
      isComponentRefused?: true;
      isStranger?: true;
      event: TicketEvent;
    }
  /** `isStoreApps`: a store app's own token, which is renewed ahead, so that no ticket reports its failure. */
  | { of: 'token'; appId: string; tenantKey?: string; isStoreApps?: true; event: RenewingEvent<Secret> }
  | { of: 'app-ticket'; appId: string; event: PushedTicketEvent }
  /** A tenant was refused by the platform, or throttled by the budget of new ones. */
  | { of: 'tenant'; appId: string; tenantKey: string; what: 'refused' | 'held-back' }
  | { of: 'ceiling'; appId: string; granted: boolean }
  /** How an event that the platform sent to a store app ended. */
  | { of: 'pushed-event'; appId: string; outcome: EventOutcome }
  | { of: 'call'; report: CallReport }
  | { of: 'clock'; change: ClockChange }
  | { of: 'store'; event: StoreEvent }
  /** The apps file was compared. The first event is of the file that was read at the start, which is usable. */
  | { of: 'apps-file'; isUsable: boolean };
