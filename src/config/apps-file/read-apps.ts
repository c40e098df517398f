// The apps of the configuration: the one of the variables, or those of the apps file.
import type { Secret } from '../../base/secret';
import type { AppSettings } from '../../apps/app-settings';
import { digestOf, readAppsFile, type AppsFileContent } from './apps-file-content';
import { ConfigError } from '../config-error';
import { AppsFileError, parseAppsFile, type AppDefaults } from './parse-apps-file';
import { findOpenWildcards } from '../find-open-wildcards';
import { isLoopback } from '../parse-platform-base-url';
import type { Read, ReadFile } from '../variable-kinds';

/** The apps file, to be read again while the service runs. */
export interface AppsFile {
  readonly path: string;
  /** How often it is compared; 0: never by itself. */
  readonly reloadMs: number;
  /** Of what `apps` came from. */
  readonly digest: string;
  /** The apps in what the file holds now. Throws `AppsFileError`. */
  readonly parse: (content: AppsFileContent) => readonly AppSettings[];
}

/** What is configured. */
export interface ConfiguredApps {
  /** The one of LARK_APP_ID, or those of the apps file at the start. */
  readonly apps: readonly AppSettings[];
  /** Undefined with LARK_APP_ID. */
  readonly appsFile: AppsFile | undefined;
}

/** The variables that apps are made of, each checked by itself. */
export interface AppVariables {
  readonly appsFile: string | undefined;
  readonly reloadMs: number;
  /** This, the secret and the origins are there unless `appsFile` is. */
  readonly appId: string | undefined;
  readonly appSecret: Secret | undefined;
  readonly allowHttp: boolean;
  readonly defaults: AppDefaults;
}

/** Reads the apps. Throws `ConfigError` with every fault of the apps file. */
export function readApps(
  { appsFile: path, reloadMs, appId, appSecret, allowHttp, defaults }: AppVariables,
  read: Read,
  readFile: ReadFile,
): ConfiguredApps {
  if (path === undefined) return { apps: [oneApp(appId, appSecret, defaults)], appsFile: undefined };
  const parse = (content: AppsFileContent): AppSettings[] =>
    parseAppsFile(content, { read, allowHttp, defaults });
  try {
    const content = readAppsFile(path, readFile);
    return { apps: parse(content), appsFile: { path, reloadMs, digest: digestOf(content), parse } };
  } catch (error) {
    const faults = error instanceof AppsFileError ? error.faults : [(error as Error).message];
    throw new ConfigError(faults.map((message) => ({ variable: 'LARK_APPS_FILE', message })));
  }
}

function oneApp(
  appId: string | undefined,
  appSecret: Secret | undefined,
  defaults: AppDefaults,
): AppSettings {
  const { platformBaseUrl, allowedOrigins, jsApiList } = defaults;
  // Without an apps file the schema has required all three.
  if (!appId || !appSecret || !allowedOrigins) throw new TypeError('the app is incomplete');
  return {
    alias: undefined,
    appId,
    appSecret,
    type: 'custom',
    platformBaseUrl,
    allowedOrigins: allowedOrigins.compiled,
    allowedOriginEntries: allowedOrigins.entries,
    jsApiList,
    encryptKeys: [],
    verificationTokens: [],
    tenants: undefined,
    eventsForwardTo: undefined,
  };
}

/** Sentences for the log, at the start and at each reload: usable, but the operator should know. */
export function findAppWarnings(apps: readonly AppSettings[]): string[] {
  return apps.flatMap(({ alias, platformBaseUrl, allowedOrigins, allowedOriginEntries }) => {
    const { protocol, hostname } = new URL(platformBaseUrl);
    const [domain, origins] =
      alias === undefined
        ? ['LARK_DOMAIN', 'ALLOWED_ORIGINS']
        : [`The domain of the app ${alias}`, `The list of allowed origins of the app ${alias}`];
    const warnings: string[] = [];
    if (protocol === 'http:' && !isLoopback(hostname))
      warnings.push(`${domain} is plain http: the app secret and every ticket travel in clear.`);
    if (allowedOrigins.any)
      warnings.push(`${origins} is *: any web page can have signatures made in the name of this app.`);
    for (const domain of findOpenWildcards(allowedOriginEntries))
      warnings.push(
        `${origins} covers all of *.${domain}, where names are open to registration: list your own domains instead.`,
      );
    return warnings;
  });
}

/** For the start log, without secrets: the one app, or the number of those in the file. */
export function describeApps({ apps, appsFile }: ConfiguredApps): object {
  if (appsFile) return { apps: apps.length, appsFile: { path: appsFile.path, reloadMs: appsFile.reloadMs } };
  const [app] = apps.map(({ appId, platformBaseUrl, allowedOriginEntries, jsApiList }) => ({
    appId,
    platformBaseUrl,
    allowedOrigins: allowedOriginEntries,
    jsApiList,
  }));
  return { ...app, apps: undefined };
}
