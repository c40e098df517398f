// The apps file: what it gives, every fault by its place, no secret repeated, and its published schema.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppSettings } from '../../../../src/apps/app-settings';
import { digestOf, readAppsFile } from '../../../../src/config/apps-file/apps-file-content';
import { appsJsonSchema } from '../../../../src/config/apps-file/apps-schema';
import { AppsFileError, parseAppsFile } from '../../../../src/config/apps-file/parse-apps-file';
import type { Secret } from '../../../../src/base/secret';
import { ConfigError, loadConfig } from '../../../../src/config/config';
import { parseAllowedOrigins } from '../../../../src/config/parse-values';

const SHOP = {
  alias: 'shop',
  appId: 'cli_shop',
  appSecret: 'hush-shop',
  allowedOrigins: ['https://shop.example.com'],
};

type Files = Record<string, string>;

function readFile(files: Files) {
  return (path: string): string => {
    const text = files[path];
    if (text !== undefined) return text;
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  };
}

function parseText(
  text: string,
  files: Files = {},
  environment: Files = {},
  defaultOrigins?: string,
): AppSettings[] {
  const content = readAppsFile('/etc/lark/apps.json', readFile({ ...files, '/etc/lark/apps.json': text }));
  return parseAppsFile(content, {
    read: (name) => environment[name],
    allowHttp: false,
    defaults: {
      platformBaseUrl: 'https://open.feishu.cn',
      allowedOrigins: defaultOrigins === undefined ? undefined : parseAllowedOrigins(defaultOrigins),
      jsApiList: ['scanCode'],
    },
  });
}

const parse = (apps: unknown[], files?: Files, environment?: Files, defaultOrigins?: string): AppSettings[] =>
  parseText(JSON.stringify({ apps }), files, environment, defaultOrigins);

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof AppsFileError) return error.faults;
    throw error;
  }
  return [];
}

const faults = (apps: unknown[], files?: Files, environment?: Files): readonly string[] =>
  faultsOf(() => parse(apps, files, environment));

it('gives every app with its own settings or the defaults', () => {
  const [shop, sold] = parse(
    [
      SHOP,
      {
        alias: 'sold',
        appId: 'cli_sold',
        appSecretFile: 'secrets/sold',
        type: 'store',
        domain: 'lark',
        allowedOrigins: ['https://*.sold.example.com'],
        jsApiList: ['getLocation', 'getLocation'],
        encryptKeyEnv: 'SOLD_KEY',
        verificationToken: 'hush-token',
        tenants: ['736588c9260f175d'],
        eventsForwardTo: 'https://events.example.com/lark',
      },
    ],
    { '/etc/lark/secrets/sold': 'hush-sold\n' },
    { SOLD_KEY: 'hush-key' },
  );
  expect(shop).toMatchObject({
    alias: 'shop',
    appId: 'cli_shop',
    type: 'custom',
    platformBaseUrl: 'https://open.feishu.cn',
    jsApiList: ['scanCode'],
    tenants: undefined,
  });
  expect(shop!.appSecret.reveal()).toBe('hush-shop');
  expect(sold).toMatchObject({
    type: 'store',
    platformBaseUrl: 'https://open.larksuite.com',
    jsApiList: ['getLocation'],
    tenants: ['736588c9260f175d'],
    eventsForwardTo: 'https://events.example.com/lark',
  });
  expect(
    [sold!.appSecret, sold!.encryptKeys[0], sold!.verificationTokens[0]].map((secret) => secret?.reveal()),
  ).toEqual(['hush-sold', 'hush-key', 'hush-token']);
  expect(sold!.allowedOrigins.allows('https://a.sold.example.com')).toBe(true);
});

it('takes two encrypt keys and verification tokens, in each of the three forms; an app secret may hold a comma', () => {
  const pair = { encryptKeyFile: 'keys', verificationTokenEnv: 'TOKENS' };
  const files = { '/etc/lark/keys': 'old,new\n' };
  const [first, second] = parse(
    [
      { ...SHOP, appSecret: 'a,b', type: 'store', ...pair },
      { ...SHOP, alias: 'b', appId: 'cli_b', type: 'store', encryptKey: 'old,new' },
    ],
    files,
    { TOKENS: 'old,new' },
  );
  const reveal = (secrets: readonly Secret[]): string[] => secrets.map((secret) => secret.reveal());
  expect(first!.appSecret.reveal()).toBe('a,b');
  expect(reveal(first!.encryptKeys)).toEqual(['old', 'new']);
  expect(reveal(first!.verificationTokens)).toEqual(['old', 'new']);
  expect(reveal(second!.encryptKeys)).toEqual(['old', 'new']);
  expect(second!.verificationTokens).toEqual([]);
});

it('takes ALLOWED_ORIGINS for an app that lists none, and forgives a byte order mark', () => {
  const app = { ...SHOP, allowedOrigins: undefined };
  const [shop] = parseText(`\uFEFF${JSON.stringify({ apps: [app] })}`, {}, {}, 'https://all.example.com');
  expect(shop!.allowedOriginEntries).toEqual(['https://all.example.com']);
});

it('tells every fault at once, by its place', () => {
  const found = faults([
    { ...SHOP, alias: 'a b', appId: 'hush-in-the-wrong-place', domain: 'http://other.example.com' },
    {
      ...SHOP,
      alias: 'cli_x',
      appId: 'cli_b',
      allowedOrigin: ['https://x'],
      allowedOrigins: ['h5.example.com'],
    },
    { alias: 'c', appId: 'cli_c', appSecretFile: 'none', type: 'shop', jsApiList: 'scanCode' },
    { ...SHOP, alias: 'd', appSecret: undefined, appSecretEnv: 'NOT_SET', tenants: ['t'] },
    { ...SHOP, type: 'store', appSecretFile: 'none' },
    'shop',
  ]);
  const places = found.map((fault) => fault.split(': ')[0]).sort();
  expect(places).toEqual(
    [
      'apps[0].alias',
      'apps[0].appId',
      'apps[0].domain',
      'apps[1].alias',
      'apps[1].allowedOrigin',
      'apps[1].allowedOrigins',
      'apps[2].allowedOrigins',
      'apps[2].appSecretFile',
      'apps[2].jsApiList',
      'apps[2].type',
      'apps[3].appSecretEnv',
      'apps[3].tenants',
      'apps[4]',
      'apps[4].appId',
      'apps[4].appSecretFile',
      'apps[5]',
      'apps[5].allowedOrigins',
      'apps[5].appSecret',
    ].sort(),
  );
  expect(found.filter((fault) => fault.includes('hush'))).toEqual([]);
  expect(found.join('\n')).toMatch(/did you mean allowedOrigins\?/);
  expect(found.join('\n')).toMatch(/apps\[4\]\.appId: the same as in apps\[3\]/);
});

it.each([
  [{ ...SHOP, appSecret: '' }, 'apps[0].appSecret'],
  [{ ...SHOP, appSecret: 7 }, 'apps[0].appSecret'],
  [{ ...SHOP, appSecret: 'two words' }, 'apps[0].appSecret: holds white space'],
  [{ ...SHOP, encryptKey: 'k' }, 'apps[0].encryptKey: is for store apps'],
  [
    { ...SHOP, type: 'store', encryptKey: 'hush-1,hush-2,hush-3' },
    'apps[0].encryptKey: write one encrypt key, or',
  ],
  [
    { ...SHOP, type: 'store', verificationToken: ',' },
    'apps[0].verificationToken: write one verification token',
  ],
  [{ ...SHOP, allowedOrigins: [] }, 'apps[0].allowedOrigins: empty'],
  [{ ...SHOP, allowedOrigins: ['*', 'https://a.cn'] }, 'apps[0].allowedOrigins: "*" allows every origin'],
  [
    { ...SHOP, type: 'store', verificationToken: 't', eventsForwardTo: 'https://u:hush@h' },
    'apps[0].eventsForwardTo',
  ],
  [{ ...SHOP, jsApiList: ['scan code'] }, 'apps[0].jsApiList[0]: not the name of a JSAPI'],
])('refuses %j', (app, fault) => {
  const found = faults([app]);
  expect(found).toEqual([expect.stringContaining(fault)]);
  expect(found.join()).not.toContain('hush');
});

it('refuses two apps of one alias', () => {
  expect(faults([SHOP, { ...SHOP, appId: 'cli_b' }])).toEqual([
    'apps[1].alias: the same as in apps[0]: every app has its own',
  ]);
});

it.each(['', '{"apps":[{"appSecret":"hush"', '{"apps": [hush]}', '{\n"apps": [],\n"a" 1}'])(
  'says of %j that it is no JSON, and repeats nothing of it',
  (text) => {
    const found = faultsOf(() => parseText(text));
    expect(found).toEqual([expect.stringContaining('not valid JSON')]);
    expect(found.join()).not.toContain('hush');
  },
);

it.each(['[]', '7', 'null', '{}', '{"apps":{}}', '{"apps":[]}', '{"apps":[],"other":1}'])(
  'refuses %s',
  (text) => {
    expect(faultsOf(() => parseText(text))).not.toEqual([]);
  },
);

it('is noticed to have changed when a secret file has', () => {
  const text = JSON.stringify({ apps: [{ ...SHOP, appSecret: undefined, appSecretFile: 's' }] });
  const digest = (files: Files): string =>
    digestOf(readAppsFile('/apps.json', readFile({ '/apps.json': text, ...files })));
  expect(new Set([digest({}), digest({ '/s': 'one' }), digest({ '/s': 'two' })]).size).toBe(3);
  expect(digest({ '/s': 'one' })).toBe(digest({ '/s': 'one\n' }));
});

describe('as LARK_APPS_FILE', () => {
  const files = { '/apps.json': JSON.stringify({ apps: [SHOP] }), '/broken.json': '{"apps":[{}]}' };
  const load = (environment: Files) => loadConfig(environment, readFile(files));
  const faultsOfConfig = (environment: Files): string[] => {
    try {
      load(environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n');
    }
    return [];
  };

  it('needs no variable of an app, and refuses LARK_APP_ID', () => {
    expect(load({ LARK_APPS_FILE: '/apps.json' }).apps).toMatchObject([{ alias: 'shop' }]);
    expect(faultsOfConfig({ LARK_APPS_FILE: '/apps.json', LARK_APP_ID: 'cli_a' })).toEqual([
      'LARK_APP_ID: set together with LARK_APPS_FILE, remove one of the two',
    ]);
  });

  it('gives one line a fault, with the variable', () => {
    const lines = faultsOfConfig({ LARK_APPS_FILE: '/broken.json' });
    expect(lines).toContainEqual(expect.stringMatching(/^LARK_APPS_FILE: apps\[0\]\.alias: missing/));
    expect(lines.filter((line) => !line.startsWith('LARK_APPS_FILE: '))).toEqual([]);
    expect(faultsOfConfig({ LARK_APPS_FILE: '/none.json' })).toEqual([
      expect.stringContaining('LARK_APPS_FILE: the file cannot be read (ENOENT)'),
    ]);
  });
});

it('has the JSON Schema that docs/apps.schema.json publishes', () => {
  const published: unknown = JSON.parse(
    readFileSync(join(__dirname, '../../../../docs/apps.schema.json'), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(appsJsonSchema())));
});
