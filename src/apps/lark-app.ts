// One app that signs: joins its tickets, its allowed origins and the platform's time. The library's main export.
import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import { createCustomApp } from './custom-app';
import type { TicketSetParts } from './ticket-set';
import { systemClock, type Clock } from '../base/clock';
import type { AppSettings } from './app-settings';
import { ServiceError } from '../base/errors';
import { eventRejectedError } from './event-rejected-error';
import type { AppEvent, Audience, SigningApp } from './signing-app';
import { createEventInbox, type EventOutcome } from '../open-platform/event-inbox';
import type { RawEvent } from '../open-platform/events';
import { toServiceError } from '../open-platform/to-service-error';
import { Secret } from '../base/secret';
import { createStoreApp } from './store/store-app';
import { createNonceSource } from '../signing/nonce';
import { parsePageUrl } from '../signing/page-url';
import { requireAllowedPage } from '../signing/require-allowed-page';
import { signature } from '../signing/signature';
import type { PageUrl, SignedConfig } from '../signing/types';
import { ValueUnavailableError, type RenewingState } from '../tickets/renewal';

/** An app and the parts it shares with the other apps of the process. */
export interface LarkAppParts extends Omit<TicketSetParts, 'clock'> {
  clock?: Clock;
  /** Store apps: how far the time of an event's signature may lie from the platform's. Default 300,000; Infinity for any. */
  eventMaxAgeMs?: number | undefined;
  /** Store apps: forwards an event to `eventsForwardTo`; resolves with whether it was accepted. */
  forwardEvent?: ((url: string, event: RawEvent) => Promise<boolean>) | undefined;
  /** A cryptographic source, for nonces. */
  randomBytes?: (size: number) => Buffer;
}

/** Signs page URLs for one app. */
export interface LarkApp extends SigningApp {
  /**
   * The body of `/config` for a page URL, checked as the service checks it.
   * Rejects with ServiceError: `URL_*`, `TENANT_*`, `TICKET_UNAVAILABLE`, `APP_MISCONFIGURED`.
   */
  sign(pageUrl: string, audience?: Pick<Audience, 'tenantKey' | 'isComponent'>): Promise<SignedConfig>;
  /**
   * The arguments of `webComponent.config` for a page URL and a signed-in user, whose `openId` goes with them: signed without
   * the query, with a ticket of that user's own, which is kept for this user only and in no store. For your own back end: a
   * user's token must not reach a shared service. Rejects with ServiceError, `UNAUTHORIZED` for a token that is refused.
   */
  signForUser(pageUrl: string, userAccessToken: string): Promise<SignedConfig>;
  /** Starts fetching the ticket, so that the first page finds one. Resolves when the attempt has ended, also without success, with whether the platform was asked. */
  warmUp(): Promise<boolean>;
  /** Applies changed settings of the same app: tickets and their timers stay. */
  update(app: AppSettings): void;
  /** True from the first ticket on, whatever happens to it later. */
  readonly wasReady: boolean;
  /** The ticket's life at this moment. */
  readonly ticketState: RenewingState;
  /** Waits until waiting requests have a ticket, at most the time of one load; then closes. Never rejects. */
  retire(): Promise<void>;
  /** Stops timers and abandons what is under way. The platform and the store stay open. */
  close(): void;
}

/** Joins the parts of one app. It does nothing by itself until `warmUp` or the first page. */
export function createLarkApp(parts: LarkAppParts): LarkApp {
  const { platform, clock = systemClock } = parts;
  const { time } = platform;
  const nextNonce = createNonceSource(parts.randomBytes ?? cryptoRandomBytes);
  const createTickets = parts.app.type === 'store' ? createStoreApp : createCustomApp;
  const tickets = createTickets({ ...parts, clock });
  let app = parts.app;

  function signWith(valid: Secret, { toSign: url }: PageUrl): SignedConfig {
    const { appId, jsApiList } = app;
    const timestamp = time.nowMs();
    const nonceStr = nextNonce();
    return {
      appId,
      timestamp,
      nonceStr,
      signature: signature({ ticket: valid.reveal(), nonceStr, timestamp, url }),
      url,
      ...(jsApiList && { jsApiList }),
    };
  }

  async function signLater(pending: Promise<Secret>, page: PageUrl): Promise<SignedConfig> {
    try {
      return signWith(await pending, page);
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw toServiceError(error, error instanceof ValueUnavailableError ? error.retryAfterMs : 0);
    }
  }

  const { own, appTicket } = tickets;
  // Without one of the two a genuine event cannot be distinguished from a forged one.
  const canReceive = app.encryptKeys.length + app.verificationTokens.length > 0;
  const inbox =
    appTicket &&
    canReceive &&
    createEventInbox({
      appId: app.appId,
      clock,
      keys: () => app,
      // Five minutes: what the platform's own documents allow for clocks and the network.
      maxAgeMs: parts.eventMaxAgeMs ?? 300_000,
      nowMs: () => time.nowMs(),
      offerAppTicket: (value, tsMs) => appTicket.offer(value, tsMs),
      forward: (event) =>
        app.eventsForwardTo === undefined ? undefined : parts.forwardEvent?.(app.eventsForwardTo, event),
    });
  const signer: LarkApp = {
    get appId() {
      return app.appId;
    },
    get alias() {
      return app.alias;
    },
    get allowedOrigins() {
      return app.allowedOrigins;
    },
    signPage(wanted, audience = {}) {
      const page = audience.isComponent ? withoutQuery(wanted) : wanted;
      const valid = tickets.of(audience).get();
      return valid instanceof Promise ? signLater(valid, page) : signWith(valid, page);
    },
    async sign(pageUrl, audience) {
      const page = parsePageUrl(requireText(pageUrl), app.allowedOrigins);
      requireAllowedPage(page, app.allowedOrigins);
      return signer.signPage(page, audience);
    },
    async signForUser(pageUrl, userAccessToken) {
      const page = parsePageUrl(requireText(pageUrl), app.allowedOrigins);
      requireAllowedPage(page, app.allowedOrigins);
      if (!tickets.users)
        throw new ServiceError('NOT_FOUND', 'Web components are for custom apps; this is a store app.');
      return signWith(await tickets.users.get(userAccessToken), withoutQuery(page));
    },
    canSign: () => tickets.canSign(),
    report: (report) => own.report(report),
    renew: async ({ tenantKey, fingerprint }) => tickets.of({ tenantKey }).renew(fingerprint),
    ...(inbox && {
      async receiveEvent({ client, ...event }: AppEvent) {
        const outcome = await inbox.receive(event, client);
        parts.onEvent?.({ of: 'pushed-event', appId: app.appId, outcome });
        return answerEvent(outcome);
      },
    }),
    ...(appTicket && {
      // Otherwise an event that was read wrongly would replace a valid app ticket.
      setAppTicket: async (value: string) => appTicket.set(new Secret(requireAppTicket(value))),
    }),
    status: () => ({ ...(app.alias !== undefined && { alias: app.alias }), ...own.status() }),
    warmUp: () => tickets.warmUp(),
    update(changed) {
      app = changed;
      tickets.update(changed);
    },
    get wasReady() {
      return own.wasReady;
    },
    get ticketState() {
      return own.state;
    },
    async retire() {
      await tickets.loadsEnded();
      tickets.close();
    },
    close() {
      tickets.close();
    },
  };
  return signer;
}

/** Programs in JavaScript may pass a `URL`, or another object of their framework. */
function requireText(pageUrl: unknown): string {
  if (typeof pageUrl === 'string' || pageUrl === undefined || pageUrl === null) return pageUrl ?? '';
  throw new ServiceError('URL_INVALID', 'The page URL is not a text. Give the href of the page as a string.');
}

function requireAppTicket(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError('setAppTicket: not an app ticket: give app_ticket of the event, a text');
}

/** Documented for web components: their URL carries no query either. */
function withoutQuery(page: PageUrl): PageUrl {
  return { ...page, toSign: page.toSign.split('?', 1)[0] ?? page.toSign };
}

/** The reply to the platform; every status but 200 makes it send the event again. */
function answerEvent(outcome: EventOutcome): { challenge?: string } {
  switch (outcome.kind) {
    case 'done':
      return {};
    case 'challenge':
      return { challenge: outcome.challenge };
    case 'refused':
      throw eventRejectedError();
    case 'limited':
      throw new ServiceError(
        'RATE_LIMITED',
        'Too many events from this address could not be verified. Events with a valid signature are not affected; retry after the given time.',
        { retryAfterSeconds: Math.ceil(outcome.retryAfterMs / 1_000) },
      );
    case 'not-taken':
      throw new ServiceError(
        'EVENT_NOT_TAKEN',
        'This service takes app tickets only. Name the address for all other events in eventsForwardTo, or unsubscribe from them.',
      );
    case 'not-forwarded':
      throw new ServiceError(
        'EVENT_NOT_FORWARDED',
        'The address in eventsForwardTo did not answer 200 within 2.5 s. The platform sends the event again.',
      );
  }
}
