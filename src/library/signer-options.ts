// The options of `createSigner`, and the app settings made from them.
import { randomBytes } from 'node:crypto';
import { OPTIONS } from '../base/setting-names';
import type { Clock } from '../base/clock';
import type { AppSettings } from '../apps/app-settings';
import { TENANT_KEY } from '../apps/tenant-key';
import { ConfigError, type ConfigFault } from '../config/config-error';
import { parseCaCertificates } from '../base/certificates';
import { parsePlatformBaseUrl } from '../config/parse-platform-base-url';
import { checkSdkUrls, defaultSdkUrls } from '../config/parse-sdk-urls';
import { parseTicketStore } from '../config/parse-ticket-store';
import { parseAppId, parseProxyUrl } from '../config/parse-values';
import { isQuoted, QUOTED_FAULT } from '../config/quoted-value';
import {
  callable,
  findOptionFaults,
  flag,
  hasMethods,
  text,
  texts,
  wholeNumber,
  withMethods,
  type OptionForms,
} from './check-options';
import type { EventLogger } from '../observability/logger';
import type { ProxySettings, Transport } from '../open-platform/transport';
import { Secret } from '../base/secret';
import { compileAllowedOrigins } from '../signing/allowed-origins';
import type { RandomSource } from '../base/random';
import type { TicketStoreSetting } from '../tickets/stores/create-ticket-store';
import type { TicketStore } from '../tickets/ticket-store';

/** An app, and its environment. */
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
   * The H5 SDK scripts that the browser helper loads through the router's `/h5-sdk.js`, in order. Default: builds for Feishu, or
   * for `domain: 'lark'` the one for Lark first. Hosts that were switched off are logged as a warning.
   */
  h5SdkUrls?: readonly string[];
  /** Carried in every signature as `jsApiList` when given. */
  jsApiList?: readonly string[];
  /**
   * Where tickets are persisted: `memory` (the default), `file:<path>`, `redis://…`, or a store of your own, which is
   * yours to close.
   */
  store?: string | TicketStore;
  /** The key that encrypts tickets in the store; the same for all processes that share the store. Default: the app secret. */
  storeKey?: string;
  /**
   * Returns a valid tenant_access_token, for back ends that already have a client of the platform: the signer then fetches no token.
   * It is called before every ticket call, some 16 times a day, and once more when the platform refuses its token. Not for store
   * apps, which have a token for each tenant.
   */
  tokenSource?: () => Promise<string>;
  /** Store apps: the only tenants to sign for. Default: every tenant that has installed the app. */
  tenants?: readonly string[];
  /**
   * Store apps without `tenants`: how many new tenants are tried a minute, from one client of the router
   * and for the whole app. Default 3 and 10.
   */
  newTenants?: { perClient: number; perApp: number };
  /** pino, or another that takes fields first and then a sentence. Default: silence; failures reach the caller of `sign`. */
  logger?: EventLogger;
  /** PEM certificates to trust in addition to the default roots. */
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

/** The parts of a signer. */
export interface ReadSignerOptions {
  readonly app: AppSettings;
  readonly h5SdkUrls: readonly string[];
  /** `own`: the caller's, who closes it. */
  readonly store: TicketStoreSetting | { readonly kind: 'own'; readonly store: TicketStore };
}

const FORMS: OptionForms<SignerOptions> = {
  appId: text('the app id from the developer console, cli_…'),
  type: text("'custom' or 'store'"),
  appSecret: text('the app secret from the developer console'),
  allowedOrigins: texts("['https://h5.example.com']"),
  domain: text("'feishu', 'lark' or a base URL"),
  allowHttp: flag,
  h5SdkUrls: texts("['https://sdk.example.com/h5-js-sdk.js']"),
  jsApiList: texts("['scanCode']"),
  store: {
    accepts: (value) => typeof value === 'string' || hasMethods(value, ['read', 'write', 'close']),
    what: 'a text or a store',
    example: "'memory', 'file:<path>', 'redis://…' or an object with read, write and close",
  },
  storeKey: text('a key that all processes with this store have'),
  tokenSource: callable('() => Promise<string>'),
  tenants: {
    accepts: (value) => texts('').accepts(value) && isTenantList(value as string[]),
    what: 'a list of tenant keys',
    example: "letters, digits, _ and -, ['736588c9260f175d']",
  },
  newTenants: {
    accepts: (value) => {
      const { perClient = 0, perApp = 0 } = (value ?? {}) as Partial<Record<string, unknown>>;
      return [perClient, perApp].every((count) => typeof count === 'number' && count >= 1);
    },
    what: 'two numbers of at least 1',
    example: '{ perClient: 3, perApp: 10 }',
  },
  logger: withMethods(['debug', 'info', 'warn'], 'pino or another like it'),
  caPem: text("the text of the PEM file: readFileSync(path, 'utf8')"),
  proxy: {
    accepts: (value) => typeof value === 'object' && value !== null,
    what: 'an object',
    example: "{ httpsProxy: 'http://proxy.example.com:3128' }",
  },
  ticketCallsPerHour: wholeNumber(1, '60'),
  clockCorrection: flag,
  clock: withMethods(['wallMs', 'monotonicMs', 'setTimer'], 'systemClock or another like it'),
  random: callable('() => number'),
  transport: withMethods(['fetch', 'close'], 'what createTransport returns'),
};

const PROXY_FORMS: OptionForms<ProxySettings> = {
  httpsProxy: text("'http://proxy.example.com:3128'"),
  httpProxy: text("'http://proxy.example.com:3128'"),
  noProxy: text("'localhost,.example.com'"),
};

const isTenantList = (keys: readonly string[]): boolean =>
  keys.length > 0 && keys.every((key) => TENANT_KEY.test(key));

/** Reads `options`, whatever they are. Throws ConfigError with every option that is wrong. */
export function readSignerOptions(options: SignerOptions): ReadSignerOptions {
  const example = "{ appId, appSecret, allowedOrigins: ['https://h5.example.com'] }";
  const faults = findOptionFaults(options, FORMS, example, 'options');
  if (faults.some(({ variable }) => variable === 'options')) throw new ConfigError(faults);
  const isFaulty = (name: string): boolean => faults.some(({ variable }) => variable === name);
  /** Reads a valid option; a missing or invalid one becomes a fault. */
  function checked<T>(variable: string, read: () => T): T | undefined {
    if (isFaulty(variable)) return undefined;
    try {
      return read();
    } catch (error) {
      faults.push({ variable, message: (error as Error).message });
      return undefined;
    }
  }
  const { appSecret, type = 'custom', tokenSource, store = 'memory', storeKey, caPem, proxy } = options;
  const allowHttp = options.allowHttp === true;
  const domain = isFaulty('domain') ? undefined : options.domain;
  const appId = checked('appId', () => parseAppId(required(options.appId, FORMS.appId.example)));
  const allowedOrigins = checked('allowedOrigins', () =>
    compileAllowedOrigins(
      required(options.allowedOrigins, `the origins of your pages, ${FORMS.allowedOrigins.example}`),
      OPTIONS.allowedOrigins,
    ),
  );
  const platformBaseUrl = checked('domain', () =>
    parsePlatformBaseUrl(domain ?? 'feishu', allowHttp, OPTIONS),
  );
  const h5SdkUrls = checked('h5SdkUrls', () =>
    options.h5SdkUrls === undefined ? defaultSdkUrls(domain) : checkSdkUrls(options.h5SdkUrls, allowHttp),
  );
  const ticketStore =
    typeof store === 'string'
      ? checked('store', () => parseTicketStore(new Secret(store)))
      : ({ kind: 'own', store } as const);
  if (caPem !== undefined) checked('caPem', () => parseCaText(caPem));
  if (proxy !== undefined && !isFaulty('proxy')) {
    faults.push(...findOptionFaults(proxy, PROXY_FORMS, FORMS.proxy.example, 'proxy.'));
    for (const name of ['httpsProxy', 'httpProxy'] as const) {
      const url = proxy[name];
      if (url) checked(`proxy.${name}`, () => parseProxyUrl(url));
    }
  }
  if (!appSecret && !isFaulty('appSecret') && (tokenSource === undefined || type === 'store')) {
    const otherwise = type === 'store' ? '' : ', or a tokenSource';
    faults.push({ variable: 'appSecret', message: `missing: give the app secret${otherwise}` });
  }
  // Of a variable, mostly, that was handed on as it came.
  if (appSecret && !isFaulty('appSecret') && isQuoted(appSecret))
    faults.push({ variable: 'appSecret', message: QUOTED_FAULT });
  if (!appSecret && !storeKey && store !== 'memory')
    faults.push({
      variable: 'storeKey',
      message: 'missing: required to encrypt tickets when there is no appSecret',
    });
  faults.push(...findTypeFaults(options).filter(({ variable }) => !isFaulty(variable)));
  if (
    appId === undefined ||
    allowedOrigins === undefined ||
    platformBaseUrl === undefined ||
    h5SdkUrls === undefined ||
    ticketStore === undefined ||
    faults.length > 0
  )
    throw new ConfigError(faults);
  const app: AppSettings = {
    alias: undefined,
    appId,
    // Random when not given: it then only seals the tickets of a memory store, and is sent nowhere.
    appSecret: new Secret(appSecret ?? randomBytes(32).toString('hex')), // 32 bytes, the length of the seal's key
    type,
    platformBaseUrl,
    allowedOrigins,
    allowedOriginEntries: options.allowedOrigins,
    jsApiList: options.jsApiList,
    // Events go to the back end that the signer is part of, which hands the app ticket over.
    encryptKeys: [],
    verificationTokens: [],
    tenants: options.tenants,
    eventsForwardTo: undefined,
  };
  return { app, h5SdkUrls, store: ticketStore };
}

function required<T>(value: T | undefined, whatToGive: string): T {
  if (value === undefined) throw new Error(`missing: give ${whatToGive}`);
  return value;
}

/** Throws where `caPem` holds no certificate; its likeliest mistake is the path of the file. */
function parseCaText(caPem: string): void {
  if (!caPem.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error(
      "no PEM certificates: give the text of the file, not its path: readFileSync(path, 'utf8')",
    );
  parseCaCertificates(caPem);
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
  if (tenants && newTenants)
    tell('newTenants', 'no tenant is new where all are listed: remove it, or tenants');
  return faults;
}
