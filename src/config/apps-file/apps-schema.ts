// The form of the apps file, as a zod schema; `docs/apps.schema.json` is made of it.
import * as z from 'zod';
import { TENANT_KEY } from '../../apps/tenant-key';
import { compileAllowedOrigins } from '../../signing/allowed-origins';
import { parsePlatformBaseUrl } from '../parse-platform-base-url';
import { parseAppId } from '../parse-values';
import { orFault } from '../variable-kinds';

/** The secrets of an app: each is in the apps file, in a separate file, or in a variable of the environment. */
export const SECRET_NAMES = ['appSecret', 'encryptKey', 'verificationToken'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** 64 characters, of those that mean themselves in a URL's path and query. */
const ALIAS = /^[A-Za-z0-9][\w.~-]{0,63}$/;
/** The three forms of one secret; which one is given, and what it holds, is checked where they are read. */
function secretForms<Name extends SecretName>(name: Name, what: string) {
  const form = (description: string) => z.string().min(1).optional().meta({ description });
  return {
    [name]: form(what),
    [`${name}File`]: form(`Instead of ${name}: the file that holds it, relative to this one.`),
    [`${name}Env`]: form(`Instead of ${name}: the name of the environment variable that holds it.`),
  } as Record<Name | `${Name}File` | `${Name}Env`, z.ZodOptional<z.ZodString>>;
}

/** A list of at least one entry; the message for anything else is `whatToWrite`. */
function list<Entry extends z.ZodType>(entry: Entry, whatToWrite: string) {
  return z.array(entry, { error: `not a list: write ${whatToWrite}` }).min(1, `empty: write ${whatToWrite}`);
}

function parseForwardTo(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const { username, password } = new URL(text);
    if (!username && !password) return text;
  }
  // Not quoted: it may hold a password.
  throw new Error('not an address without user name: write https://events.example.com/lark');
}

/** One app of the file. */
function appSchema(allowHttp: boolean) {
  return z.strictObject({
    alias: z
      .string({ error: 'missing: write a short name of your own, as shop' })
      .regex(ALIAS, 'not an alias: write at most 64 letters, digits and . _ ~ -, as shop')
      .refine((alias) => !alias.startsWith('cli_'), 'looks like an app id: write a name of your own, as shop')
      .meta({ description: 'The name by which pages and operators ask for the app.' }),
    appId: z
      .string({ error: 'missing: write the app id from the developer console, cli_…' })
      .transform(orFault(parseAppId))
      .meta({ description: 'The app id from the developer console, cli_….' }),
    ...secretForms('appSecret', 'The app secret from the developer console.'),
    type: z
      .enum(['custom', 'store'], { error: 'neither "custom" nor "store": write one of the two' })
      .default('custom')
      .meta({ description: 'store: an app that other tenants install from the app directory.' }),
    domain: z
      .string({ error: 'not a text: write "feishu", "lark" or a base URL' })
      .transform(orFault((text) => parsePlatformBaseUrl(text, allowHttp)))
      .optional()
      .meta({ description: 'feishu, lark or a base URL; default: LARK_DOMAIN.' }),
    allowedOrigins: list(z.string({ error: 'not a text' }), '["https://h5.example.com"]')
      .transform(orFault((entries) => ({ entries, compiled: compileAllowedOrigins(entries) })))
      .optional()
      .meta({ description: 'The page origins to sign for; default: ALLOWED_ORIGINS.' }),
    jsApiList: list(
      z
        .string({ error: 'not a text' })
        .regex(/^[A-Za-z][\w.]*$/, 'not the name of a JSAPI: write as scanCode'),
      '["scanCode"]',
    )
      .optional()
      .meta({ description: 'Every reply carries it; default: JS_API_LIST.' }),
    ...secretForms(
      'encryptKey',
      'Store apps: the encrypt key of the event subscription; two with a comma between them while one replaces the other.',
    ),
    ...secretForms(
      'verificationToken',
      'Store apps: the verification token of the event subscription; two with a comma between them while one replaces the other.',
    ),
    tenants: list(
      z.string({ error: 'not a text' }).regex(TENANT_KEY, 'not a tenant key: write letters, digits, _ and -'),
      '["736588c9260f175d"]',
    )
      .optional()
      .meta({ description: 'Store apps: the only tenants to sign for; default: all that have the app.' }),
    eventsForwardTo: z
      .string({ error: 'not a text' })
      .transform(orFault(parseForwardTo))
      .optional()
      .meta({ description: 'Store apps: the address that gets every other event.' }),
  });
}

/** The whole file. `allowHttp`: whether a domain on plain http may be another machine. */
export function appsFileSchema(allowHttp: boolean) {
  return z.strictObject(
    {
      $schema: z.string().optional(),
      apps: list(appSchema(allowHttp), '[{ "alias": "shop", "appId": "cli_…", … }]'),
    },
    { error: 'the file is not an object: write { "apps": [ … ] }' },
  );
}

let keys: readonly string[] | undefined;

/** The names of an app's fields, to guess misspelt names. A service without an apps file does not build its schema. */
export function appKeys(): readonly string[] {
  return (keys ??= Object.keys(appSchema(false).shape));
}

/** The JSON Schema of the file, for editors: what may be written, not what is made of it. */
export function appsJsonSchema(): object {
  return z.toJSONSchema(appsFileSchema(false), { io: 'input' });
}
