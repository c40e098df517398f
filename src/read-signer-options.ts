// What a program that makes a signer of its own may say of it, and what that makes of the app.
import { randomBytes } from 'node:crypto';
import { OPTIONS } from './base/setting-names';
import type { Clock } from './clock';
import type { AppSettings } from './config/app-settings';
import { TENANT_KEY } from './config/apps-schema';
import { ConfigError, type ConfigFault } from './config/config-error';
import { parsePlatformBaseUrl } from './config/parse-platform-base-url';
import { checkSdkUrls, defaultSdkUrls } from './config/parse-sdk-urls';
import { parseTicketStore } from './config/parse-ticket-store';
import { parseAppId } from './config/parse-values';
import { isQuoted, QUOTED_FAULT } from './config/quoted-value';
import type { EventLogger } from './observability/signer-log';
import type { ProxySettings, Transport } from './open-platform/transport';
import { Secret } from './secret';
import { compileAllowedOrigins } from './signing/allowed-origins';
import type { RandomSource } from './tickets/renewal-policy';
import type { TicketStore } from './tickets/ticket-store';

/** An app, and what it runs with. */
export interface SignerOptions {
  /** `cli_…` */
  appId: string;
  /** `store`: an app that many tenants install; each signature then names a `tenantKey`. Default `custom`. */
  type?: 'custom' | 'store';
  /** Required unless `tokenSource` is given. */
  appSecret?: string;
  /** Page origins to sign for: `https://h5.example.com`, `https://*.example.com`, `http://localhost:*`, or a lone `*`. */
  allowedOrigins: readonly string[];
  /** `feishu` (the default), `lark`, or the base URL of a private deployment or forwarder. */
  domain?: string;
  /** Allows a `domain` on plain http on another machine: secret and tickets then travel in clear. */
  allowHttp?: boolean;
  /**
   * The H5 SDK scripts that the browser helper loads through the router's `/h5-sdk.js`, in order. Default: the build for Feishu, or
   * for `domain: 'lark'` one that is unconfirmed.
   */
  h5SdkUrls?: readonly string[];
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
   * asked before every ticket call, some 16 times a day, and once more when the platform refuses what it gave. Not for store apps,
   * which have a token for each tenant.
   */
  tokenSource?: () => Promise<string>;
  /** Store apps: the only tenants to sign for. Default: whichever has installed the app. */
  tenants?: readonly string[];
  /**
   * Store apps without `tenants`: how many tenants that were never signed for are tried a minute, from one client of the router
   * and for the whole app. Default 3 and 10.
   */
  newTenants?: { perClient: number; perApp: number };
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

/** What a signer is made of. */
export interface ReadSignerOptions {
  readonly app: AppSettings;
  readonly h5SdkUrls: readonly string[];
}

/** Reads `options`. Throws ConfigError with every option that is wrong. */
export function readSignerOptions(options: SignerOptions): ReadSignerOptions {
  const faults: ConfigFault[] = [];
  function checked<T>(variable: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      faults.push({ variable, message: (error as Error).message });
      return undefined;
    }
  }
  const { appSecret, type = 'custom', tokenSource, store = 'memory', storeKey } = options;
  const appId = checked('appId', () => parseAppId(options.appId));
  const allowedOrigins = checked('allowedOrigins', () =>
    compileAllowedOrigins(options.allowedOrigins, OPTIONS.allowedOrigins),
  );
  const platformBaseUrl = checked('domain', () =>
    parsePlatformBaseUrl(options.domain ?? 'feishu', options.allowHttp ?? false, OPTIONS),
  );
  const h5SdkUrls = checked('h5SdkUrls', () =>
    options.h5SdkUrls === undefined
      ? defaultSdkUrls(options.domain)
      : checkSdkUrls(options.h5SdkUrls, options.allowHttp ?? false),
  );
  if (typeof store === 'string') checked('store', () => parseTicketStore(new Secret(store)));
  if (!appSecret && (tokenSource === undefined || type === 'store')) {
    const otherwise = type === 'store' ? '' : ', or a tokenSource';
    faults.push({ variable: 'appSecret', message: `missing: give the app secret${otherwise}` });
  }
  // Of a variable, mostly, that was handed on as it came.
  if (appSecret && isQuoted(appSecret)) faults.push({ variable: 'appSecret', message: QUOTED_FAULT });
  if (!appSecret && !storeKey && store !== 'memory')
    faults.push({
      variable: 'storeKey',
      message: 'missing: without appSecret nothing else can seal tickets',
    });
  faults.push(...findTypeFaults(options));
  if (
    appId === undefined ||
    allowedOrigins === undefined ||
    platformBaseUrl === undefined ||
    h5SdkUrls === undefined ||
    faults.length > 0
  )
    throw new ConfigError(faults);
  const app: AppSettings = {
    alias: undefined,
    appId,
    // Random where there is none: it then seals the tickets of a store that dies with the process, and is sent nowhere.
    appSecret: new Secret(appSecret ?? randomBytes(32).toString('hex')), // 32 bytes, the length of the seal's key
    type,
    platformBaseUrl,
    allowedOrigins,
    allowedOriginEntries: options.allowedOrigins,
    jsApiList: options.jsApiList,
    // Events go to the back end that the signer is part of, which hands the app ticket over.
    encryptKey: undefined,
    verificationToken: undefined,
    tenants: options.tenants,
    eventsForwardTo: undefined,
  };
  return { app, h5SdkUrls };
}

/** What does not go with the type of the app: a setting that does nothing misleads. */
function findTypeFaults({ type = 'custom', tokenSource, tenants, newTenants }: SignerOptions): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const tell = (variable: string, message: string) => faults.push({ variable, message });
  const given = Object.entries({ tenants, newTenants }).filter(([, value]) => value !== undefined);
  switch (type) {
    case 'custom':
      for (const [variable] of given) tell(variable, "is for store apps: remove it, or give type: 'store'");
      return faults;
    case 'store':
      break;
    default:
      tell('type', "neither 'custom' nor 'store': give one of the two");
      return faults;
  }
  if (tokenSource)
    tell(
      'tokenSource',
      'not for store apps, which have a token for each tenant: give the app secret instead',
    );
  if (tenants && (tenants.length === 0 || !tenants.every((key) => TENANT_KEY.test(key))))
    tell('tenants', "not a list of tenant keys: give letters, digits, _ and -, ['736588c9260f175d']");
  if (tenants && newTenants)
    tell('newTenants', 'no tenant is new where all are listed: remove it, or tenants');
  if (newTenants && ![newTenants.perClient, newTenants.perApp].every((count) => count >= 1))
    tell('newTenants', 'not two numbers of at least 1: give { perClient: 3, perApp: 10 }');
  return faults;
}
