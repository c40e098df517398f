// A custom app: one ticket for its own tenant, and one for web components once a page asks for it.
import type { Timed } from '../base/clock';
import { DeadlineError, withDeadline } from '../base/deadline';
import { ServiceError } from '../base/errors';
import type { Secret } from '../base/secret';
import { createCallCeiling } from '../limits/call-ceiling';
import { isRefusal } from '../open-platform/platform-error';
import { Sealer } from '../tickets/sealer';
import { ValueUnavailableError } from '../tickets/renewal';
import { renewAhead } from '../tickets/renewal-policy';
import type { ManagedTicket, ManagedTicketParts } from './managed-ticket';
import type { TenantTicket, TicketSet, TicketSetParts } from './ticket-set';
import { createTokenedTicket, type TokenedTicket, type TokenedTicketParts } from './tokened-ticket';
import { createUserTickets } from './user-tickets';

/** A page's patience, as for a load that is running: waiting for one's turn to load is part of it. */
const FIRST_WAIT_MS = 5_000;
/** A turn comes within seconds. */
const TURN_RETRY_MS = 1_000;
/** Ten minutes, as for a tenant: a permission that was added helps soon, and a loop of requests costs six calls an hour. */
const COMPONENT_REFUSAL_MS = 600_000;

/** Any client can ask for it, and most apps have no use for it: it is loaded and renewed when a page asks, never by a timer. */
const componentPolicy: ManagedTicketParts['policy'] = {
  byTimer: false,
  retryDelayMs(failures, error, random) {
    return isRefusal(error) ? COMPONENT_REFUSAL_MS : renewAhead.retryDelayMs(failures, error, random);
  },
};

/** Makes the tickets of `app`; nothing is fetched yet. */
export function createCustomApp(parts: TicketSetParts): TicketSet {
  const { platform, store, clock, random, onEvent } = parts;
  const { appId } = parts.app;
  const { client, settings } = platform;
  let { appSecret } = parts.app;
  const sealer = new Sealer(parts.storeKey ?? appSecret);
  const ceiling = createCallCeiling({
    callsPerHour: parts.ticketCallsPerHour,
    clock,
    onTake: (granted) => onEvent?.({ of: 'ceiling', appId, granted }),
  });

  function createTicket(
    name: string,
    loadToken: (signal: AbortSignal) => Promise<Timed<Secret>>,
    more: Pick<TokenedTicketParts, 'policy' | 'tokens' | 'load'>,
  ): TokenedTicket {
    return createTokenedTicket({
      ...{ name, appId, platform, store, clock, random, sealer, ceiling, loadToken },
      ...more,
      onEvent(event) {
        // Any client can ask for a component: while pages have their ticket, its refusal is no failure of the app.
        const isComponentRefused =
          more.policy !== undefined &&
          event.type === 'failed' &&
          isRefusal(event.error) &&
          ticket.peek() !== undefined;
        onEvent?.({ of: 'ticket', appId, ...(isComponentRefused && { isComponentRefused }), event });
      },
      onTokenEvent: (event) => onEvent?.({ of: 'token', appId, event }),
    });
  }

  const name = `${platform.baseUrl} ${appId}`;
  const page = createTicket(name, (signal) => client.tenantAccessToken({ appId, appSecret }, signal), {
    tokens: parts.tokens,
    // A doubt leaves half of a burst to necessary calls.
    load: (fetch, isDoubt) => fetch(isDoubt ? ceiling.spare : ceiling),
  });
  const { ticket } = page;
  /** What pages ask: their first load waits for the app's turn. */
  const inTurn: TenantTicket = {
    get() {
      const valid = ticket.peek();
      if (valid !== undefined) return valid;
      const turn = parts.beforeFirstLoad?.();
      return turn === undefined ? ticket.get() : getAfter(turn);
    },
    renew: (fingerprint) => ticket.renew(fingerprint),
  };

  async function getAfter(turn: Promise<void>): Promise<Secret> {
    const first = turn.then(() => ticket.get());
    try {
      return await withDeadline(first, FIRST_WAIT_MS, clock, 'the first load');
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new ValueUnavailableError('many apps are starting', TURN_RETRY_MS, undefined);
    }
  }

  /** For web components; made when the first one asks. */
  let component: TokenedTicket | undefined;
  const all = (): TokenedTicket[] => (component ? [page, component] : [page]);

  function componentTicket(): ManagedTicket {
    if (parts.tokens !== undefined)
      throw new ServiceError(
        'NOT_FOUND',
        'Web components need the app secret; this app has a tokenSource, which gives no token for them.',
      );
    component ??= createTicket(
      `${name} component`,
      (signal) => client.appAccessToken({ appId, appSecret }, signal),
      { policy: componentPolicy, load: (fetch) => fetch(ceiling.spare) },
    );
    return component.ticket;
  }

  return {
    own: {
      // The report does not name the ticket: each is tried.
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
    of: ({ isComponent = false }) => (isComponent ? componentTicket() : inTurn),
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
      // The old secret may be the cause of the missing ticket; a valid token stays usable.
      for (const one of all()) one.ticket.tryAgain();
    },
    close() {
      for (const one of all()) one.close();
    },
  };
}
