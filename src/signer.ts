// One app that signs: joins its ticket, its allowed origins and the platform's time. The library's main export.
import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import { createStatusRecorder } from './app-status';
import { systemClock, type Clock } from './clock';
import { withDeadline } from './deadline';
import type { SigningApp } from './http/signing-app';
import { createCallCeiling } from './open-platform/call-ceiling';
import type { Platform } from './open-platform/platform';
import { createTicketSource } from './open-platform/ticket-source';
import { toServiceError } from './open-platform/to-service-error';
import type { Secret } from './secret';
import { createNonceSource } from './signing/nonce';
import { parsePageUrl } from './signing/page-url';
import { isGenuineReport, type RefusalReport } from './signing/refusal-report';
import { requireAllowedPage } from './signing/require-allowed-page';
import { signature } from './signing/sign';
import type { AllowedOrigins, PageUrl, SignedConfig } from './signing/types';
import { renewOnDemand, type RandomSource } from './tickets/renewal-policy';
import { ValueUnavailableError, type RenewingEvent, type RenewingState } from './tickets/renewal';
import { RenewingValue } from './tickets/renewing-value';
import { createSealer } from './tickets/sealer';
import { TicketKeeper, type TicketEvent } from './tickets/ticket-keeper';
import type { TicketStore } from './tickets/ticket-store';

/** What happened to an app's ticket or token, for logs and metrics. */
export type SignerEvent =
  | { of: 'ticket'; appId: string; event: TicketEvent }
  | { of: 'token'; appId: string; event: RenewingEvent<Secret> };

/** An app and what it shares with the others of the process. */
export interface SignerParts {
  appId: string;
  appSecret: Secret;
  allowedOrigins: AllowedOrigins;
  /** Carried in every reply when given. */
  jsApiList?: readonly string[] | undefined;
  platform: Platform;
  store: TicketStore;
  /** Hard ceiling of ticket calls in any hour. */
  ticketCallsPerHour: number;
  clock?: Clock;
  /** Numbers in [0, 1), for jitter. */
  random: RandomSource;
  /** A cryptographic source, for nonces. */
  randomBytes?: (size: number) => Buffer;
  onEvent?: (event: SignerEvent) => void;
}

/**
 * An hour between two loads that reports may start: whoever can have signatures made can also report them, and the calls
 * are few. A ticket that died by itself is found out at once; the next one is unlikely to die within the hour.
 */
const SUSPICION_PAUSE_MS = 3_600_000;

/** A page that reports signs again at our answer, and waits a second for it: this leaves room for the way. */
const REPORT_WAIT_MS = 800;

/** Signs page URLs for one app. */
export interface Signer extends SigningApp {
  /**
   * The body of `/config` for a page URL, checked as the service checks it.
   * Rejects with ServiceError: `URL_*`, `TICKET_UNAVAILABLE`, `APP_MISCONFIGURED`.
   */
  sign(pageUrl: string): Promise<SignedConfig>;
  /** Starts fetching the ticket, so that the first page finds one. */
  warmUp(): void;
  /** The platform's time turned out to be another: the end of a ticket from the store is counted again by it. */
  clockChanged(): void;
  /** True from the first ticket on, whatever happens to it later. */
  readonly wasReady: boolean;
  /** The ticket's life at this moment. */
  readonly ticketState: RenewingState;
  /** Stops timers and abandons what is under way. The platform and the store stay open. */
  close(): void;
}

/** Joins the parts of one app. It does nothing by itself until `warmUp` or the first page. */
export function createSigner(parts: SignerParts): Signer {
  const { appId, appSecret, allowedOrigins, jsApiList, platform, clock = systemClock, random } = parts;
  const { client, time } = platform;
  const nextNonce = createNonceSource(parts.randomBytes ?? cryptoRandomBytes);
  let wasReady = false;
  let suspectsFromMs = -Infinity;
  /** Those who want to know when the load that is running has ended, however it did. */
  const waitingForLoad = new Set<() => void>();
  const recorder = createStatusRecorder(clock);

  const token = new RenewingValue({
    load: (signal) => client.tenantAccessToken({ appId, appSecret }, signal),
    policy: renewOnDemand,
    clock,
    random,
    same: (a, b) => a.equals(b),
    onEvent: (event) => parts.onEvent?.({ of: 'token', appId, event }),
  });
  const ceiling = createCallCeiling({ callsPerHour: parts.ticketCallsPerHour, clock });
  const source = createTicketSource({ client, ceiling, token });
  const ticket = new TicketKeeper({
    name: `${platform.baseUrl} ${appId}`,
    load: (signal) => source.load(signal),
    store: parts.store,
    sealer: createSealer(appSecret.reveal()),
    clock,
    nowMs: () => time.nowMs(),
    random,
    onEvent(event) {
      if (event.type === 'loaded') wasReady = true;
      // Nothing of the platform was heard yet when the ticket came from the store: ask what time it has.
      if (event.type === 'taken-from-store') time.ensureMeasured();
      recorder.onEvent(event);
      parts.onEvent?.({ of: 'ticket', appId, event });
      if (event.type === 'loaded' || event.type === 'unchanged' || event.type === 'failed') {
        for (const resolve of waitingForLoad) resolve();
        waitingForLoad.clear();
      }
    },
  });

  /** Resolves when no load is running any more, at the latest after `REPORT_WAIT_MS`. */
  async function loadToEnd(): Promise<void> {
    if (!ticket.state.loading) return;
    const ended = new Promise<void>((resolve) => waitingForLoad.add(resolve));
    await withDeadline(ended, REPORT_WAIT_MS, clock, 'loading the ticket').catch(() => undefined);
  }

  function suspectFor(report: RefusalReport): void {
    const inUse = ticket.peek();
    if (inUse === undefined || clock.monotonicMs() < suspectsFromMs) return;
    if (!isGenuineReport(report, { appId, ticket: inUse.reveal(), nowMs: time.nowMs() })) return;
    // Only a load that was started counts: when none may start now, a later report can still have one.
    if (ticket.suspect(inUse)) suspectsFromMs = clock.monotonicMs() + SUSPICION_PAUSE_MS;
  }

  function signWith(valid: Secret, { toSign: url }: PageUrl): SignedConfig {
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

  const signer: Signer = {
    appId,
    allowedOrigins,
    signPage(page) {
      const valid = ticket.get();
      return valid instanceof Promise ? signLater(valid, page) : signWith(valid, page);
    },
    async sign(pageUrl) {
      const page = parsePageUrl(pageUrl);
      requireAllowedPage(page, allowedOrigins);
      return signer.signPage(page);
    },
    canSign: () => ticket.peek() !== undefined,
    async report(report) {
      suspectFor(report);
      // Genuine or not: every page that was refused gains by signing again only once the load has ended.
      await loadToEnd();
    },
    status: () => recorder.status({ appId, state: ticket.state, ticket: ticket.peek() }),
    warmUp: () => {
      ticket.warmUp();
    },
    clockChanged() {
      ticket.clockChanged();
    },
    get wasReady() {
      return wasReady;
    },
    get ticketState() {
      return ticket.state;
    },
    close() {
      ticket.close();
      token.close();
    },
  };
  return signer;
}
