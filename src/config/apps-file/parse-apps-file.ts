// LARK_APPS_FILE: many apps. All faults are reported together, each with its path in the file and without values that may be secret.
import type { z } from 'zod';
import { Secret } from '../../base/secret';
import type { AllowedOrigins } from '../../signing/types';
import type { AppSettings } from '../../apps/app-settings';
import { appsIn, readJson, type AppsFileContent } from './apps-file-content';
import { appKeys, appsFileSchema, SECRET_NAMES, type SecretName } from './apps-schema';
import { findMisspelt } from '../find-misspelt';
import { parseSecretPair } from '../parse-secret-pair';
import { isQuoted, QUOTED_FAULT } from '../quoted-value';
import type { Read } from '../variable-kinds';

/** The defaults of an app. */
export interface AppDefaults {
  readonly platformBaseUrl: string;
  readonly allowedOrigins: { readonly compiled: AllowedOrigins; readonly entries: string[] } | undefined;
  readonly jsApiList: readonly string[] | undefined;
}

/** The context in which the apps are read. */
export interface AppsContext {
  /** The variables of the environment. */
  readonly read: Read;
  /** Whether a domain on plain http may be another machine. */
  readonly allowHttp: boolean;
  readonly defaults: AppDefaults;
}

/** The apps file cannot be used: one line per fault, `apps[2].alias: …`. */
export class AppsFileError extends Error {
  override readonly name = 'AppsFileError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

type Tell = (at: string, message: string) => void;
/** The secrets of an app; of each but the app secret two may be set, while one replaces the other. */
type Secrets = Partial<Record<SecretName, readonly Secret[]>>;

/** The apps in `content`, in its order. Throws `AppsFileError` with everything that is wrong. */
export function parseAppsFile(content: AppsFileContent, context: AppsContext): AppSettings[] {
  const faults: string[] = [];
  const tell: Tell = (at, message) => faults.push(at === '' ? message : `${at}: ${message}`);
  const json = readJson(content.text);
  // What the parser says would quote the text, which may hold secrets.
  if (json === undefined) throw new AppsFileError([describeBrokenJson(content.text)]);

  const parsed = appsFileSchema(context.allowHttp).safeParse(json);
  if (!parsed.success) for (const issue of parsed.error.issues) tellIssue(issue, tell);
  const apps = appsIn(content.text);
  const secrets = apps.map((app, index) => readSecrets(app, `apps[${index}]`, content, context, tell));
  apps.forEach((app, index) => tellMissing(app, `apps[${index}]`, context.defaults, tell));
  for (const name of ['alias', 'appId']) tellRepeated(apps, name, tell);
  if (!parsed.success || faults.length > 0) throw new AppsFileError(faults);

  return parsed.data.apps.map((app, index) => toSettings(app, secrets[index] ?? {}, context.defaults));
}

type ParsedApp = z.output<ReturnType<typeof appsFileSchema>>['apps'][number];

function toSettings(app: ParsedApp, secrets: Secrets, defaults: AppDefaults): AppSettings {
  const origins = app.allowedOrigins ?? defaults.allowedOrigins;
  const [appSecret] = secrets.appSecret ?? [];
  // Both were reported as missing above.
  if (origins === undefined || appSecret === undefined) throw new TypeError('an app is incomplete');
  return {
    alias: app.alias,
    appId: app.appId,
    appSecret,
    type: app.type,
    platformBaseUrl: app.domain ?? defaults.platformBaseUrl,
    allowedOrigins: origins.compiled,
    allowedOriginEntries: origins.entries,
    jsApiList: app.jsApiList ? [...new Set(app.jsApiList)] : defaults.jsApiList,
    encryptKeys: secrets.encryptKey ?? [],
    verificationTokens: secrets.verificationToken ?? [],
    tenants: app.tenants,
    eventsForwardTo: app.eventsForwardTo,
  };
}

/** The names, in messages, of secrets of which two may be set. */
const WORDS = { encryptKey: 'encrypt key', verificationToken: 'verification token' } as const;

/** The secrets of one app, from whichever form each has. */
function readSecrets(
  app: Record<string, unknown>,
  at: string,
  { secretFiles }: AppsFileContent,
  { read }: AppsContext,
  tell: Tell,
): Secrets {
  const secrets: Secrets = {};
  for (const name of SECRET_NAMES) {
    const take = (form: string, text: string): void => {
      try {
        const secret = new Secret(text);
        secrets[name] = name === 'appSecret' ? [secret] : parseSecretPair(secret, WORDS[name]);
      } catch (error) {
        tell(`${at}.${form}`, (error as Error).message);
      }
    };
    const forms = [name, `${name}File`, `${name}Env`].filter((form) => app[form] !== undefined);
    const [form, second] = forms;
    if (second !== undefined)
      tell(`${at}.${second}`, `set together with ${String(form)}, remove one of the two`);
    // The schema reports values that are not text.
    const written = form === undefined ? undefined : app[form];
    if (form === undefined || second !== undefined || typeof written !== 'string' || written === '') continue;
    if (form === name) {
      if (/\s/.test(written)) tell(`${at}.${form}`, 'holds white space: write the secret alone');
      if (isQuoted(written)) tell(`${at}.${form}`, QUOTED_FAULT);
      take(form, written);
    } else if (form === `${name}File`) {
      const file = secretFiles.get(written) ?? { fault: 'the file was not read' };
      if ('text' in file) take(form, file.text);
      else tell(`${at}.${form}`, file.fault);
    } else {
      // The variable's name is not quoted: it may be the secret itself, set in the wrong place.
      const value = read(written);
      if (value && isQuoted(value))
        tell(`${at}.${form}`, `the environment variable that it names: ${QUOTED_FAULT}`);
      if (value) take(form, value);
      else
        tell(
          `${at}.${form}`,
          'the environment variable that it names is not set: set it, or correct the name',
        );
    }
  }
  return secrets;
}

/** Store apps need what custom apps have no use for, and a setting that does nothing misleads. */
const STORE_KEY = /^(encryptKey|verificationToken|tenants|eventsForwardTo)/;

function tellMissing(app: Record<string, unknown>, at: string, defaults: AppDefaults, tell: Tell): void {
  const hasAny = (name: SecretName): boolean => appKeys().some((key) => key.startsWith(name) && key in app);
  if (!hasAny('appSecret')) {
    const message = 'missing: write the app secret, or where it is in appSecretFile or appSecretEnv';
    tell(`${at}.appSecret`, message);
  }
  if (app['allowedOrigins'] === undefined && defaults.allowedOrigins === undefined)
    tell(
      `${at}.allowedOrigins`,
      'missing: write the origins of the pages to sign for, ["https://h5.example.com"]',
    );
  if (app['type'] === 'store') {
    if (!hasAny('encryptKey') && !hasAny('verificationToken'))
      tell(at, 'a store app needs encryptKey or verificationToken, or its events could be forged');
    return;
  }
  for (const key of appKeys().filter((name) => STORE_KEY.test(name)))
    if (app[key] !== undefined)
      tell(`${at}.${key}`, 'is for store apps: remove it, or write "type": "store"');
}

function tellRepeated(apps: readonly Record<string, unknown>[], name: string, tell: Tell): void {
  const firstAt = new Map<unknown, number>();
  apps.forEach((app, index) => {
    const value = app[name];
    if (typeof value !== 'string') return;
    const first = firstAt.get(value);
    if (first === undefined) firstAt.set(value, index);
    else tell(`apps[${index}].${name}`, `the same as in apps[${first}]: every app has its own`);
  });
}

function tellIssue(issue: z.core.$ZodIssue, tell: Tell): void {
  const at = issue.path.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`,
    '',
  );
  if (issue.code !== 'unrecognized_keys') {
    tell(at, issue.message);
    return;
  }
  for (const key of issue.keys) {
    const [guess] = findMisspelt([key], at === '' ? ['apps'] : appKeys());
    tell(
      at === '' ? key : `${at}.${key}`,
      `unknown setting${guess ? `: did you mean ${guess.meant}?` : ': remove it'}`,
    );
  }
}

/** Of the parser's message only the place is reported. */
function describeBrokenJson(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
    if (position !== undefined) {
      const line = text.slice(0, Number(position)).split('\n').length;
      return `the file is not valid JSON, see line ${line}`;
    }
  }
  return 'the file is not valid JSON: look for a missing quote or a comma too many';
}
