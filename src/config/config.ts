// The configuration: every variable of the environment, read and checked once; all faults are reported together.
import type * as z from 'zod';
import type { AppSettings } from '../apps/app-settings';
import { ConfigError, type ConfigFault } from './config-error';
import { findListenerWarnings } from './find-listener-warnings';
import { findSwitchedOff } from './parse-sdk-urls';
import { findUnread, type UnreadVariable } from './find-unread';
import type { LogLevel } from './parse-values';
import { settingsSchema, VARIABLE_NAMES } from './settings';
import type { Read, ReadFile } from './variable-kinds';
import { readApps, findAppWarnings, type AppsFile } from './apps-file/read-apps';
import { isQuoted, QUOTED_FAULT } from './quoted-value';
import type { Environment } from './env-file';
import type { CompatRoute } from '../http/shapes';
import type { Secret } from '../base/secret';
import type { TicketStoreSetting } from '../tickets/stores/create-ticket-store';

export { ConfigError, VARIABLE_NAMES, type ConfigFault };

/** What the service runs with. */
export interface Config {
  /** The one of LARK_APP_ID, or those of the apps file at the start. */
  readonly apps: readonly AppSettings[];
  /** Undefined with LARK_APP_ID. */
  readonly appsFile: AppsFile | undefined;
  /** PEM certificates to trust in addition to the default roots. */
  readonly caPem: string | undefined;
  /** Addresses of the platform's H5 SDK, in the order in which they are tried. */
  readonly h5SdkUrls: readonly string[];
  /** Undefined: Node's own choice, every address of both families. */
  readonly host: string | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  /** Empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
  /** A second listener for the operator's endpoints, without a token; 0 picks a free one. */
  readonly adminPort: number | undefined;
  /** Where that one listens; that of `host` by default. */
  readonly adminHost: string | undefined;
  /** Host names of the operator's endpoints, in addition to addresses and `localhost`; in lower case, without a final dot. */
  readonly adminHostNames: readonly string[];
  /** Each token opens the operator's endpoints; empty: the endpoints do not exist. */
  readonly adminTokens: readonly Secret[];
  /** The file that holds them, when there is one; it is read again while the service runs. */
  readonly adminTokenFile: string | undefined;
  /** The file that holds the secret of the app of LARK_APP_ID; likewise. */
  readonly appSecretFile: string | undefined;
  /** Whether the service shows its own page. */
  readonly publicPage: boolean;
  readonly ticketStore: TicketStoreSetting;
  readonly ticketCallsPerHour: number;
  readonly clockCorrection: boolean;
  /** For Express's `trust proxy`. */
  readonly trustProxy: false | number | string;
  /** Requests for signatures per minute and client; 0 is without limit. */
  readonly rateLimit: number;
  /** New tenants of a store app, tried per minute. */
  readonly newTenants: { readonly perClient: number; readonly perApp: number };
  /** How far the time of an event's signature may lie from the platform's; Infinity for any. */
  readonly eventMaxAgeMs: number;
  readonly compatRoutes: readonly CompatRoute[];
  readonly logLevel: LogLevel;
  readonly shutdownDelayMs: number;
  readonly shutdownGraceMs: number;
  /** Company proxies on the network path to the platform. */
  readonly proxy: {
    readonly httpsProxy: string | undefined;
    readonly httpProxy: string | undefined;
    readonly noProxy: string | undefined;
  };
  /** Sentences for the start log: usable, but the operator should know. */
  readonly warnings: readonly string[];
}

/** With an apps file these are in it. */
const OF_ONE_APP = ['LARK_APP_ID', 'LARK_APP_SECRET', 'LARK_APP_SECRET_FILE'];

/** Other programs know these in lower case, which wins, as in curl. Many environments set them, so similar names are not reported. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

/**
 * Reads the configuration from `environment`; values are trimmed, and empty ones count as not set. Throws `ConfigError` with
 * every fault: the variable, what is wrong, what to write instead.
 *
 * @example loadConfig(mergeEnvFile(process.env, envFileText), (path) => readFileSync(path, 'utf8'))
 */
export function loadConfig(environment: Environment, readFile: ReadFile): Config {
  const readNames = new Set(VARIABLE_NAMES);
  const value: Read = (name) => {
    readNames.add(name);
    const text = environment[name]?.trim();
    return text === '' ? undefined : text;
  };
  const read: Read = (variable) =>
    (PROXY_VARIABLES.includes(variable) ? value(variable.toLowerCase()) : undefined) ?? value(variable);
  const schema = settingsSchema(read, readFile);
  const isSet = (name: string): boolean => read(name) !== undefined || read(`${name}_FILE`) !== undefined;
  const unread = (): UnreadVariable[] =>
    findUnread(environment, {
      known: VARIABLE_NAMES.filter((name) => !PROXY_VARIABLES.includes(name)),
      // What an app of the apps file names is read too.
      isRead: (name) => readNames.has(name),
      isSet: (name) => isSet(name) || (OF_ONE_APP.includes(name) && isSet('LARK_APPS_FILE')),
    });
  const input = Object.fromEntries(Object.keys(schema.shape).map((variable) => [variable, read(variable)]));
  const result = schema.safeParse(input);
  const quoted = VARIABLE_NAMES.filter((variable) => isQuoted(read(variable) ?? ''));
  if (!result.success || quoted.length > 0) {
    const misspelt = unread();
    const faults = (result.error?.issues ?? []).map(({ path, message }): ConfigFault => {
      // A fault of the file has the path [NAME, _FILE].
      const variable = path.join('');
      const guess = misspelt.find(({ meant }) => meant === variable);
      return {
        variable,
        message: guess ? `${message} (${guess.written} is set: is it misspelt?)` : message,
      };
    });
    throw new ConfigError([
      // Quotation marks are the cause of any other fault of the value.
      ...faults.filter(({ variable }) => !quoted.includes(variable)),
      ...quoted.map((variable) => ({ variable, message: QUOTED_FAULT })),
    ]);
  }
  const values = result.data;
  const apps = readApps(
    {
      appsFile: values.LARK_APPS_FILE,
      reloadMs: values.APPS_RELOAD_SECONDS * 1_000,
      appId: values.LARK_APP_ID,
      appSecret: values.LARK_APP_SECRET,
      allowHttp: values.LARK_ALLOW_HTTP,
      defaults: {
        platformBaseUrl: values.LARK_DOMAIN,
        allowedOrigins: values.ALLOWED_ORIGINS,
        jsApiList: values.JS_API_LIST,
      },
    },
    read,
    readFile,
  );
  const warnings = unread().map(
    ({ written, meant }) =>
      `${written} is not read: ${meant ? `did you mean ${meant}?` : 'there is no such variable, see .env.example'}`,
  );
  const config = toConfig(values);
  const listeners = { ...config, hasAdminHost: values.ADMIN_HOST !== undefined };
  return {
    ...config,
    ...apps,
    adminTokenFile: read('ADMIN_TOKEN_FILE'),
    appSecretFile: apps.appsFile ? undefined : read('LARK_APP_SECRET_FILE'),
    warnings: [
      ...warnings,
      ...findAppWarnings(apps.apps),
      ...findListenerWarnings(listeners),
      ...findSwitchedOff(config.h5SdkUrls, 'H5_SDK_URL'),
    ],
  };
}

type Values = z.output<ReturnType<typeof settingsSchema>>;

function toConfig(
  values: Values,
): Omit<Config, 'apps' | 'appsFile' | 'adminTokenFile' | 'appSecretFile' | 'warnings'> {
  return {
    caPem: values.LARK_CA_FILE,
    h5SdkUrls: values.H5_SDK_URL,
    host: values.HOST,
    port: values.PORT,
    basePath: values.BASE_PATH,
    adminPort: values.ADMIN_PORT,
    adminHost: values.ADMIN_HOST ?? values.HOST,
    adminHostNames: values.ADMIN_HOSTNAMES,
    adminTokens: values.ADMIN_TOKEN,
    publicPage: values.PUBLIC_PAGE,
    ticketStore: values.TICKET_STORE,
    ticketCallsPerHour: values.TICKET_CALLS_PER_HOUR,
    clockCorrection: values.CLOCK_CORRECTION,
    trustProxy: values.TRUST_PROXY,
    rateLimit: values.RATE_LIMIT,
    newTenants: { perClient: values.NEW_TENANTS_PER_CLIENT, perApp: values.NEW_TENANTS_PER_MINUTE },
    eventMaxAgeMs: values.EVENT_MAX_AGE_SECONDS === 0 ? Infinity : values.EVENT_MAX_AGE_SECONDS * 1_000,
    compatRoutes: values.COMPAT_ROUTES,
    logLevel: values.LOG_LEVEL,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    proxy: { httpsProxy: values.HTTPS_PROXY, httpProxy: values.HTTP_PROXY, noProxy: values.NO_PROXY },
  };
}
