// The library's signer against the simulated platform, as another program uses it.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import express from 'express';
import request from 'supertest';
import {
  ConfigError,
  createMemoryStore,
  createSigner,
  jsapiRouter,
  ServiceError,
  toProblem,
  type Problem,
  type SignedConfig,
  type Signer,
  type SignerOptions,
  type StoreSigner,
} from '../../src';
import { systemClock } from '../../src/base/clock';
import { VARIABLE_NAMES } from '../../src/config/config';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';

const APP_ID = 'cli_library0000001';
const STORE_ID = 'cli_library0000002';
const APP_SECRET = 'the-secret-of-the-library-app';
const PAGE = 'https://h5.example.com/orders?id=42&from=chat';

let sandbox: Sandbox;
let domain: string;
const signers: Signer[] = [];

beforeEach(async () => {
  sandbox = createSandbox({
    clock: systemClock,
    apps: [{ appId: APP_ID, appSecret: APP_SECRET, trustedDomains: ['h5.example.com'] }],
  });
  domain = (await sandbox.listen()).url;
});
afterEach(async () => {
  for (const signer of signers.splice(0)) await signer.close();
  await sandbox.close();
});

function open(options: Partial<SignerOptions> = {}): Signer {
  const signer = createSigner({
    appId: APP_ID,
    appSecret: APP_SECRET,
    allowedOrigins: ['https://h5.example.com'],
    domain,
    ...options,
  });
  signers.push(signer);
  return signer;
}

const callsOf = (endpoint: string): number =>
  sandbox.counters.list.filter((call) => call.endpoint === endpoint).length;

test('it signs what the client accepts, with one ticket call for many pages', async () => {
  const signer = open({ jsApiList: ['scanCode'] });
  const configs = await Promise.all(Array.from({ length: 20 }, () => signer.sign(PAGE)));
  for (const config of configs) expect(sandbox.verify(config)).toMatchObject({ errCode: 0 });
  expect(configs[0]).toMatchObject({ appId: APP_ID, url: PAGE, jsApiList: ['scanCode'] });
  expect(callsOf('ticket')).toBe(1);
});

test.each([
  ['null where nothing is kept', null],
  ['a Buffer', Buffer.from('kept')],
])('a store of the program’s own that reads %s costs no signature and no process', async (_, kept) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  let changed: (name: string | undefined) => void = () => undefined;
  const signer = open({
    store: {
      read: () => Promise.resolve(kept as unknown as string),
      write: () => Promise.resolve(true),
      watch: (onChange) => {
        changed = onChange;
        return () => undefined;
      },
      close: () => Promise.resolve(),
    },
  });
  expect(sandbox.verify(await signer.sign(PAGE))).toMatchObject({ errCode: 0 });
  changed(undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

test('it refuses pages of other origins, and says what is wrong with the app', async () => {
  await expect(open().sign('https://elsewhere.example/')).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' });
  await expect(open({ appSecret: 'wrong' }).sign(PAGE)).rejects.toMatchObject({ code: 'APP_MISCONFIGURED' });
});

test('what fails names the options of createSigner and no variable, in every text: error, causes, log and reply', async () => {
  const texts: string[] = [];
  const keep = (fields: object, message: string): void =>
    void texts.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: keep, info: keep, warn: keep };
  const failing: [Partial<SignerOptions>, string, string][] = [
    [{}, 'https://elsewhere.example/', 'allowedOrigins'],
    [{ appSecret: 'wrong' }, PAGE, 'appSecret'],
    // The port has no listener.
    [{ domain: 'http://127.0.0.1:1' }, PAGE, 'domain'],
  ];
  for (const [options, page, option] of failing) {
    const signer = open({ ...options, logger });
    const error: unknown = await signer.sign(page).catch((thrown: unknown) => thrown);
    const app = express().use('/lark', jsapiRouter(signer));
    const { body } = await request(app).get('/lark/config').query({ url: page });
    expect({ option, text: (error as Error).message }).toEqual({
      option,
      text: expect.stringContaining(option) as string,
    });
    texts.push(inspect(error, { depth: 9 }), JSON.stringify(body));
  }
  const names = new RegExp(VARIABLE_NAMES.filter((name) => name.includes('_')).join('|'));
  expect(texts.length).toBeGreaterThan(failing.length * 2);
  expect(texts.filter((text) => names.test(text))).toEqual([]);
});

test('toProblem is the reply of the router, for frameworks that have none', async () => {
  const signer = open();
  const error: unknown = await signer.sign('https://elsewhere.example/').catch((thrown: unknown) => thrown);
  const app = express().use('/lark', jsapiRouter(signer));
  const { status, body } = await request(app)
    .get('/lark/config')
    .set('X-Request-Id', 'a-request')
    .query({ url: 'https://elsewhere.example/' });
  expect(error).toBeInstanceOf(ServiceError);
  expect((error as ServiceError).status).toBe(status);
  expect(toProblem(error as ServiceError, 'a-request', '/lark')).toEqual(body);
  const { requestId, ...rest } = body as Problem;
  expect(requestId).toBe('a-request');
  expect(toProblem(error as ServiceError)).toEqual({ ...rest, type: '/errors#URL_NOT_ALLOWED' });
});

test('the tokens of another client serve, and a refused one is asked for again', async () => {
  const given: string[] = [];
  const tokenSource = async (): Promise<string> => {
    const reply = await fetch(`${domain}/open-apis/auth/v3/tenant_access_token/internal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app_id: APP_ID, app_secret: APP_SECRET }),
    });
    const { tenant_access_token: token } = (await reply.json()) as { tenant_access_token: string };
    // Revoked behind the back of the client that gives it, the first time.
    if (given.push(token) === 1) sandbox.revokeTokens(APP_ID);
    return token;
  };
  const signer = createSigner({ appId: APP_ID, allowedOrigins: ['*'], domain, tokenSource });
  signers.push(signer);
  expect(sandbox.verify(await signer.sign(PAGE))).toMatchObject({ errCode: 0 });
  expect(given).toHaveLength(2);
  // Its tokens are the tenant's: a component, which needs the app's own, is not to be had, and asking again is no use.
  const component = signer.sign(PAGE, { isComponent: true });
  await expect(component).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
});

test('an H5 SDK of a host that was switched off is warned about', () => {
  const warnings: string[] = [];
  const warn = (_fields: object, message: string): void => void warnings.push(message);
  const logger = { debug: () => undefined, info: () => undefined, warn };
  open({ logger, h5SdkUrls: ['https://s0.pstatp.com/sdk.js', 'https://sdk.example.com/h5.js'] });
  expect(warnings).toEqual([expect.stringMatching(/^h5SdkUrls names s0\.pstatp\.com, .*switched off/)]);
});

test('a token source that fails is a ticket that cannot be had, with its reason in the log', async () => {
  const warnings: object[] = [];
  const signer = open({
    tokenSource: () => Promise.reject(new Error('the other client is broken')),
    logger: { debug: () => undefined, info: () => undefined, warn: (fields) => warnings.push(fields) },
  });
  await expect(signer.sign(PAGE)).rejects.toMatchObject({ code: 'TICKET_UNAVAILABLE' });
  expect(warnings).toContainEqual(expect.objectContaining({ error: 'the other client is broken' }));
});

test('a store that is named outlives the signer, and is sealed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'library-store-'));
  const path = join(folder, 'tickets.json');
  const first = open({ store: `file:${path}` });
  await first.sign(PAGE);
  await first.close();
  const [ticket] = sandbox.issuedTickets(APP_ID);
  expect(readFileSync(path, 'utf8')).not.toContain(ticket);
  expect(sandbox.verify(await open({ store: `file:${path}` }).sign(PAGE))).toMatchObject({ errCode: 0 });
  expect(callsOf('ticket')).toBe(1);
  rmSync(folder, { recursive: true });
});

test('a store that is handed in is shared by those with the same key, and stays open', async () => {
  const store = createMemoryStore();
  const close = jest.spyOn(store, 'close');
  const first = open({ store, storeKey: 'one' });
  await first.sign(PAGE);
  await first.close();
  expect(close).not.toHaveBeenCalled();
  await open({ store, storeKey: 'one' }).sign(PAGE);
  expect(callsOf('ticket')).toBe(1);
  await open({ store, storeKey: 'another' }).sign(PAGE);
  expect(callsOf('ticket')).toBe(2);
});

test('all wrong options are reported together', () => {
  const wrong = {
    appId: 'nonsense',
    allowedOrigins: ['h5.example.com'],
    domain: 'http://open.example.com',
    store: 'mongodb://',
  };
  expect(() => createSigner(wrong)).toThrow(ConfigError);
  try {
    createSigner(wrong);
  } catch (error) {
    const variables = (error as ConfigError).faults.map(({ variable }) => variable);
    expect(variables).toEqual(['appId', 'allowedOrigins', 'domain', 'store', 'appSecret', 'storeKey']);
  }
});

describe('called wrongly, as JavaScript allows', () => {
  const right = { appId: APP_ID, appSecret: APP_SECRET, allowedOrigins: ['https://h5.example.com'] };
  function faultsOf(work: () => unknown): string[] {
    try {
      void (work() as Signer).close();
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      const { message, faults } = error as ConfigError;
      expect(message).not.toMatch(/undefined|Cannot read|is not a function|the-secret/);
      return faults.map(({ variable, message: told }) => `${variable}: ${told}`);
    }
  }
  const create = createSigner as (options?: unknown) => unknown;

  const calls: [unknown, string][] = [
    [undefined, 'options: missing: give { appId,'],
    [null, 'options: not an object: give { appId,'],
    ['cli_x', 'options: not an object: give { appId,'],
    [[right], 'options: not an object: give { appId,'],
    [{ ...right, allowedOrigins: 'https://h5.example.com' }, 'allowedOrigins: not a list of texts: give ['],
    [{ ...right, allowedOrigins: undefined }, 'allowedOrigins: missing: give the origins of your pages'],
    [{ ...right, allowedOrigins: [7] }, 'allowedOrigins: not a list of texts'],
    [{ ...right, appId: undefined }, 'appId: missing: give the app id'],
    [{ ...right, appId: null }, 'appId: not a text: give the app id'],
    [{ ...right, appSecret: 42 }, 'appSecret: not a text'],
    [{ ...right, allowedOrigin: ['*'] }, 'allowedOrigin: no such option: did you mean allowedOrigins?'],
    [{ ...right, ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS: no such option: did you mean allowedOrigins?'],
    [{ ...right, appid: 'cli_x' }, 'appid: no such option: did you mean appId?'],
    [{ ...right, colour: 'red' }, 'colour: no such option: remove it'],
    [{ ...right, constructor: 1 }, 'constructor: no such option: remove it'],
    [{ ...right, domain: 1 }, "domain: not a text: give 'feishu'"],
    [{ ...right, jsApiList: 'scanCode' }, "jsApiList: not a list of texts: give ['scanCode']"],
    [{ ...right, allowHttp: 'yes' }, 'allowHttp: not a boolean: give true or false'],
    [{ ...right, clockCorrection: 'on' }, 'clockCorrection: not a boolean'],
    [{ ...right, ticketCallsPerHour: '60' }, 'ticketCallsPerHour: not a whole number of at least 1: give 60'],
    [{ ...right, ticketCallsPerHour: 0 }, 'ticketCallsPerHour: not a whole number of at least 1'],
    [{ ...right, tokenSource: 't-token' }, 'tokenSource: not a function'],
    [{ ...right, store: 7 }, 'store: not a text or a store'],
    [{ ...right, store: {} }, 'store: not a text or a store'],
    [{ ...right, storeKey: 7 }, 'storeKey: not a text'],
    [{ ...right, logger: console.log }, 'logger: not an object with debug, info, warn'],
    [{ ...right, caPem: Buffer.from('x') }, 'caPem: not a text: give the text of the PEM file'],
    [
      { ...right, caPem: '/etc/ca.pem' },
      'caPem: no PEM certificates: give the text of the file, not its path',
    ],
    [{ ...right, proxy: 'http://proxy:3128' }, 'proxy: not an object: give { httpsProxy:'],
    [
      { ...right, proxy: { https_proxy: 'x' } },
      'proxy.https_proxy: no such option: did you mean httpsProxy?',
    ],
    [{ ...right, proxy: { httpsProxy: 'proxy:3128' } }, 'proxy.httpsProxy: not the URL of an HTTP proxy'],
    [{ ...right, h5SdkUrls: ['sdk.js'] }, 'h5SdkUrls: "sdk.js" is not the address of a script'],
    [{ ...right, h5SdkUrls: [] }, 'h5SdkUrls: no address is listed'],
    [{ ...right, type: 7 }, "type: not a text: give 'custom' or 'store'"],
    [{ ...right, random: 4 }, 'random: not a function'],
    [{ ...right, clock: Date }, 'clock: not an object with wallMs'],
    [{ ...right, transport: fetch }, 'transport: not an object with fetch, close'],
  ];
  test.each(calls.map(([options, told]) => ({ options, told })))(
    'createSigner says “$told”',
    ({ options, told }) => {
      expect(faultsOf(() => create(options))).toEqual([expect.stringMatching(`^${escape(told)}`)]);
    },
  );

  const escape = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

  test('an option that is undefined is not given', () => {
    const nothing = { domain: undefined, store: undefined, proxy: undefined, logger: undefined };
    expect(faultsOf(() => create({ ...right, ...nothing, proxy: { httpsProxy: undefined } }))).toEqual([]);
  });

  test('sign, signForUser and setAppTicket refuse what is no text, and keep what they have', async () => {
    const signer = open();
    for (const pageUrl of [7, new URL(PAGE), { url: PAGE }, [PAGE]] as unknown[] as string[]) {
      await expect(signer.sign(pageUrl)).rejects.toMatchObject({ code: 'URL_INVALID' });
      await expect(signer.signForUser(pageUrl, 'u-token')).rejects.toMatchObject({ code: 'URL_INVALID' });
    }
    await expect(signer.sign(undefined as unknown as string)).rejects.toMatchObject({ code: 'URL_MISSING' });
    for (const token of [undefined, null, 7] as unknown[] as string[])
      await expect(signer.signForUser(PAGE, token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const store = createMemoryStore();
    const write = jest.spyOn(store, 'write');
    const storeSigner = createSigner({ ...right, appId: STORE_ID, type: 'store', domain, store });
    signers.push(storeSigner);
    for (const appTicket of [undefined, null, 7, '', {}] as unknown[] as string[])
      await expect(storeSigner.setAppTicket(appTicket)).rejects.toThrow(/^setAppTicket: not an app ticket/);
    expect(write).not.toHaveBeenCalled();
  });

  test('jsapiRouter says it too', () => {
    const router = jsapiRouter as (signer?: unknown, options?: unknown) => unknown;
    const signer = open();
    const wrong: [unknown[], string][] = [
      [[], 'signer: missing: give what createSigner returns'],
      [[right], 'signer: not a signer: give what createSigner returns'],
      [[signer, { authorise: () => true }], 'authorise: no such option: did you mean authorize?'],
      [[signer, { authorize: true }], 'authorize: not a function'],
      [
        [signer, { requestsPerMinute: '600' }],
        'requestsPerMinute: not a whole number of at least 0: give 600',
      ],
      [[signer, null], 'options: not an object'],
    ];
    for (const [parameters, told] of wrong)
      expect(faultsOf(() => router(...parameters))).toEqual([expect.stringContaining(told)]);
  });
});

test('close may be called twice, and ends what runs', async () => {
  const signer = open();
  await signer.sign(PAGE);
  await Promise.all([signer.close(), signer.close()]);
});

test('options that have no sense for the type of the app are refused', () => {
  const faultsOf = (options: object): string[] => {
    const all = { appId: STORE_ID, appSecret: APP_SECRET, allowedOrigins: ['*'], domain, ...options };
    try {
      void createSigner(all).close();
      return [];
    } catch (error) {
      return (error as ConfigError).faults.map(({ variable, message }) => `${variable}: ${message}`);
    }
  };
  const tokenSource = () => Promise.resolve('t-token');
  const newTenants = { perClient: 3, perApp: 10 };
  const wrong: [object, RegExp[]][] = [
    [{ type: 'shop' }, [/^type: neither/]],
    [{ type: 'store', tokenSource }, [/^tokenSource: not for store apps/]],
    [{ type: 'store', tokenSource, appSecret: undefined }, [/^appSecret: missing/, /^tokenSource: /]],
    [{ appSecret: `"${APP_SECRET}"` }, [/^appSecret: the value is in quotation marks/]],
    [{ type: 'store', tenants: [] }, [/^tenants: not a list/]],
    [{ type: 'store', tenants: ['a b'] }, [/^tenants: not a list/]],
    [{ type: 'store', tenants: ['a'], newTenants }, [/^newTenants: no tenant is new/]],
    [{ type: 'store', newTenants: { perClient: 0, perApp: 10 } }, [/^newTenants: not two/]],
    [{ tenants: ['a'], newTenants }, [/^tenants: is for store apps/, /^newTenants: is for store apps/]],
  ];
  for (const [options, faults] of wrong)
    expect({ options, faults: faultsOf(options) }).toEqual({
      options,
      faults: faults.map((fault) => expect.stringMatching(fault) as string),
    });
  expect(faultsOf({ type: 'store', tenants: ['736588c9260f175d'] })).toEqual([]);
});

describe('a store app', () => {
  const TENANTS = ['tenant-1', 'tenant-2'];
  let signer: StoreSigner;
  /** A user's own back end: the app's address for events, its users' sessions, and the router. */
  let backEnd: ReturnType<express.Express['listen']>;
  let received: string[];
  let isHandedOver: boolean;

  function openStore(options: Partial<SignerOptions> = {}): StoreSigner {
    const opened = createSigner({
      appId: STORE_ID,
      appSecret: APP_SECRET,
      allowedOrigins: ['https://h5.example.com'],
      domain,
      ...options,
      type: 'store',
    });
    signers.push(opened);
    return opened;
  }

  /** Tells the platform where events go; it pushes an app ticket at once, which is lost unless it is handed over. */
  async function connect(): Promise<void> {
    const app = express();
    app.use(express.json());
    app.post('/events', async (pushed, response) => {
      const { app_ticket: appTicket } = (pushed.body as { event: { app_ticket: string } }).event;
      if (isHandedOver) await signer.setAppTicket(appTicket);
      received.push(appTicket);
      response.json({});
      backEnd.emit('pushed');
    });
    const tenantOf = ({ headers }: express.Request) => /tenant=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
    app.use('/lark', jsapiRouter(signer, { resolve: (asked) => ({ signer, tenantKey: tenantOf(asked) }) }));
    backEnd = app.listen(0, '127.0.0.1');
    await once(backEnd, 'listening');
    const { port } = backEnd.address() as AddressInfo;
    const settings = { appSecret: APP_SECRET, trustedDomains: ['h5.example.com'], tenants: TENANTS };
    const events = { url: `http://127.0.0.1:${port}/events` };
    const pushed = once(backEnd, 'pushed');
    sandbox.addApp({ appId: STORE_ID, type: 'store', ...settings, events });
    await pushed;
  }

  const errCodeIn = (tenantKey: string, config: SignedConfig): number =>
    sandbox.verify({ ...config, tenantKey }).errCode;

  beforeEach(() => {
    received = [];
    isHandedOver = true;
  });
  afterEach(() => {
    backEnd.close();
    backEnd.closeAllConnections();
  });

  it('signs for each tenant with a ticket of its own, once it has the app ticket', async () => {
    signer = openStore();
    await connect();
    for (const tenantKey of TENANTS)
      for (const accepting of TENANTS) {
        const isOwn = accepting === tenantKey;
        const config = await signer.sign(PAGE, { tenantKey });
        expect({ tenantKey, accepting, isGood: errCodeIn(accepting, config) === 0 }).toEqual({
          ...{ tenantKey, accepting },
          isGood: isOwn,
        });
      }
    expect(callsOf('ticket')).toBe(2);
    await expect(signer.sign(PAGE)).rejects.toMatchObject({ code: 'TENANT_REQUIRED' });
    await expect(signer.sign(PAGE, { tenantKey: 'stranger' })).rejects.toMatchObject({
      code: 'TENANT_NOT_ALLOWED',
    });
    await expect(signer.signForUser(PAGE, 'u-token')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(signer).not.toHaveProperty('receiveEvent');
  });

  it('asks for an app ticket that is missing, and signs with the one that then comes', async () => {
    isHandedOver = false;
    signer = openStore({ tenants: TENANTS });
    await connect();
    expect(callsOf('app-ticket')).toBe(0);
    isHandedOver = true;
    const config = await signer.sign(PAGE, { tenantKey: 'tenant-1' });
    expect(errCodeIn('tenant-1', config)).toBe(0);
    expect({ resends: callsOf('app-ticket'), pushes: received.length }).toEqual({ resends: 1, pushes: 2 });
  });

  it('signs through the router for the tenant of the session, and for no other', async () => {
    signer = openStore();
    await connect();
    const ask = (cookie: string) =>
      request(backEnd).get('/lark/config').query({ url: PAGE, tenant_key: 'tenant-2' }).set('Cookie', cookie);
    // The first finds no ticket, the second one that is valid.
    for (const state of ['cold', 'warm']) {
      const { status, body } = await ask('tenant=tenant-1');
      const errCodes = TENANTS.map((tenantKey) => errCodeIn(tenantKey, body as SignedConfig));
      expect({ state, status, isFirst: errCodes[0] === 0, isSecond: errCodes[1] === 0 }).toEqual({
        ...{ state, status: 200 },
        ...{ isFirst: true, isSecond: false },
      });
    }
    expect((await ask('')).body).toMatchObject({ code: 'TENANT_REQUIRED' });
    expect(sandbox.issuedTickets(STORE_ID, 'tenant-2')).toEqual([]);
  });

  it('signs for the listed tenants only, or tries new ones within the budget that is given', async () => {
    signer = openStore({ newTenants: { perClient: 1, perApp: 1 } });
    await connect();
    const listed = openStore({ tenants: ['tenant-2'] });
    await expect(listed.sign(PAGE, { tenantKey: 'tenant-1' })).rejects.toMatchObject({
      code: 'TENANT_NOT_ALLOWED',
    });
    await signer.sign(PAGE, { tenantKey: 'tenant-1' });
    await expect(signer.sign(PAGE, { tenantKey: 'tenant-2' })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
  });
});
