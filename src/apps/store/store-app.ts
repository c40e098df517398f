// The tickets of a store app: a tenant that has one is answered at once, new ones are admitted on a budget.
import type { ManagedTicket } from '../managed-ticket';
import type { TicketSet, TicketSetParts, TenantTicket } from '../ticket-set';
import { ServiceError } from '../../base/errors';
import type { Audience } from '../signing-app';
import { FairBudget } from '../../limits/fair-budget';
import { toServiceError } from '../../open-platform/to-service-error';
import type { Secret } from '../../base/secret';
import { createStoreAppAccess } from './access';
import { createTenants } from './tenants';
import { isTenantRefusal, isTenantsFault, requireTenantKey, tenantNotAllowed } from './tenant-refusal';
import { Sealer } from '../../tickets/sealer';

/** By default, see NEW_TENANTS_PER_CLIENT and NEW_TENANTS_PER_MINUTE: a person opens few tenants, a platform takes ten calls. */
const NEW_TENANTS = { perClient: 3, perApp: 10 };

/** What tries of operators are counted under, all of them together: no client has this address. */
const OPERATORS = '0.0.0.0';

/** Makes the tickets of a store app; nothing is fetched yet. */
export function createStoreApp(parts: TicketSetParts): TicketSet {
  const { platform, clock, onEvent, newTenants = NEW_TENANTS } = parts;
  const { appId } = parts.app;
  let { app } = parts;
  let listed = app.tenants && new Set(app.tenants);
  const name = `${platform.baseUrl} ${appId}`;
  const sealer = new Sealer(parts.storeKey ?? app.appSecret);

  const access = createStoreAppAccess({ ...parts, name, credentials: () => app, sealer });
  const tenants = createTenants({
    ...parts,
    name,
    sealer,
    appToken: access.token,
    isListed: (tenantKey) => listed?.has(tenantKey) ?? false,
  });
  const budget = new FairBudget({ clock, perClient: newTenants.perClient, inAll: newTenants.perApp });

  /** The ticket of a tenant that has none yet: for strangers only after the store was asked, and within the budget. */
  async function admit(tenantKey: string, clientAddress: string | undefined): Promise<Secret> {
    tenants.throwIfRefused(tenantKey);
    if (isStranger(tenantKey)) {
      await tenants.refreshKnown();
      // Without an app ticket no tenant can be admitted: that is not the stranger's fault, and costs no try.
      const missing = isStranger(tenantKey) ? await access.whyNoAppTicket() : undefined;
      if (missing) throw toServiceError(missing, 0);
    }
    // Another request may have created it meanwhile.
    const ticket = tenants.ticketOf(tenantKey);
    if (ticket) return getOf(ticket);
    tenants.throwIfRefused(tenantKey);
    if (!isStranger(tenantKey)) return getOf(tenants.createTicket(tenantKey));
    // A try that cannot call the platform does not count: in an outage repeated requests would use up all tries.
    tenants.throwWhilePaused();
    takeTry(tenantKey, clientAddress);
    try {
      return await getOf(tenants.createTicket(tenantKey, () => budget.giveBack(clientAddress)));
    } catch (error) {
      if (isTenantsFault(error)) budget.refuse(clientAddress);
      throw error;
    }
  }

  /** The ticket that an operator has renewed: a key that was never signed for is a try too, since it may be a mistake in a loop. */
  async function admitForOperator(tenantKey: string): Promise<ManagedTicket> {
    if (isStranger(tenantKey)) await tenants.refreshKnown();
    const ticket = tenants.ticketOf(tenantKey);
    if (ticket) return ticket;
    if (isStranger(tenantKey)) takeTry(tenantKey, OPERATORS);
    return tenants.createTicket(tenantKey);
  }

  function isStranger(tenantKey: string): boolean {
    return !listed && !tenants.isKnown(tenantKey);
  }

  /** Counts a try. Throws ServiceError `RATE_LIMITED` when no try is left. */
  function takeTry(tenantKey: string, clientAddress: string | undefined): void {
    const waitMs = budget.take(clientAddress);
    if (waitMs === 0) return;
    onEvent?.({ of: 'tenant', appId, tenantKey, what: 'held-back' });
    throw new ServiceError(
      'RATE_LIMITED',
      'Too many new tenants at once. Known tenants are not affected; retry after the given time.',
      { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
    );
  }

  async function getOf(ticket: ManagedTicket): Promise<Secret> {
    try {
      return await ticket.get();
    } catch (error) {
      throw isTenantRefusal(error) ? tenantNotAllowed(error) : error;
    }
  }

  function of({ tenantKey: given, client: clientAddress, isComponent }: Audience): TenantTicket {
    if (isComponent)
      throw new ServiceError('NOT_FOUND', 'Web components are for custom apps; this is a store app.');
    const tenantKey = requireTenantKey(given);
    if (listed && !listed.has(tenantKey)) throw tenantNotAllowed();
    return {
      get() {
        const ticket = tenants.ask(tenantKey);
        return ticket === undefined ? admit(tenantKey, clientAddress) : (ticket.peek() ?? getOf(ticket));
      },
      renew: async (fingerprint) => (await admitForOperator(tenantKey)).renew(fingerprint),
    };
  }

  return {
    own: {
      report: async (report) => {
        if (report.tenantKey !== undefined) await tenants.ticketOf(report.tenantKey)?.report(report);
      },
      status: () => ({ ...access.status(), tenants: tenants.counts() }),
      get state() {
        return { ...access.state, loading: tenants.isLoading || access.state.loading };
      },
      get wasReady() {
        return access.wasAccepted;
      },
    },
    of,
    canSign: () => access.token.peek() !== undefined,
    async warmUp() {
      void tenants.refreshKnown();
      const ready = access.token.get();
      if (!(ready instanceof Promise)) return false;
      await ready.catch(() => undefined);
      return true;
    },
    async loadsEnded() {
      await Promise.all(tenants.tickets().map((ticket) => ticket.loadEnded()));
    },
    update(changed) {
      const isOtherSecret = !changed.appSecret.equals(app.appSecret);
      app = changed;
      listed = app.tenants && new Set(app.tenants);
      if (!isOtherSecret) return;
      if (parts.storeKey === undefined) sealer.change(app.appSecret);
      access.tryAgain();
    },
    appTicket: {
      offer: (appTicket, tsMs) => access.offerAppTicket(appTicket, tsMs),
      set: (appTicket) => access.setAppTicket(appTicket),
    },
    close() {
      tenants.close();
      access.close();
    },
  };
}
