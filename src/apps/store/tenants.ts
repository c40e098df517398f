// The tenants of a store app: who is known or refused, and a ticket for each that is asked for, renewed for as long as it is.
import type { ManagedTicket, ManagedTicketParts } from '../managed-ticket';
import { createTokenedTicket, type TokenedTicket } from '../tokened-ticket';
import type { TicketSetParts } from '../ticket-set';
import type { Timer, Timed } from '../../base/clock';
import type { TenantCounts } from '../signing-app';
import { createCallCeiling } from '../../limits/call-ceiling';
import { PlatformError } from '../../open-platform/platform-error';
import { toServiceError } from '../../open-platform/to-service-error';
import { withToken } from '../../open-platform/with-token';
import { SharedBackOff } from '../../limits/shared-back-off';
import { LruMap } from '../../base/lru-map';
import type { Secret } from '../../base/secret';
import { isOutage, isTenantRefusal, isTenantsFault, tenantNotAllowed } from './tenant-refusal';
import { KnownTenants } from './known-tenants';
import { ValueUnavailableError } from '../../tickets/renewal';
import { renewAhead } from '../../tickets/renewal-policy';
import type { RenewingValue } from '../../tickets/renewing-value';
import type { Sealer } from '../../tickets/sealer';
import type { TicketEvent } from '../../tickets/ticket-keeper';

/** Known and refused tenants of an app: more than one process serves, and some 20 MB when all of them have tickets. */
const MAX_TENANTS = 10_000;
/** Ten minutes: a tenant that installs the app after a refusal does not wait long, and a loop of refusals costs little. */
const REFUSAL_MS = 600_000;
/** A minute, as the back-off at most: what the ceiling keeps from probes becomes open to a tenant while it waits. */
const MAX_THROTTLED_PROBE_MS = 60_000;
/** A ticket's life: a tenant without requests costs one needless renewal at most. */
const IDLE_MS = 7_200_000;
/** Often enough for that life; looking through 10,000 takes a millisecond. */
const SWEEP_EVERY_MS = 600_000;

/** Each tenant's own: a refusal is tried again when it may have ended. */
const policy: ManagedTicketParts['policy'] = {
  byTimer: true,
  retryDelayMs: (failures, error, random) =>
    isTenantsFault(error) ? REFUSAL_MS : renewAhead.retryDelayMs(failures, error, random),
};

/** What the tenants of an app are made of. */
export interface TenantsParts extends TicketSetParts {
  /** Platform and app, as in the names of tickets. */
  name: string;
  sealer: Sealer;
  /** The app's own token. */
  appToken: RenewingValue<Secret>;
  /** Whether the configuration names the tenant. */
  isListed: (tenantKey: string) => boolean;
}

/** The tenants of one store app. */
export interface Tenants {
  /** The ticket of a tenant that has been asked for lately. */
  ticketOf(tenantKey: string): ManagedTicket | undefined;
  /** As `ticketOf`, and marks the tenant as recently used. */
  ask(tenantKey: string): ManagedTicket | undefined;
  /** Makes the ticket of a tenant; nothing is fetched yet. `onNotCalled`: its load was held off, and the platform not called for it. */
  createTicket(tenantKey: string, onNotCalled?: () => void): ManagedTicket;
  /** Whether the tenant had a signature before. */
  isKnown(tenantKey: string): boolean;
  /** Throws ServiceError while the tenant is not to be tried again. */
  throwIfRefused(tenantKey: string): void;
  /** Throws ValueUnavailableError while the platform fails and no tenant is tried. */
  throwWhilePaused(): void;
  /** Reads from the store who is known. Never rejects. */
  refreshKnown(): Promise<void>;
  tickets(): ManagedTicket[];
  /** Whether a ticket is being loaded. */
  readonly isLoading: boolean;
  counts(): TenantCounts;
  close(): void;
}

interface Tenant {
  /** The tenant had a signature before. */
  isKnown: boolean;
  /** The last load failed by a fault that can be the tenant's alone. */
  isAtFault: boolean;
  /** While pages request it. */
  live: (TokenedTicket & { askedAtMs: number }) | undefined;
  /** Why it has no ticket, and until when that is not tried again. */
  refusal: { error: unknown; untilMs: number } | undefined;
}

/** Makes the tenants of an app; initially empty. */
export function createTenants(parts: TenantsParts): Tenants {
  const { name, sealer, appToken, isListed, platform, store, clock, random, onEvent } = parts;
  const { client } = platform;
  const { appId } = parts.app;
  let loads = 0;
  let sweepTimer: Timer | undefined;

  const ceiling = createCallCeiling({
    callsPerHour: parts.ticketCallsPerHour,
    clock,
    onTake: (granted) => onEvent?.({ of: 'ceiling', appId, granted }),
  });

  const backOff = new SharedBackOff({
    clock,
    isOutage,
    heldOff: (waitMs, cause) => new ValueUnavailableError('the endpoint fails', waitMs, cause),
    onRecovered() {
      for (const [, { live }] of tenants) live?.ticket.tryAgain();
    },
  });

  const tenants = new LruMap<string, Tenant>(MAX_TENANTS, (tenant) => {
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
      else tenants.set(tenantKey, { isKnown: true, isAtFault: false, live: undefined, refusal: undefined });
    },
  });

  function createTicket(tenantKey: string, onNotCalled?: () => void): ManagedTicket {
    const tenant = tenants.get(tenantKey) ?? {
      isKnown: false,
      isAtFault: false,
      live: undefined,
      refusal: undefined,
    };
    const isStranger = (): boolean => !tenant.isKnown && !isListed(tenantKey);
    const tokened = createTokenedTicket({
      ...{ name: `${name} ${tenantKey}`, appId, platform, store, clock, random, sealer, ceiling, policy },
      loadToken: (signal) =>
        withToken(appToken, (appAccessToken) =>
          client.storeTenantAccessToken(appAccessToken, tenantKey, signal),
        ),
      async load(fetch, isDoubt) {
        loads += 1;
        let calls = 0;
        let isProbing = false;
        const call = (isProbe: boolean): Promise<Timed<Secret>> => {
          calls += 1;
          isProbing = isProbe;
          // Half of a burst is kept: from doubts and refused tenants for renewals, from probes for the recovery.
          return fetch(isProbe || isDoubt || tenant.isAtFault ? ceiling.spare : ceiling);
        };
        try {
          return await backOff.run(tenantKey, call, isStranger());
        } catch (error) {
          // oxlint-disable-next-line typescript/no-unnecessary-condition -- set by `call`, which the compiler does not follow
          if (!isProbing || !(error instanceof PlatformError) || error.reason !== 'ceiling') throw error;
          const waitMs = Math.min(error.retryAfterMs ?? 0, MAX_THROTTLED_PROBE_MS);
          throw new ValueUnavailableError('the ceiling is reached', waitMs, error);
        } finally {
          loads -= 1;
          if (calls === 0) onNotCalled?.();
        }
      },
      onTokenEvent: (event) => onEvent?.({ of: 'token', appId, tenantKey, event }),
      onEvent(event) {
        follow(tenantKey, tenant, event);
        const isRefused = event.type === 'failed' && isTenantRefusal(event.error);
        onEvent?.({
          of: 'ticket',
          appId,
          tenantKey,
          ...(isRefused && { isTenantRefused: true as const }),
          ...(event.type === 'failed' && isStranger() && { isStranger: true as const }),
          event,
        });
      },
    });
    tenant.live = { ...tokened, askedAtMs: clock.monotonicMs() };
    tenant.refusal = undefined;
    tenants.set(tenantKey, tenant);
    sweepTimer ??= clock.setTimer(sweep, SWEEP_EVERY_MS);
    return tokened.ticket;
  }

  /** What a ticket's life says of its tenant: with a ticket it is known; a stranger without one is forgotten. */
  function follow(tenantKey: string, tenant: Tenant, event: TicketEvent): void {
    if (event.type === 'loaded' || event.type === 'taken-from-store') {
      if (!tenant.isKnown) known.add(tenantKey);
      tenant.isKnown = true;
      tenant.isAtFault = false;
    } else if (event.type === 'failed') tenant.isAtFault ||= isTenantsFault(event.error);
    const { live } = tenant;
    if (event.type !== 'failed' || live === undefined || live.ticket.peek() !== undefined) return;
    const isRefused = isTenantRefusal(event.error);
    if ((tenant.isKnown || isListed(tenantKey)) && !isRefused) return;
    const untilMs = clock.monotonicMs() + (isRefused ? REFUSAL_MS : event.retryInMs);
    // After waiting callers have received the failure.
    queueMicrotask(() => {
      if (tenant.live !== live) return;
      end(tenant);
      tenant.refusal = { error: event.error, untilMs };
      if (isRefused) onEvent?.({ of: 'tenant', appId, tenantKey, what: 'refused' });
    });
  }

  function end(tenant: Tenant): void {
    tenant.live?.close();
    tenant.live = undefined;
  }

  /** Drops the tickets of tenants without recent requests, so that they are not renewed. */
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

  function throwIfRefused(tenantKey: string): void {
    const refusal = tenants.get(tenantKey)?.refusal;
    if (!refusal) return;
    const leftMs = refusal.untilMs - clock.monotonicMs();
    if (leftMs <= 0) return;
    throw isTenantRefusal(refusal.error) ? tenantNotAllowed() : toServiceError(refusal.error, leftMs);
  }

  function counts(): TenantCounts {
    const nowMs = clock.monotonicMs();
    const found = { known: 0, signing: 0, withoutTicket: 0, refused: 0 };
    for (const [, { isKnown, live, refusal }] of tenants) {
      const { usableForMs = 0, failures = 0 } = live?.ticket.state ?? {};
      const isHeldOff = refusal !== undefined && nowMs < refusal.untilMs;
      if (isKnown) found.known += 1;
      if (usableForMs > 0) found.signing += 1;
      // A made-up tenant does not count as missing its ticket.
      else if (live ? failures > 0 : isHeldOff && !isTenantsFault(refusal.error)) found.withoutTicket += 1;
      if (isHeldOff) found.refused += 1;
    }
    return found;
  }

  return {
    ticketOf: (tenantKey) => tenants.get(tenantKey)?.live?.ticket,
    ask(tenantKey) {
      const live = tenants.get(tenantKey)?.live;
      if (live) live.askedAtMs = clock.monotonicMs();
      return live?.ticket;
    },
    createTicket,
    isKnown: (tenantKey) => tenants.get(tenantKey)?.isKnown ?? false,
    throwIfRefused,
    throwWhilePaused: () => backOff.throwWhilePaused(),
    refreshKnown: () => known.look(),
    tickets: () =>
      Array.from(tenants, ([, { live }]) => live?.ticket).filter((ticket) => ticket !== undefined),
    get isLoading() {
      return loads > 0;
    },
    counts,
    close() {
      sweepTimer?.cancel();
      for (const [, tenant] of tenants) end(tenant);
    },
  };
}
