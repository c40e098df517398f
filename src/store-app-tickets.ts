// The tickets of a store app: one for each tenant, known ones at once, new ones on a budget, refused ones remembered.
import { createAppTicket, type AppTicket } from './app-ticket';
import type { AppTickets, AppTicketsParts, TenantTicket } from './app-tickets';
import type { Timer } from './clock';
import { ServiceError } from './errors';
import type { Audience } from './http/signing-app';
import { createCallCeiling } from './open-platform/call-ceiling';
import { createTicketSource } from './open-platform/ticket-source';
import { toServiceError } from './open-platform/to-service-error';
import { withToken } from './open-platform/with-token';
import { RecentMap } from './recent-map';
import type { Secret } from './secret';
import { createStoreAppAccess, missingAppTicket } from './store-app-access';
import { isTenantRefusal, requireTenantKey, tenantNotAllowed } from './tenant-refusal';
import { ChangingSealer } from './tickets/changing-sealer';
import { KnownTenants } from './tickets/known-tenants';
import { renewOnDemand } from './tickets/renewal-policy';
import { RenewingValue } from './tickets/renewing-value';
import { TenantBudget } from './tickets/tenant-budget';
import type { TicketEvent } from './tickets/ticket-keeper';

/** Known and refused tenants of an app: more than one process serves, and some 20 MB when all of them have tickets. */
const MOST_TENANTS = 10_000;
/** Ten minutes: whoever installs the app after a refusal is not kept waiting long, and a loop of refusals costs little. */
const REFUSAL_MS = 600_000;
/** A ticket's life: a tenant that nobody asks for costs one needless renewal at most. */
const IDLE_MS = 7_200_000;
/** Often enough for that life; looking through 10,000 takes a millisecond. */
const SWEEP_EVERY_MS = 600_000;
/** By default, see NEW_TENANTS_PER_CLIENT and NEW_TENANTS_PER_MINUTE: a person opens few tenants, a platform takes ten calls. */
const NEW_TENANTS = { perClient: 3, perApp: 10 };

interface Tenant {
  /** It was signed for once. */
  isKnown: boolean;
  /** While it is asked for. */
  live: { ticket: AppTicket; token: RenewingValue<Secret>; askedAtMs: number } | undefined;
  /** Why it has no ticket, and until when that is not tried again. */
  refusal: { error: unknown; untilMs: number } | undefined;
}

/** Makes the tickets of a store app; nothing is fetched yet. */
export function createStoreAppTickets(parts: AppTicketsParts): AppTickets {
  const { platform, store, clock, random, onEvent, newTenants = NEW_TENANTS } = parts;
  const { client, time } = platform;
  const { appId } = parts.app;
  let { app } = parts;
  let listed = app.tenants && new Set(app.tenants);
  const name = `${platform.baseUrl} ${appId}`;
  const sealer = new ChangingSealer(parts.storeKey ?? app.appSecret);
  let loads = 0;
  let sweepTimer: Timer | undefined;

  const access = createStoreAppAccess({ ...parts, name, credentials: () => app, sealer });
  const ceiling = createCallCeiling({
    callsPerHour: parts.ticketCallsPerHour,
    clock,
    onTake: (granted) => onEvent?.({ of: 'ceiling', appId, granted }),
  });

  const budget = new TenantBudget({ clock, ...newTenants });
  const tenants = new RecentMap<string, Tenant>(MOST_TENANTS, (tenant) => {
    end(tenant);
  });
  const known = new KnownTenants({
    name: `${name} tenants`,
    store,
    sealer,
    clock,
    onKnown(tenantKey) {
      const tenant = tenants.peek(tenantKey);
      if (tenant) tenant.isKnown = true;
      else tenants.set(tenantKey, { isKnown: true, live: undefined, refusal: undefined });
    },
    onStoreFailed: (operation, error) =>
      onEvent?.({ of: 'app-ticket', appId, event: { type: 'store-failed', operation, error } }),
  });

  function enter(tenantKey: string): NonNullable<Tenant['live']> {
    const tenant = tenants.get(tenantKey) ?? { isKnown: false, live: undefined, refusal: undefined };
    const token = new RenewingValue<Secret>({
      load: (signal) =>
        withToken(access.token, (appAccessToken) =>
          client.storeTenantAccessToken(appAccessToken, tenantKey, signal),
        ),
      policy: renewOnDemand,
      clock,
      random,
      same: (a, b) => a.equals(b),
      onEvent: (event) => onEvent?.({ of: 'token', appId, tenantKey, event }),
    });
    const source = createTicketSource({ client, ceiling, token });
    const ticket = createAppTicket({
      name: `${name} ${tenantKey}`,
      appId,
      async load(signal) {
        loads += 1;
        try {
          return await source.load(signal);
        } finally {
          loads -= 1;
        }
      },
      store,
      sealer,
      clock,
      time,
      random,
      onEvent(event) {
        follow(tenantKey, tenant, event);
        onEvent?.({ of: 'ticket', appId, tenantKey, event });
      },
      beforeLoadNow() {
        if (token.peek() === undefined) token.loadNow();
      },
    });
    tenant.live = { ticket, token, askedAtMs: clock.monotonicMs() };
    tenant.refusal = undefined;
    tenants.set(tenantKey, tenant);
    sweepTimer ??= clock.setTimer(sweep, SWEEP_EVERY_MS);
    return tenant.live;
  }

  /** What a ticket's life says of its tenant: with a ticket it is known; a stranger without one is let go of. */
  function follow(tenantKey: string, tenant: Tenant, event: TicketEvent): void {
    if (event.type === 'loaded' || event.type === 'taken-from-store') {
      if (!tenant.isKnown) known.add(tenantKey);
      tenant.isKnown = true;
    }
    const { live } = tenant;
    if (event.type !== 'failed' || live === undefined || live.ticket.peek() !== undefined) return;
    const isRefused = isTenantRefusal(event.error);
    if (tenant.isKnown && !isRefused) return;
    const untilMs = clock.monotonicMs() + (isRefused ? REFUSAL_MS : event.retryInMs);
    // Once those who wait have heard of it.
    queueMicrotask(() => {
      if (tenant.live !== live) return;
      end(tenant);
      tenant.refusal = { error: event.error, untilMs };
      if (isRefused) onEvent?.({ of: 'tenant', appId, tenantKey, what: 'refused' });
    });
  }

  function end(tenant: Tenant): void {
    tenant.live?.ticket.close();
    tenant.live?.token.close();
    tenant.live = undefined;
  }

  /** Lets go of the tickets of tenants that nobody has asked for, so that they are not renewed. */
  function sweep(): void {
    const nowMs = clock.monotonicMs();
    let isAny = false;
    for (const [tenantKey, tenant] of tenants) {
      if (tenant.live && nowMs - tenant.live.askedAtMs > IDLE_MS) end(tenant);
      if (tenant.refusal && nowMs >= tenant.refusal.untilMs) {
        tenant.refusal = undefined;
        if (!tenant.isKnown) tenants.delete(tenantKey);
      }
      isAny ||= tenant.live !== undefined || tenant.refusal !== undefined;
    }
    sweepTimer = isAny ? clock.setTimer(sweep, SWEEP_EVERY_MS) : undefined;
  }

  /** The ticket of a tenant that has none yet: for strangers only after the store was asked, and within the budget. */
  async function admit(tenantKey: string, clientAddress: string | undefined): Promise<Secret> {
    refuseAgain(tenants.get(tenantKey));
    if (!listed && !tenants.get(tenantKey)?.isKnown) {
      await known.look();
      // Without an app ticket nobody can be admitted: that is not the stranger's fault, and costs no try.
      if (!tenants.get(tenantKey)?.isKnown && !(await access.hasAppTicket()))
        throw toServiceError(missingAppTicket(), 0);
    }
    // Others may have asked for it meanwhile.
    const tenant = tenants.get(tenantKey);
    if (tenant?.live) return getOf(tenant.live.ticket);
    refuseAgain(tenant);
    if (!listed && !tenant?.isKnown) {
      const waitMs = budget.take(clientAddress);
      if (waitMs > 0) {
        onEvent?.({ of: 'tenant', appId, tenantKey, what: 'held-back' });
        throw new ServiceError(
          'RATE_LIMITED',
          'Too many tenants are asked for that this service has not signed for before. Those it knows are not concerned; ask again later.',
          { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
        );
      }
    }
    return getOf(enter(tenantKey).ticket);
  }

  function refuseAgain(tenant: Tenant | undefined): void {
    if (!tenant?.refusal) return;
    const leftMs = tenant.refusal.untilMs - clock.monotonicMs();
    if (leftMs <= 0) return;
    throw isTenantRefusal(tenant.refusal.error)
      ? tenantNotAllowed()
      : toServiceError(tenant.refusal.error, leftMs);
  }

  async function getOf(ticket: AppTicket): Promise<Secret> {
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
        const live = tenants.get(tenantKey)?.live;
        if (live === undefined) return admit(tenantKey, clientAddress);
        live.askedAtMs = clock.monotonicMs();
        return live.ticket.peek() ?? getOf(live.ticket);
      },
      // Operators are believed: no budget.
      renew: (fingerprint) => (tenants.get(tenantKey)?.live ?? enter(tenantKey)).ticket.renew(fingerprint),
    };
  }

  function countTenants(): { known: number; signing: number; refused: number } {
    const counts = { known: 0, signing: 0, refused: 0 };
    for (const [, { isKnown, live, refusal }] of tenants) {
      if (isKnown) counts.known += 1;
      if (live?.ticket.state.usableForMs !== undefined) counts.signing += 1;
      if (refusal) counts.refused += 1;
    }
    return counts;
  }

  return {
    own: {
      report: async (report) => {
        const tenant = report.tenantKey === undefined ? undefined : tenants.get(report.tenantKey);
        await tenant?.live?.ticket.report(report);
      },
      status: () => ({ ...access.status(), tenants: countTenants() }),
      get state() {
        return { ...access.state, loading: loads > 0 || access.state.loading };
      },
      get wasReady() {
        return access.wasAccepted;
      },
    },
    of,
    canSign: () => access.token.peek() !== undefined,
    async warmUp() {
      void known.look();
      const ready = access.token.get();
      if (ready instanceof Promise) await ready.catch(() => undefined);
    },
    async loadsEnded() {
      const live = Array.from(tenants, ([, tenant]) => tenant.live).filter((found) => found !== undefined);
      await Promise.all(live.map(({ ticket }) => ticket.loadEnded()));
    },
    update(changed) {
      const isOtherSecret = !changed.appSecret.equals(app.appSecret);
      app = changed;
      listed = app.tenants && new Set(app.tenants);
      if (!isOtherSecret) return;
      if (parts.storeKey === undefined) sealer.change(app.appSecret);
      access.tryAgain();
    },
    clockChanged() {
      for (const [, { live }] of tenants) live?.ticket.clockChanged();
    },
    offerAppTicket: (appTicket, tsMs) => access.offerAppTicket(appTicket, tsMs),
    close() {
      sweepTimer?.cancel();
      for (const [, tenant] of tenants) end(tenant);
      access.close();
    },
  };
}
