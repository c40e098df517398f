// Services to send requests to: one app by variables, and many apps below a prefix, behind a proxy.
import { appsFile, platformApp, writtenApp } from '../../support/apps-folder';
import { APP_ID, createWorld, type World, type WorldOptions } from '../../support/world';
import type { AppFacts, Facts, Witness } from './facts';

/** A running service, and what the oracle may know of it. */
export interface SetUp extends Witness {
  readonly facts: Facts;
  readonly world: World;
  readonly port: number;
}

const ADMIN_TOKEN = 'token-of-the-operator';
const ENCRYPT_KEY = 'the-encrypt-key';
const SDK = ['https://sdk.example.com/h5-1.js', 'https://sdk.example.com/h5-2.js'];

const ONE: Facts = {
  apps: [
    {
      appId: APP_ID,
      allowedOrigins: [
        'https://h5.example.com',
        'https://*.apps.example.com',
        'http://localhost:*',
        'https://xn--bcher-kva.example',
      ],
    },
  ],
  basePath: '',
  compatRoutes: {},
  // Reached now and then by the pace at which the run moves the clock.
  requestsPerMinute: 500,
  trustsProxy: false,
  h5SdkUrls: SDK,
};

const UNLIMITED: Facts = {
  apps: [
    {
      appId: 'cli_main',
      alias: 'main',
      allowedOrigins: ['https://h5.example.com', 'http://127.0.0.1:8080'],
      jsApiList: ['scanCode', 'biz.util.share'],
    },
    { appId: 'cli_open', alias: 'open', allowedOrigins: ['*'] },
    {
      appId: 'cli_shop',
      alias: 'shop',
      allowedOrigins: ['https://*.shop.example.com'],
      tenants: ['tenant-1', 'tenant_2'],
    },
  ],
  basePath: '/jsapi',
  compatRoutes: { '/old/sign': 'tutorial', '/wx': 'envelope' },
  requestsPerMinute: 0,
  trustsProxy: false,
  h5SdkUrls: SDK,
};

/** The same behind a proxy, with a limit for each of its clients, and with the operator's endpoints. */
const MANY: Facts = { ...UNLIMITED, requestsPerMinute: 120, trustsProxy: true, adminToken: ADMIN_TOKEN };

/** Starts every service; each must be closed. */
export async function startSetUps(): Promise<SetUp[]> {
  return [await startOne(ONE), await startMany(MANY), await startMany(UNLIMITED)];
}

async function startOne(facts: Facts): Promise<SetUp> {
  const world = await createWorld({
    env: {
      ALLOWED_ORIGINS: facts.apps.flatMap(({ allowedOrigins }) => allowedOrigins).join(','),
      RATE_LIMIT: String(facts.requestsPerMinute),
      H5_SDK_URL: SDK.join(','),
    },
  });
  const setUp = witness(facts, world);
  await firstComponent(setUp, `/config?kind=component&url=${encodeURIComponent('http://localhost/')}`);
  return setUp;
}

async function startMany(facts: Facts): Promise<SetUp> {
  const written = facts.apps.map(({ appId, alias = appId, allowedOrigins, jsApiList, tenants }) =>
    writtenApp(alias, {
      allowedOrigins,
      ...(jsApiList && { jsApiList }),
      ...(tenants && { tenants, type: 'store', encryptKey: ENCRYPT_KEY }),
    }),
  );
  const options: WorldOptions = {
    cold: true,
    env: {
      ...{ LARK_APP_ID: '', LARK_APP_SECRET: '', ALLOWED_ORIGINS: '', LARK_APPS_FILE: '/apps.json' },
      // Nothing watches a file that is not there.
      APPS_RELOAD_SECONDS: '0',
      BASE_PATH: facts.basePath,
      COMPAT_ROUTES: Object.entries(facts.compatRoutes)
        .map(([path, shape]) => `${path}=${shape}`)
        .join(','),
      RATE_LIMIT: String(facts.requestsPerMinute),
      H5_SDK_URL: SDK.join(','),
      ...(facts.trustsProxy && { TRUST_PROXY: '1' }),
      ...(facts.adminToken !== undefined && { ADMIN_TOKEN: facts.adminToken }),
    },
    readFile: () => appsFile(written),
    sandbox: { apps: facts.apps.map(sandboxApp) },
  };
  const world = await createWorld(options);
  for (const app of facts.apps.filter(({ tenants }) => tenants)) {
    const url = `${world.baseUrl}${facts.basePath}/events/${app.alias ?? app.appId}`;
    world.sandbox.addApp({ ...sandboxApp(app), events: { url, encryptKey: ENCRYPT_KEY } });
  }
  await world.settle();
  const setUp = witness(facts, world);
  for (const { alias = '', tenants } of facts.apps) {
    const audiences = tenants?.map((tenant) => `tenant_key=${tenant}`) ?? ['kind=component'];
    for (const audience of audiences) {
      const page = tenants ? 'https://a.shop.example.com/' : 'https://h5.example.com/';
      await firstComponent(
        setUp,
        `${facts.basePath}/config?app=${alias}&${audience}&url=${encodeURIComponent(page)}`,
      );
    }
  }
  return setUp;
}

const sandboxApp = ({ appId, alias = appId, tenants }: AppFacts) => ({
  ...platformApp(alias),
  ...(tenants && { type: 'store' as const, tenants: [...tenants] }),
});

function witness(facts: Facts, world: World): SetUp {
  return {
    facts,
    world,
    port: Number(new URL(world.baseUrl).port),
    nowMs: () => world.clock.wallMs(),
    ticketsOf: (appId) => world.sandbox.issuedTickets(appId),
  };
}

/** Asks once, so that the ticket of an audience is there; and lets the minute in which it was counted pass. */
async function firstComponent({ world }: SetUp, path: string): Promise<void> {
  const asking = world.get(path);
  await world.settle();
  const { status, text } = await asking;
  if (status !== 200) throw new Error(`${path}: ${text}`);
  await world.advance(60_000);
}
