// The library's signer against the simulated platform, as somebody's own program uses it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, createMemoryStore, createSigner, type Signer, type SignerOptions } from '../../src';
import { systemClock } from '../../src/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';

const APP_ID = 'cli_library0000001';
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

test('it refuses pages of other origins, and says what is wrong with the app', async () => {
  await expect(open().sign('https://elsewhere.example/')).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' });
  await expect(open({ appSecret: 'wrong' }).sign(PAGE)).rejects.toMatchObject({ code: 'APP_MISCONFIGURED' });
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

test('everything that is wrong with the options is told at once', () => {
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

test('close may be called twice, and ends what runs', async () => {
  const signer = open();
  await signer.sign(PAGE);
  await Promise.all([signer.close(), signer.close()]);
});
