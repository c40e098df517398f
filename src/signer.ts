// One app that signs: joins its tickets, its allowed origins and the platform's time. The library's main export.
import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import { createAppTickets, type AppTicketsParts, type SignerEvent } from './app-tickets';
import { systemClock, type Clock } from './clock';
import type { AppSettings } from './config/app-settings';
import type { SigningApp } from './http/signing-app';
import { toServiceError } from './open-platform/to-service-error';
import type { Secret } from './secret';
import { createNonceSource } from './signing/nonce';
import { parsePageUrl } from './signing/page-url';
import { requireAllowedPage } from './signing/require-allowed-page';
import { signature } from './signing/sign';
import type { PageUrl, SignedConfig } from './signing/types';
import { ValueUnavailableError, type RenewingState } from './tickets/renewal';

export type { SignerEvent };

/** An app and what it shares with the others of the process. */
export interface SignerParts extends Omit<AppTicketsParts, 'clock'> {
  clock?: Clock;
  /** A cryptographic source, for nonces. */
  randomBytes?: (size: number) => Buffer;
}

/** Signs page URLs for one app. */
export interface Signer extends SigningApp {
  /**
   * The body of `/config` for a page URL, checked as the service checks it.
   * Rejects with ServiceError: `URL_*`, `TICKET_UNAVAILABLE`, `APP_MISCONFIGURED`.
   */
  sign(pageUrl: string): Promise<SignedConfig>;
  /** Starts fetching the ticket, so that the first page finds one. Resolves when that has ended, however it did. */
  warmUp(): Promise<void>;
  /** Takes changed settings of the same app: tickets and their timers stay. */
  update(app: AppSettings): void;
  /** The platform's time turned out to be another: the end of a ticket from the store is counted again by it. */
  clockChanged(): void;
  /** True from the first ticket on, whatever happens to it later. */
  readonly wasReady: boolean;
  /** The ticket's life at this moment. */
  readonly ticketState: RenewingState;
  /** Lets requests that wait for a ticket have it, for as long as one load takes; then closes. Never rejects. */
  retire(): Promise<void>;
  /** Stops timers and abandons what is under way. The platform and the store stay open. */
  close(): void;
}

/** Joins the parts of one app. It does nothing by itself until `warmUp` or the first page. */
export function createSigner(parts: SignerParts): Signer {
  const { platform, clock = systemClock } = parts;
  const { time } = platform;
  const nextNonce = createNonceSource(parts.randomBytes ?? cryptoRandomBytes);
  const tickets = createAppTickets({ ...parts, clock });
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
      throw toServiceError(error, error instanceof ValueUnavailableError ? error.retryAfterMs : 0);
    }
  }

  const { own } = tickets;
  const signer: Signer = {
    get appId() {
      return app.appId;
    },
    get alias() {
      return app.alias;
    },
    get allowedOrigins() {
      return app.allowedOrigins;
    },
    signPage(page, tenantKey) {
      const valid = tickets.of(tenantKey).get();
      return valid instanceof Promise ? signLater(valid, page) : signWith(valid, page);
    },
    async sign(pageUrl) {
      const page = parsePageUrl(pageUrl);
      requireAllowedPage(page, app.allowedOrigins);
      return signer.signPage(page);
    },
    canSign: () => own.peek() !== undefined,
    report: (report) => own.report(report),
    renew: async ({ tenantKey, fingerprint }) => tickets.of(tenantKey).renew(fingerprint),
    status: () => ({ ...(app.alias !== undefined && { alias: app.alias }), ...own.status() }),
    warmUp: () => tickets.warmUp(),
    update(changed) {
      app = changed;
      tickets.update(changed);
    },
    clockChanged() {
      tickets.clockChanged();
    },
    get wasReady() {
      return own.wasReady;
    },
    get ticketState() {
      return own.state;
    },
    async retire() {
      await own.loadEnded();
      tickets.close();
    },
    close() {
      tickets.close();
    },
  };
  return signer;
}
