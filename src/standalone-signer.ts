// The library's signer: one app from plain options, with a platform, connections and a store of its own.
import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from './clock';
import type { AppSettings } from './config/app-settings';
import { ConfigError, type ConfigFault } from './config/config-error';
import { parsePlatformBaseUrl } from './config/parse-platform-base-url';
import { parseTicketStore } from './config/parse-ticket-store';
import { parseAppId } from './config/parse-values';
import { createSignerLog, type EventLogger } from './observability/signer-log';
import { createPlatform } from './open-platform/platform';
import { createTransport, type ProxySettings, type Transport } from './open-platform/transport';
import type { TokenCache } from './open-platform/with-token';
import { Secret } from './secret';
import { createSigner, type Signer } from './signer';
import { compileAllowedOrigins } from './signing/allowed-origins';
import { createTicketStore } from './tickets/create-ticket-store';
import type { RandomSource } from './tickets/renewal-policy';
import type { TicketStore } from './tickets/ticket-store';

/** An app, and what it runs with. */
export interface SignerOptions {
  /** `cli_…` */
  appId: string;
  /** Required unless `tokenSource` is given. */
  appSecret?: string;
  /** Page origins to sign for: `https://h5.example.com`, `https://*.example.com`, `http://localhost:*`, or a lone `*`. */
  allowedOrigins: readonly string[];
  /** `feishu` (the default), `lark`, or the base URL of a private deployment or forwarder. */
  domain?: string;
  /** Allows a `domain` on plain http on another machine: secret and tickets then travel in clear. */
  allowHttp?: boolean;
  /** Carried in every signature as `jsApiList` when given. */
  jsApiList?: readonly string[];
  /**
   * Where tickets outlive the process: `memory` (the default), `file:<path>`, `redis://…`, or a store of your own, which is
   * yours to close.
   */
  store?: string | TicketStore;
  /** What seals tickets in the store; every process that shares it has the same. Default: the app secret. */
  storeKey?: string;
  /**
   * Gives a valid tenant_access_token, for those who have a client of the platform already: no token is fetched here then. It is
   * asked before every ticket call, some 16 times a day, and once more when the platform refuses what it gave.
   */
  tokenSource?: () => Promise<string>;
  /** pino, or another that takes fields first and then a sentence. Default: silence; failures are told by `sign`. */
  logger?: EventLogger;
  /** PEM certificates to trust beside the default roots. */
  caPem?: string;
  /** Company proxies; the environment is not read. */
  proxy?: ProxySettings;
  /** Hard ceiling of ticket calls in any hour. Default 60. */
  ticketCallsPerHour?: number;
  /** Whether to sign with the platform's time when this machine's clock is over 30 s off. Default true. */
  clockCorrection?: boolean;
  clock?: Clock;
  /** Numbers in [0, 1), for jitter. */
  random?: RandomSource;
  /** Default: undici. One that is given is yours to close. */
  transport?: Transport;
}

/** A signer that lets go of everything it made. */
export interface StandaloneSigner extends Omit<Signer, 'close'> {
  /** Stops timers, closes its connections and the store it made. Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}

/**
 * A signer for one app. It does nothing until the first page, or `warmUp()`. Throws ConfigError with every option that is wrong.
 *
 * @example
 * const signer = createSigner({ appId, appSecret, allowedOrigins: ['https://h5.example.com'] });
 * app.use('/lark', jsapiRouter(signer));
 */
export function createStandaloneSigner(options: SignerOptions): StandaloneSigner {
  const { clock = systemClock, random = randomFraction, caPem, proxy = {} } = options;
  const app = readApp(options);
  const log = createSignerLog(options.logger ?? SILENCE);
  const store = openStore(options, clock, random);
  const transport = options.transport ?? createTransport({ caPem, proxy });
  const platform = createPlatform({
    baseUrl: app.platformBaseUrl,
    fetch: transport.fetch,
    clock,
    clockCorrection: options.clockCorrection ?? true,
    onCall: log.onCall,
    onClockChange(change) {
      log.onClockChange(change);
      if (change.offsetMs !== undefined) signer.clockChanged();
    },
  });
  const signer = createSigner({
    app,
    platform,
    store,
    ticketCallsPerHour: options.ticketCallsPerHour ?? 60, // as the service: 12 at once, the rest over the hour
    tokens: options.tokenSource && tokensFrom(options.tokenSource),
    storeKey: options.storeKey === undefined ? undefined : new Secret(options.storeKey),
    clock,
    random,
    onEvent: log.onEvent,
  });
  const closeSigner = signer.close.bind(signer);
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    closeSigner();
    platform.close();
    if (options.store !== store) await store.close();
    if (options.transport === undefined) await transport.close();
  }
  // The same object, so that what it reads of itself stays alive: `wasReady` and the like are getters.
  return Object.assign(signer, { close: () => (closed ??= close()) });
}

/** 2³², the number of values that four bytes have. */
const UINT32_VALUES = 4_294_967_296;
const randomFraction: RandomSource = () => randomBytes(4).readUInt32BE() / UINT32_VALUES;

const SILENCE: EventLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

function readApp(options: SignerOptions): AppSettings {
  const faults: ConfigFault[] = [];
  function checked<T>(variable: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      faults.push({ variable, message: (error as Error).message });
      return undefined;
    }
  }
  const { appSecret, tokenSource, store = 'memory', storeKey } = options;
  const appId = checked('appId', () => parseAppId(options.appId));
  const allowedOrigins = checked('allowedOrigins', () => compileAllowedOrigins(options.allowedOrigins));
  const platformBaseUrl = checked('domain', () =>
    parsePlatformBaseUrl(options.domain ?? 'feishu', options.allowHttp ?? false),
  );
  if (typeof store === 'string') checked('store', () => parseTicketStore(new Secret(store)));
  if (!appSecret && tokenSource === undefined)
    faults.push({ variable: 'appSecret', message: 'missing: give the app secret, or a tokenSource' });
  if (!appSecret && !storeKey && store !== 'memory')
    faults.push({
      variable: 'storeKey',
      message: 'missing: without appSecret nothing else can seal tickets',
    });
  if (
    appId === undefined ||
    allowedOrigins === undefined ||
    platformBaseUrl === undefined ||
    faults.length > 0
  )
    throw new ConfigError(faults);
  return {
    alias: undefined,
    appId,
    // Random where there is none: it then seals the tickets of a store that dies with the process, and is sent nowhere.
    appSecret: new Secret(appSecret ?? randomBytes(32).toString('hex')), // 32 bytes, the length of the seal's key
    type: 'custom',
    platformBaseUrl,
    allowedOrigins,
    allowedOriginEntries: options.allowedOrigins,
    jsApiList: options.jsApiList,
    encryptKey: undefined,
    verificationToken: undefined,
    tenants: undefined,
    eventsForwardTo: undefined,
  };
}

function openStore(
  { store = 'memory', caPem, logger = SILENCE }: SignerOptions,
  clock: Clock,
  random: RandomSource,
) {
  if (typeof store !== 'string') return store;
  return createTicketStore({
    setting: parseTicketStore(new Secret(store)),
    caPem,
    clock,
    random,
    onWarning: (message) => logger.warn({}, message),
    onError: (operation, error) => logger.warn({ operation, error: error.message }, 'the ticket store fails'),
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
