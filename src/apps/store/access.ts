// How a store app authenticates at the platform: its app ticket, and its own token from that; with an error for what is missing.
import { createStatusRecorder } from '../ticket-status';
import type { TicketSetParts } from '../ticket-set';
import type { SettingNames } from '../../base/setting-names';
import type { AppStatus } from '../signing-app';
import type { AppCredentials } from '../../open-platform/open-platform-client';
import { PlatformError } from '../../open-platform/platform-error';
import type { Secret } from '../../base/secret';
import { PushedTicketKeeper } from './pushed-ticket-keeper';
import type { RenewingState } from '../../tickets/renewal';
import { renewAhead } from '../../tickets/renewal-policy';
import { RenewingValue } from '../../tickets/renewing-value';
import type { Sealer } from '../../tickets/sealer';

/** What the access is made of. */
export interface StoreAppAccessParts extends Pick<
  TicketSetParts,
  'platform' | 'store' | 'clock' | 'random' | 'onEvent'
> {
  /** Platform and app, as in the names of tickets. */
  name: string;
  /** Read anew for every call: the secret can change. */
  credentials: () => AppCredentials;
  sealer: Sealer;
}

/** The access of one store app. */
export interface StoreAppAccess {
  /** The app_access_token. */
  readonly token: RenewingValue<Secret>;
  /** Undefined with an app ticket at hand or in the store; else the failure of a caller that needs one. Asks the platform for a push. */
  whyNoAppTicket(): Promise<PlatformError | undefined>;
  /** Takes an app ticket that an event says the platform made at `tsMs`, if that is newer. Never rejects. */
  offerAppTicket(appTicket: Secret, tsMs: number): Promise<void>;
  /** Takes an app ticket that an operator hands over, whatever is kept. Never rejects. */
  setAppTicket(appTicket: Secret): Promise<void>;
  /** The cause of failed token loads may be gone: retries now if there is no token. */
  tryAgain(): void;
  status(): Omit<AppStatus, 'alias'>;
  readonly state: RenewingState;
  /** True once the platform has accepted the app and its secret, also while it has not pushed an app ticket yet. */
  readonly wasAccepted: boolean;
  close(): void;
}

/** The push that answers our request comes within seconds; a page waits 5 s. */
const APP_TICKET_PATIENCE_MS = 3_000;

/** The longest back-off of a load: events, of which there can be any number, start one more load in that time. */
const EVENT_LOAD_PAUSE_MS = 60_000;

/** Makes the access; nothing is asked for yet. */
export function createStoreAppAccess(parts: StoreAppAccessParts): StoreAppAccess {
  const { name, credentials, platform, store, sealer, clock, random, onEvent } = parts;
  const { client, time } = platform;
  const { appId } = credentials();
  const recorder = createStatusRecorder(clock);
  let wasAccepted = false;
  let eventLoadsFromMs = -Infinity;

  /** The platform's refusal of the last request for an app ticket, as the app's own failure: it says more than that none has come. */
  let refusal: PlatformError | undefined;

  const appTickets = new PushedTicketKeeper({
    name: `${name} app-ticket`,
    store,
    sealer,
    clock,
    nowMs: () => time.nowMs(),
    resend: () => client.resendAppTicket(credentials()),
    onEvent(event) {
      // The platform knows the app and its secret: what is missing now is up to the platform.
      if (event.type === 'resend-accepted') {
        wasAccepted = true;
        refusal = undefined;
      }
      if (event.type === 'resend-failed') refusal = asOwnRefusal(event.error, platform.settings);
      onEvent?.({ of: 'app-ticket', appId, event });
    },
  });

  const whyMissing = (): PlatformError =>
    refusal ??
    new PlatformError({ endpoint: 'app_access_token', reason: 'no-app-ticket', settings: platform.settings });

  /** Renewed ahead by its timer, so that a fault shows before a tenant needs it. */
  const token = new RenewingValue<Secret>({
    async load(signal) {
      const appTicket = await appTickets.get(APP_TICKET_PATIENCE_MS);
      if (appTicket === undefined) throw whyMissing();
      try {
        const issued = await client.storeAppAccessToken(credentials(), appTicket, signal);
        appTickets.accepted();
        return issued;
      } catch (error) {
        if (error instanceof PlatformError && error.kind === 'app-ticket') appTickets.refuse(appTicket);
        throw error;
      }
    },
    policy: renewAhead,
    clock,
    random,
    same: (a, b) => a.equals(b),
    onEvent(event) {
      if (event.type === 'loaded') wasAccepted = true;
      recorder.onEvent(event);
      onEvent?.({ of: 'token', appId, isStoreApps: true, event });
    },
  });

  function tryAgain(): void {
    if (token.peek() === undefined) token.loadNow();
  }

  function tryAgainAfterEvent(): void {
    const nowMs = clock.monotonicMs();
    if (token.peek() !== undefined || token.state.loading || nowMs < eventLoadsFromMs) return;
    eventLoadsFromMs = nowMs + EVENT_LOAD_PAUSE_MS;
    token.loadNow();
  }

  return {
    token,
    whyNoAppTicket: async () => ((await appTickets.get()) === undefined ? whyMissing() : undefined),
    async offerAppTicket(appTicket, tsMs) {
      if (await appTickets.offer(appTicket, tsMs)) tryAgainAfterEvent();
    },
    async setAppTicket(appTicket) {
      await appTickets.set(appTicket);
      tryAgain();
    },
    tryAgain,
    status: () => ({
      ...recorder.status({ appId, state: token.state, ticket: undefined }),
      appTicket: appTickets.isKept ? 'kept' : 'missing',
    }),
    get state() {
      return token.state;
    },
    get wasAccepted() {
      return wasAccepted;
    },
    close() {
      token.close();
      appTickets.close();
    },
  };
}

/** `error` as a failure of the app's own token, if an operator must act: of other calls it could be read as the tenant's. */
function asOwnRefusal(error: unknown, settings: SettingNames | undefined): PlatformError | undefined {
  if (!(error instanceof PlatformError) || error.kind !== 'configuration' || error.code === undefined)
    return undefined;
  const { code, httpStatus, logId, platformMessage } = error;
  return new PlatformError({
    endpoint: 'app_access_token',
    code,
    httpStatus,
    logId,
    platformMessage,
    settings,
  });
}
