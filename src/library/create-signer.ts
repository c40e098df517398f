// The library's signer: one app from plain options, with a platform, connections and a store of its own.
import { OPTIONS } from '../base/setting-names';
import { systemClock } from '../base/clock';
import { createEventLog } from '../observability/event-log';
import type { EventLogger } from '../observability/logger';
import { createPlatform } from '../open-platform/platform';
import { createTransport } from '../open-platform/transport';
import type { TokenCache } from '../open-platform/with-token';
import { findSwitchedOff } from '../config/parse-sdk-urls';
import { readSignerOptions, type ReadSignerOptions, type SignerOptions } from './signer-options';
import { systemRandom } from '../base/random';
import { Secret } from '../base/secret';
import { createLarkApp, type LarkApp } from '../apps/lark-app';
import { createTicketStore, type CreateTicketStoreOptions } from '../tickets/stores/create-ticket-store';
import { observeStore } from '../tickets/stores/observe-store';

/** A signer that releases everything it made. */
export interface StandaloneSigner extends Omit<LarkApp, 'warmUp' | 'close' | 'receiveEvent'> {
  /** Starts fetching the ticket, so that the first page finds one. Resolves when that has ended, however it did. */
  warmUp(): Promise<void>;
  /** Stops timers, closes its connections and the store it made. The signer must not be used afterwards. */
  close(): Promise<void>;
}

/** The signer of a store app. */
export interface StandaloneStoreSigner extends StandaloneSigner {
  /**
   * Takes the app ticket that the platform has pushed to your back end, which is the app's one address for events, every hour.
   * The signer asks for a push when it has none. It is kept in the store, sealed. Rejects with TypeError for
   * what is no text, and for nothing else.
   */
  setAppTicket(appTicket: string): Promise<void>;
}

/**
 * A signer for one app. It does nothing until the first page, or `warmUp()`. Throws ConfigError with every option that is wrong.
 *
 * @example
 * const signer = createSigner({ appId, appSecret, allowedOrigins: ['https://h5.example.com'] });
 * app.use('/lark', jsapiRouter(signer));
 *
 * @example
 * const signer = createSigner({ appId, appSecret, type: 'store', allowedOrigins: ['https://h5.example.com'] });
 * onAppTicketEvent((event) => signer.setAppTicket(event.app_ticket));
 * await signer.sign(pageUrl, { tenantKey });
 */
export function createStandaloneSigner(options: SignerOptions & { type: 'store' }): StandaloneStoreSigner;
export function createStandaloneSigner(options: SignerOptions): StandaloneSigner;
export function createStandaloneSigner(options: SignerOptions): StandaloneSigner {
  // First: until then the options may be anything.
  const { app, h5SdkUrls, store: setting } = readSignerOptions(options);
  const { clock = systemClock, random = systemRandom, caPem, proxy = {} } = options;
  const logger = options.logger ?? SILENCE;
  const onEvent = createEventLog(logger, clock);
  for (const warning of findSwitchedOff(h5SdkUrls, 'h5SdkUrls')) logger.warn({}, warning);
  const store = openStore(setting, options, {
    clock,
    random,
    onEvent: (event) => onEvent({ of: 'store', event }),
  });
  const transport = options.transport ?? createTransport({ caPem, proxy });
  const platform = createPlatform({
    baseUrl: app.platformBaseUrl,
    fetch: transport.fetch,
    clock,
    clockCorrection: options.clockCorrection ?? true,
    settings: OPTIONS,
    onCall: (report) => onEvent({ of: 'call', report }),
    onClockChange: (change) => onEvent({ of: 'clock', change }),
  });
  const signer = createLarkApp({
    app,
    platform,
    store,
    newTenants: options.newTenants,
    ticketCallsPerHour: options.ticketCallsPerHour ?? 60, // as the service: 12 at once, the rest over the hour
    tokens: options.tokenSource && tokensFrom(options.tokenSource),
    storeKey: options.storeKey === undefined ? undefined : new Secret(options.storeKey),
    clock,
    random,
    onEvent,
  });
  const closeSigner = signer.close.bind(signer);
  const warmUpSigner = signer.warmUp.bind(signer);
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    closeSigner();
    platform.close();
    if (setting.kind !== 'own') await store.close();
    if (options.transport === undefined) await transport.close();
  }
  // The same object, so that what it reads of itself stays alive: `wasReady` and the like are getters.
  return Object.assign(signer, {
    h5SdkUrls,
    warmUp: async () => {
      await warmUpSigner();
    },
    close: () => (closed ??= close()),
  });
}

const SILENCE: EventLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

function openStore(
  setting: ReadSignerOptions['store'],
  { caPem, logger = SILENCE }: SignerOptions,
  parts: Pick<CreateTicketStoreOptions, 'clock' | 'random' | 'onEvent'>,
) {
  if (setting.kind === 'own') return observeStore(setting.store, parts);
  return createTicketStore({
    ...parts,
    setting,
    caPem,
    onWarning: (message) => logger.warn({}, message),
  });
}

function tokensFrom(tokenSource: () => Promise<string>): TokenCache {
  return {
    async get() {
      const token: unknown = await tokenSource();
      // Visible ASCII, because it travels in a header.
      if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return new Secret(token);
      throw new TypeError('tokenSource must resolve with a tenant_access_token');
    },
    // Nothing is kept here: the next `get` asks again.
    invalidate: () => undefined,
  };
}
