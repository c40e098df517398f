// The configuration: defaults, every variable's forms, and faults that are reported together with the right form.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { inspect, parseEnv } from 'node:util';
import { ConfigError, loadConfig, VARIABLE_NAMES, type Config } from '../../../src/config/config';
import { describeConfig } from '../../../src/config/describe-config';
import type { Environment } from '../../../src/config/env-file';
import { defaultSdkUrls } from '../../../src/config/parse-sdk-urls';

const REQUIRED = {
  LARK_APP_ID: 'cli_a1b2c3',
  LARK_APP_SECRET: 'hush-hush',
  ALLOWED_ORIGINS: 'https://h5.example.com',
};

const noFiles = (path: string): string => {
  throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
};

const load = (more: Environment = {}, readFile = noFiles): Config =>
  loadConfig({ ...REQUIRED, ...more }, readFile);

function faultsOf(environment: Environment, readFile = noFiles): Record<string, string> {
  try {
    loadConfig(environment, readFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.faults.map(({ variable, message }) => [variable, message]));
  }
  throw new Error('no fault was found');
}

const faultOf = (variable: string, value: string, more: Environment = {}): string | undefined =>
  faultsOf({ ...REQUIRED, ...more, [variable]: value })[variable];

describe('loadConfig', () => {
  it('needs three variables and has a default for the rest', () => {
    const { apps, ...plain } = load();
    expect(apps).toHaveLength(1);
    const { appSecret, allowedOrigins, ...app } = apps[0]!;
    expect(appSecret.reveal()).toBe('hush-hush');
    expect(allowedOrigins.allows('https://h5.example.com')).toBe(true);
    expect(allowedOrigins.allows('https://other.example.com')).toBe(false);
    expect(app).toEqual({
      appId: 'cli_a1b2c3',
      type: 'custom',
      encryptKeys: [],
      verificationTokens: [],
      platformBaseUrl: 'https://open.feishu.cn',
      allowedOriginEntries: ['https://h5.example.com'],
    });
    expect(plain).toEqual({
      appsFile: undefined,
      caPem: undefined,
      h5SdkUrls: defaultSdkUrls('feishu'),
      host: undefined,
      port: 3000,
      basePath: '',
      adminPort: undefined,
      adminHost: undefined,
      adminHostNames: [],
      adminTokens: [],
      publicPage: false,
      ticketCallsPerHour: 60,
      ticketStore: { kind: 'memory' },
      clockCorrection: true,
      trustProxy: false,
      rateLimit: 60_000,
      newTenants: { perClient: 3, perApp: 10 },
      eventMaxAgeMs: 300_000,
      compatRoutes: [],
      logLevel: 'info',
      shutdownDelayMs: 0,
      shutdownGraceMs: 10_000,
      proxy: { httpsProxy: undefined, httpProxy: undefined, noProxy: undefined },
      warnings: [],
    });
  });

  it('tells every fault at once, one line each', () => {
    const environment = {
      ALLOWED_ORIGINS: 'https://*',
      PORT: 'x',
      TRUST_PROXY: 'true',
      LARK_DOMAIN: 'http://h.cn',
    };
    expect(Object.keys(faultsOf(environment)).sort()).toEqual([
      'ALLOWED_ORIGINS',
      'LARK_APP_ID',
      'LARK_APP_SECRET',
      'LARK_DOMAIN',
      'PORT',
      'TRUST_PROXY',
    ]);
    expect(() => loadConfig({ ...REQUIRED, PORT: 'x' }, noFiles)).toThrow(
      /^PORT: "x" is not a whole number from 0 to 65535$/,
    );
  });

  it('says what to write for what is missing, an example for the origins included', () => {
    const faults = faultsOf({});
    expect(faults['LARK_APP_ID']).toMatch(/missing: write .*cli_/);
    expect(faults['LARK_APP_SECRET']).toMatch(/missing: .*LARK_APP_SECRET_FILE/);
    expect(faults['ALLOWED_ORIGINS']).toMatch(/missing: .*https:\/\/h5\.example\.com/);
  });

  it('trims values and takes empty ones as not set', () => {
    const config = load({ LARK_APP_ID: ' cli_x \n', LARK_APP_SECRET: ' s ', PORT: '  ', LARK_DOMAIN: '' });
    const app = { appId: 'cli_x', platformBaseUrl: 'https://open.feishu.cn' };
    expect(config).toMatchObject({ apps: [app], port: 3000 });
    expect(config.apps[0]!.appSecret.reveal()).toBe('s');
  });

  it.each([
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    ['ADMIN_PORT', '9464', { adminPort: 9464 }],
    ['ADMIN_PORT', '0', { adminPort: 0 }],
    ['ADMIN_HOST', '[::1]', { adminHost: '::1', host: undefined }],
    ['HOST', '10.0.0.7', { adminHost: '10.0.0.7' }],
    ['ADMIN_HOSTNAMES', 'Signer.internal., signer,', { adminHostNames: ['signer.internal', 'signer'] }],
    ['RATE_LIMIT', '0', { rateLimit: 0 }],
    ['HOST', '127.0.0.1', { host: '127.0.0.1' }],
    ['HOST', '[::1]', { host: '::1' }],
    ['HOST', 'localhost', { host: 'localhost' }],
    [
      'JS_API_LIST',
      'scanCode, tt.getLocation,biz.util.scan,,scanCode',
      { apps: [{ jsApiList: ['scanCode', 'tt.getLocation', 'biz.util.scan'] }] },
    ],
    [
      'ALLOWED_ORIGINS',
      'https://a.cn, https://*.b.cn,',
      { apps: [{ allowedOriginEntries: ['https://a.cn', 'https://*.b.cn'] }] },
    ],
    ['BASE_PATH', 'jsapi/', { basePath: '/jsapi' }],
    ['BASE_PATH', '/gate/jsapi', { basePath: '/gate/jsapi' }],
    ['BASE_PATH', '/', { basePath: '' }],
    ['TICKET_CALLS_PER_HOUR', '2', { ticketCallsPerHour: 2 }],
    ['PUBLIC_PAGE', 'on', { publicPage: true }],
    ['CLOCK_CORRECTION', 'off', { clockCorrection: false }],
    ['CLOCK_CORRECTION', 'ON', { clockCorrection: true }],
    ...['PUBLIC_PAGE', 'CLOCK_CORRECTION'].flatMap((variable) =>
      (['on', 'off', 'true', 'False'] as const).map((word): [string, string, object] => {
        const field = variable === 'PUBLIC_PAGE' ? 'publicPage' : 'clockCorrection';
        return [variable, word, { [field]: word === 'on' || word === 'true' }];
      }),
    ),
    ['TRUST_PROXY', 'off', { trustProxy: false }],
    ['LOG_LEVEL', 'DEBUG', { logLevel: 'debug' }],
    ['SHUTDOWN_DELAY_MS', '5000', { shutdownDelayMs: 5_000 }],
    ['SHUTDOWN_GRACE_MS', '0', { shutdownGraceMs: 0 }],
    [
      'COMPAT_ROUTES',
      '/a/b/=sample, /c=envelope',
      {
        compatRoutes: [
          { path: '/a/b', shape: 'sample' },
          { path: '/c', shape: 'envelope' },
        ],
      },
    ],
    ['HTTPS_PROXY', 'http://proxy:3128', { proxy: { httpsProxy: 'http://proxy:3128' } }],
    ['https_proxy', 'http://proxy:3128', { proxy: { httpsProxy: 'http://proxy:3128' } }],
    ['http_proxy', 'http://proxy:3128', { proxy: { httpProxy: 'http://proxy:3128' } }],
    ['no_proxy', '.internal,10.0.0.1', { proxy: { noProxy: '.internal,10.0.0.1' } }],
  ])('reads %s=%s', (variable, value, expected) => {
    expect(load({ [variable]: value })).toMatchObject(expected);
  });

  it('prefers the lower-case proxy variable, unless it is empty', () => {
    const upper = { HTTPS_PROXY: 'http://upper:1' };
    expect(load({ ...upper, https_proxy: 'http://lower:1' }).proxy.httpsProxy).toBe('http://lower:1');
    expect(load({ ...upper, https_proxy: '' }).proxy.httpsProxy).toBe('http://upper:1');
  });

  it.each([
    ['LARK_APP_ID', 'hush-hush', /begins with cli_/],
    ['PORT', '65536', /whole number from 0 to 65535/],
    ['PORT', '-1', /whole number/],
    ['PORT', '3e3', /whole number/],
    ['PORT', '80.5', /whole number/],
    ['ADMIN_PORT', '65536', /whole number/],
    ['ADMIN_PORT', '3000', /the port of the service itself/],
    ['ADMIN_PORT', 'tcp://10.96.0.7:80', /Kubernetes .*: write enableServiceLinks: false/],
    ['PORT', 'tcp://10.96.0.7:80', /enableServiceLinks/],
    ['RATE_LIMIT', '-1', /whole number/],
    ['HOST', 'http://0.0.0.0', /without scheme or port/],
    ['HOST', '0.0.0.0:3000', /without scheme or port/],
    ['ADMIN_HOST', 'http://0.0.0.0', /without scheme or port/],
    ['ADMIN_HOSTNAMES', 'signer:9464', /without scheme or port/],
    ['JS_API_LIST', '["scanCode"]', /without quotes or brackets/],
    ['JS_API_LIST', ',', /no name is listed/],
    ['ALLOWED_ORIGINS', ',', /no origin is listed/],
    ['ALLOWED_ORIGINS', 'h5.example.com', /"h5\.example\.com" lacks its scheme: write https:\/\/h5/],
    ['BASE_PATH', 'https://h.cn/x', /write it as \/jsapi/],
    ['BASE_PATH', '/a//b', /write it as \/jsapi/],
    ['BASE_PATH', '/a/:b', /write it as \/jsapi/],
    ['TICKET_CALLS_PER_HOUR', '1', /from 2 to 10000/],
    ['TICKET_CALLS_PER_HOUR', '10001', /from 2 to 10000/],
    ['PUBLIC_PAGE', 'yes', /not one of on, off, true and false/],
    ['ADMIN_TOKEN', 'fifteen-letters', /shorter than 16 characters/],
    ['ADMIN_TOKEN_FILE', '/nowhere', /cannot be read \(ENOENT\)/],
    ['H5_SDK_URL', ',', /no address is listed/],
    ['CLOCK_CORRECTION', 'maybe', /not one of on, off, true and false/],
    ['LARK_ALLOW_HTTP', 'yes', /not one of on, off, true and false/],
    ['LOG_LEVEL', 'verbose', /one of trace, debug, info/],
    ['SHUTDOWN_GRACE_MS', '10s', /whole number/],
    ['SHUTDOWN_DELAY_MS', '3600001', /to 3600000/],
    ['HTTPS_PROXY', 'http://user:50%off@proxy:3128', /invalid percent escape in the user name or password/],
    ['HTTPS_PROXY', 'proxy:3128', /write http:\/\/proxy\.example\.com:3128/],
    ['HTTP_PROXY', 'socks5://proxy:1080', /HTTP proxy/],
    ['LARK_CA_FILE', '/nowhere', /cannot be read \(ENOENT\)/],
    ['LARK_APP_SECRET_FILE', '/nowhere', /set together with LARK_APP_SECRET/],
  ])('refuses %s=%s and says what to write', (variable, value, message) => {
    expect(faultOf(variable, value)).toMatch(message);
  });

  it.each([
    ['LARK_APP_ID', 'hush-hush'],
    ['LARK_APP_SECRET_FILE', 'hush-hush'],
    ['ADMIN_TOKEN', 'hush'],
    ['ADMIN_TOKEN_FILE', 'hush'],
    ['H5_SDK_URL', 'https://me:hush@cdn.example.com/sdk.js'],
    ['LARK_DOMAIN', 'https://me:hush-hush@open.example.com'],
    ['HTTPS_PROXY', 'socks://me:hush-hush@proxy'],
  ])('does not repeat what may be a secret in %s', (variable, value) => {
    expect(faultOf(variable, value)).not.toContain('hush');
  });

  describe('with LARK_APP_SECRET_FILE', () => {
    const fileEnvironment = { ...REQUIRED, LARK_APP_SECRET: undefined, LARK_APP_SECRET_FILE: '/run/secret' };

    it.each(['s3cret', 's3cret\n', 's3cret\r\n'])(
      'takes the secret without the line break at its end (%j)',
      (content) => {
        const read: string[] = [];
        const config = loadConfig(fileEnvironment, (path) => (read.push(path), content));
        expect(config.apps[0]!.appSecret.reveal()).toBe('s3cret');
        expect(read).toEqual(['/run/secret']);
      },
    );

    it.each([
      ['\n', /the file is empty/],
      ['two words\n', /white space/],
      ['a\nb', /several lines/],
    ])('refuses %j', (content, message) => {
      expect(faultsOf(fileEnvironment, () => content)).toEqual({
        LARK_APP_SECRET_FILE: expect.stringMatching(message) as string,
      });
    });

    it('says why the file cannot be read, and only that', () => {
      expect(faultsOf(fileEnvironment)).toEqual({
        LARK_APP_SECRET_FILE: expect.stringContaining('(ENOENT)') as string,
      });
    });
  });

  describe('with a value in quotation marks', () => {
    const quoted = Object.fromEntries(
      VARIABLE_NAMES.filter(
        (name) => !['LARK_APPS_FILE', 'LARK_APP_SECRET', 'TICKET_STORE', 'ADMIN_TOKEN'].includes(name),
      ).map((name) => [name, '"hush-hush"']),
    );

    it('says so of every variable, and nothing else, and does not repeat it', () => {
      const faults = faultsOf(quoted);
      expect(Object.keys(faults).sort()).toEqual(Object.keys(quoted).sort());
      for (const message of Object.values(faults))
        expect(message).toMatch(/is in quotation marks.*without them/);
      expect(JSON.stringify(faults)).not.toContain('hush');
    });

    it.each(['"hush-hush"', "'hush-hush'"])('says so of a secret, %s', (secret) => {
      expect(faultsOf({ ...REQUIRED, LARK_APP_SECRET: secret })).toEqual({
        LARK_APP_SECRET: expect.stringContaining('quotation marks') as string,
      });
      const inFile = { ...REQUIRED, LARK_APP_SECRET: undefined, LARK_APP_SECRET_FILE: '/run/secret' };
      expect(faultsOf(inFile, () => `${secret}\n`)).toEqual({
        LARK_APP_SECRET_FILE: expect.stringContaining('quotation marks') as string,
      });
    });

    it.each([{ appSecretEnv: 'SHOP' }, { appSecretFile: 'shop' }, { appSecret: '"hush-hush"' }])(
      'says so of a secret that the apps file names, as %j',
      (secret) => {
        const app = { alias: 'shop', appId: 'cli_a', allowedOrigins: ['https://a.cn'], ...secret };
        const files = (path: string): string =>
          path === '/apps.json' ? JSON.stringify({ apps: [app] }) : '"hush-hush"';
        const faults = faultsOf({ LARK_APPS_FILE: '/apps.json', SHOP: '"hush-hush"' }, files);
        expect(faults['LARK_APPS_FILE']).toMatch(/^apps\[0\]\.appSecret.*quotation marks/);
        expect(JSON.stringify(faults)).not.toContain('hush');
      },
    );
  });

  it('reads admin tokens from the variable or its file, two while rotating', () => {
    const reveal = ({ adminTokens }: Config) => adminTokens.map((token) => token.reveal());
    const [older, newer] = ['older-token-of-the-operator', 'newer-token-of-the-operator'];
    expect(reveal(load({ ADMIN_TOKEN: older }))).toEqual([older]);
    expect(reveal(load({ ADMIN_TOKEN: `${older}, ${newer}` }))).toEqual([older, newer]);
    expect(reveal(load({ ADMIN_TOKEN_FILE: '/run/token' }, () => `${older},${newer}\n`))).toEqual([
      older,
      newer,
    ]);
  });

  it('reads further certificates, and refuses a file without any or with a broken one', () => {
    const pem = `# company roots\n${rootCertificates[0]!}\n${rootCertificates[1]!}\n`;
    const withFile = { ...REQUIRED, LARK_CA_FILE: '/ca.pem' };
    expect(loadConfig(withFile, () => pem).caPem).toBe(`${rootCertificates[0]!}\n${rootCertificates[1]!}`);
    expect(faultsOf(withFile, () => 'PRIVATE KEY')).toEqual({
      LARK_CA_FILE: expect.stringContaining('no PEM certificate') as string,
    });
    const broken = pem + '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(faultsOf(withFile, () => broken)).toEqual({
      LARK_CA_FILE: expect.stringContaining('certificate 3 of the file') as string,
    });
  });

  describe('warns', () => {
    it('of plain http to another machine, not to this one', () => {
      const warned = load({ LARK_DOMAIN: 'http://10.1.2.3/lark', LARK_ALLOW_HTTP: 'true' });
      expect(warned.apps[0]!.platformBaseUrl).toBe('http://10.1.2.3/lark');
      expect(warned.warnings).toEqual([expect.stringContaining('in clear')]);
      expect(load({ LARK_DOMAIN: 'http://127.0.0.1:4400' }).warnings).toEqual([]);
    });

    it('of a lone *', () => {
      const { warnings, apps } = load({ ALLOWED_ORIGINS: '*' });
      expect(apps[0]!.allowedOrigins.any).toBe(true);
      expect(warnings).toEqual([expect.stringContaining('any web page')]);
    });

    it('of a wildcard below which names are open to registration', () => {
      const { warnings } = load({ ALLOWED_ORIGINS: 'https://*.com.cn,https://*.example.com' });
      expect(warnings).toEqual([expect.stringMatching(/^ALLOWED_ORIGINS covers all of \*\.com\.cn,/)]);
    });

    it('warns of H5 SDK hosts that were switched off, and of no other', () => {
      const { warnings, h5SdkUrls } = load({
        H5_SDK_URL: 'https://s0.pstatp.com/sdk.js,https://sdk.example.com/h5.js',
      });
      expect(warnings).toEqual([expect.stringMatching(/^H5_SDK_URL names s0\.pstatp\.com, .*switched off/)]);
      expect(h5SdkUrls).toHaveLength(2);
    });

    it.each([
      { ADMIN_PORT: '9464' },
      { ADMIN_PORT: '9464', HOST: '0.0.0.0' },
      { ADMIN_PORT: '9464', HOST: '127.0.0.1', ADMIN_HOST: '::' },
    ])('of operator’s endpoints that are open at every address: %j', (environment) => {
      expect(load(environment).warnings).toEqual([
        expect.stringMatching(/ADMIN_PORT need no token and are open at every address .* set ADMIN_HOST/),
      ]);
    });

    it.each([
      { ADMIN_PORT: '9464', HOST: '127.0.0.1' },
      { ADMIN_PORT: '9464', ADMIN_HOST: '10.0.0.7' },
      { ADMIN_TOKEN: 'a-token-of-an-operator' },
    ])('not of those that are open at one: %j', (environment) => {
      expect(load(environment).warnings).toEqual([]);
    });

    it('of an address for a listener that there is not', () => {
      expect(load({ ADMIN_HOST: '127.0.0.1' }).warnings).toEqual([
        'ADMIN_HOST has no effect without ADMIN_PORT: set both, or neither.',
      ]);
    });

    it('of a variable that looks misspelt, naming the right one', () => {
      expect(
        load({ LARK_DOMIAN: 'lark', PATH: '/bin', FTP_PROXY: 'x', ALL_PROXY: 'x', HOSTNAME: 'h' }).warnings,
      ).toEqual(['LARK_DOMIAN is not read: did you mean LARK_DOMAIN?']);
    });

    it('of a misspelling where the right variable is missing, in its fault', () => {
      const faults = faultsOf({ LARK_APPID: 'cli_x', LARK_APP_SECRET: 's', ALLOWED_ORIGIN: '*' });
      expect(faults['LARK_APP_ID']).toContain('LARK_APPID is set: is it misspelt?');
      expect(faults['ALLOWED_ORIGINS']).toContain('ALLOWED_ORIGIN is set: is it misspelt?');
    });

    it.each([
      [{ FEISHU_APP_ID: 'cli_x', FEISHU_APP_SECRET: 'hush' }, 'FEISHU_APP_ID', 'FEISHU_APP_SECRET'],
      [{ APP_ID: 'cli_x', APP_SECRET: 'hush' }, 'APP_ID', 'APP_SECRET'],
      [{ LARK_ID: 'cli_x', LARK_SECRET: 'hush' }, 'LARK_ID', 'LARK_SECRET'],
    ])('of the app and its secret under other names (%#), and shows neither', (environment, id, secret) => {
      const faults = faultsOf({ ...environment, ALLOWED_ORIGINS: '*' });
      expect(faults['LARK_APP_ID']).toContain(`(${id} is set: is it misspelt?)`);
      expect(faults['LARK_APP_SECRET']).toContain(`(${secret} is set: is it misspelt?)`);
      expect(JSON.stringify(faults)).not.toMatch(/cli_x|hush/);
    });

    it('of what begins with LARK_ or FEISHU_ and is no variable', () => {
      expect(load({ LARK_LOG_LEVEL: 'debug', FEISHU_DOMAIN: 'x', FEISHU_ENCRYPT_KEY: 'k' }).warnings).toEqual(
        [
          'LARK_LOG_LEVEL is not read: did you mean LOG_LEVEL?',
          'FEISHU_DOMAIN is not read: did you mean LARK_DOMAIN?',
          'FEISHU_ENCRYPT_KEY is not read: there is no such variable, see .env.example',
        ],
      );
    });

    it('not of what other programs and Kubernetes set, nor of another name for what is set', () => {
      const others = {
        ...{ APP_ID: '7', APP_SECRET: 's', APP_PORT: '1', SECRET: 's', FEISHU_APP_ID: 'cli_y', DOMAIN: 'd' },
        ...{
          LARK_BOT_SERVICE_HOST: '10.96.0.7',
          LARK_BOT_SERVICE_PORT: '80',
          LARK_BOT_SERVICE_PORT_HTTP: '80',
        },
        ...{ LARK_BOT_PORT: 'tcp://10.96.0.7:80', LARK_BOT_PORT_80_TCP: 'tcp://10.96.0.7:80' },
        ...{ LARK_BOT_PORT_80_TCP_ADDR: '10.96.0.7', FEISHU_PORT: 'tcp://10.96.0.7:80' },
      };
      expect(load(others).warnings).toEqual([]);
    });

    it('not of variables that the apps file names', () => {
      const file = JSON.stringify({
        apps: [
          {
            alias: 'shop',
            appId: 'cli_a',
            appSecretEnv: 'FEISHU_SHOP_SECRET',
            allowedOrigins: ['https://a.cn'],
          },
        ],
      });
      const environment = {
        LARK_APPS_FILE: '/apps.json',
        FEISHU_SHOP_SECRET: 's',
        FEISHU_APP_ID: 'cli_b',
        APP_ID: '7',
      };
      expect(loadConfig(environment, () => file).warnings).toEqual([]);
    });
  });
});

describe('describeConfig', () => {
  it('shows what is configured, and no secret, password or certificate', () => {
    const config = load(
      {
        HTTPS_PROXY: 'http://me:hush@proxy:3128',
        LARK_CA_FILE: '/ca.pem',
        ALLOWED_ORIGINS: 'https://a.cn,https://*.b.cn',
        ADMIN_TOKEN: 'hush-hush-hush-hush',
      },
      () => rootCertificates[0]!,
    );
    const described = describeConfig(config);
    expect(JSON.parse(JSON.stringify(described))).toEqual({
      appId: 'cli_a1b2c3',
      platformBaseUrl: 'https://open.feishu.cn',
      caCertificates: 1,
      allowedOrigins: ['https://a.cn', 'https://*.b.cn'],
      h5SdkUrls: defaultSdkUrls('feishu'),
      adminHostNames: [],
      adminTokens: 1,
      publicPage: false,
      port: 3000,
      basePath: '',
      ticketCallsPerHour: 60,
      ticketStore: 'memory',
      clockCorrection: true,
      trustProxy: false,
      rateLimit: 60_000,
      newTenants: { perClient: 3, perApp: 10 },
      eventMaxAgeMs: 300_000,
      compatRoutes: [],
      logLevel: 'info',
      shutdownDelayMs: 0,
      shutdownGraceMs: 10_000,
      proxy: { httpsProxy: 'http://proxy:3128' },
    });
    expect(inspect(described, { depth: 9, showHidden: true })).not.toMatch(/hush|BEGIN/);
  });
});

describe('.env.example', () => {
  const example = readFileSync(join(__dirname, '../../../.env.example'), 'utf8');
  const uncommented = example.replace(/^#(?=[A-Z0-9_]+=)/gm, '');

  it('is a configuration as it stands, but for the secret', () => {
    expect(Object.keys(faultsOf(parseEnv(example)))).toEqual(['LARK_APP_SECRET']);
  });

  it('shows values that are accepted, also in what is commented out', () => {
    const files: Record<string, string> = {
      'company-ca.pem': rootCertificates[0]!,
      ticket_store: 'redis://cache.internal\n',
      'apps.json': '{"apps":[{"alias":"shop","appId":"cli_a","appSecret":"s"}]}',
    };
    const readFile = (path: string) => files[basename(path)] ?? 's3cret-of-16-and-more\n';
    const { LARK_APPS_FILE, LARK_APP_ID, ...common } = parseEnv(uncommented);
    expect(loadConfig({ ...common, LARK_APP_ID }, readFile).warnings).toEqual([]);
    expect(loadConfig({ ...common, LARK_APPS_FILE }, readFile).warnings).toEqual([]);
  });
});
