// The doctor before healthy and sick set-ups: what it says, and that it says what to do.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { runDoctor } from '../../src/cli/doctor/doctor';
import type { Finding } from '../../src/cli/doctor/finding';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { FakeClock } from '../support/fake-clock';
import { LOOPBACK_CERTIFICATE } from '../support/loopback-certificate';
import { describeWith } from '../support/needs-program';
import { RedisServer } from '../support/redis-server';
import { command } from '../support/redis-stores';
import { waitUntil } from '../support/wait-until';
import { startConnectProxy, startTlsForwarder, type Way } from '../support/ways-to-platform';

const APP = { appId: 'cli_doctor00000001', appSecret: 'the-secret-of-the-sick', trustedDomains: [] };

let sandbox: Sandbox;
let platformUrl: string;
const ways: Way[] = [];

beforeEach(async () => {
  sandbox = createSandbox({ clock: systemClock, apps: [APP] });
  platformUrl = (await sandbox.listen()).url;
});
afterEach(async () => {
  for (const way of ways.splice(0)) await way.close();
  await sandbox.close();
});

async function open(starting: Promise<Way>): Promise<Way> {
  const way = await starting;
  ways.push(way);
  return way;
}

interface Report {
  ok: boolean;
  findings: Finding[];
  /** The findings on one thing. */
  of: (check: Finding['check']) => Finding[];
}

async function examine(env: Record<string, string> = {}, clock = systemClock): Promise<Report> {
  const lines: string[] = [];
  const returned = await runDoctor({
    env: healthy(env),
    readFile: () => LOOPBACK_CERTIFICATE,
    clock,
    random: () => 0.5,
    print: (line) => void lines.push(line),
    json: true,
  });
  expect(lines).toHaveLength(1);
  const { ok, findings } = JSON.parse(lines[0]!) as Report;
  expect(ok).toBe(returned);
  expect(lines[0]).not.toContain(APP.appSecret);
  for (const secret of [...sandbox.issuedTickets(APP.appId), ...sandbox.issuedTokens(APP.appId)])
    expect(lines[0]).not.toContain(secret);
  for (const { verdict, advice } of findings) if (verdict === 'wrong') expect(advice).toBeTruthy();
  return { ok, findings, of: (check) => findings.filter((finding) => finding.check === check) };
}

function healthy(env: Record<string, string>): Record<string, string> {
  return {
    LARK_APP_ID: APP.appId,
    LARK_APP_SECRET: APP.appSecret,
    LARK_DOMAIN: platformUrl,
    ALLOWED_ORIGINS: 'https://h5.example.com',
    ...env,
  };
}

test('a healthy set-up is good in everything, for one token call and one ticket call', async () => {
  const { ok, findings } = await examine();
  expect(ok).toBe(true);
  expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(
    ['variables', 'origins', 'trust-proxy', 'store', 'dns', 'proxy', 'clock', 'token', 'ticket'].map(
      (check) => `${check} good`,
    ),
  );
  const calls = sandbox.counters.list.map(({ endpoint }) => endpoint);
  expect(calls.filter((endpoint) => endpoint === 'ticket')).toHaveLength(1);
});

test('the text has one line a finding, and under it what to do', async () => {
  const lines: string[] = [];
  const env = healthy({ LARK_APP_SECRET: 'wrong' });
  const print = (line: string): void => void lines.push(line);
  await runDoctor({ env, readFile: String, clock: systemClock, random: () => 0.5, print, json: false });
  const index = lines.findIndex((line) => line.startsWith('WRONG token'));
  expect(lines[index]).toMatch(/^WRONG token +cli_doctor00000001: 10014 app secret invalid/);
  expect(lines[index + 1]).toMatch(/^ +→ Check that LARK_APP_ID and LARK_APP_SECRET belong together/);
  expect(lines.at(-1)).toContain('Something is wrong');
});

test('every wrong variable is reported, and no call is made then', async () => {
  const { ok, findings } = await examine({ LARK_APP_ID: 'nonsense', PORT: '99999' });
  expect(ok).toBe(false);
  expect(findings.map(({ subject }) => subject)).toEqual(['LARK_APP_ID', 'PORT']);
  expect(sandbox.counters.list).toEqual([]);
});

test('a wrong secret is wrong at the token, with the platform’s code', async () => {
  const { ok, of } = await examine({ LARK_APP_SECRET: 'wrong' });
  expect(ok).toBe(false);
  expect(of('token')).toMatchObject([{ verdict: 'wrong', finding: expect.stringContaining('10014') }]);
  expect(of('ticket')).toEqual([]);
});

test('a refused ticket is reported apart from the token', async () => {
  sandbox.addFault({ kind: 'code', endpoint: 'ticket', code: 99991401 });
  const { of } = await examine();
  expect(of('token')).toMatchObject([{ verdict: 'good' }]);
  expect(of('ticket')).toMatchObject([
    { verdict: 'wrong', advice: expect.stringContaining('IP allow-list') },
  ]);
});

test('an unknown name is wrong at the name, and nothing else is tried', async () => {
  const { of } = await examine({ LARK_DOMAIN: 'https://open.feishu.invalid' });
  expect(of('dns')).toMatchObject([{ verdict: 'wrong', subject: 'open.feishu.invalid' }]);
  for (const check of ['proxy', 'tls', 'token'] as const) expect(of(check)).toEqual([]);
});

test('a host that does not answer is wrong at the connection', async () => {
  await sandbox.close();
  const { of } = await examine();
  expect(of('proxy')).toMatchObject([{ verdict: 'wrong', finding: expect.stringContaining('ECONNREFUSED') }]);
});

describe('a certificate', () => {
  it('of an unknown authority is wrong, and its issuer is named', async () => {
    const platform = await open(startTlsForwarder(platformUrl));
    const { of } = await examine({ LARK_DOMAIN: platform.url });
    expect(of('tls')).toMatchObject([
      {
        verdict: 'wrong',
        finding: expect.stringMatching(/issued by loopback test certificate.*DEPTH_ZERO_SELF_SIGNED_CERT/),
        advice: expect.stringContaining('LARK_CA_FILE'),
      },
    ]);
    expect(of('token')).toEqual([]);
  });

  it('of an authority in LARK_CA_FILE is good', async () => {
    const platform = await open(startTlsForwarder(platformUrl));
    const { ok, of } = await examine({ LARK_DOMAIN: platform.url, LARK_CA_FILE: '/ca.pem' });
    expect(of('tls')).toMatchObject([{ verdict: 'good', finding: expect.stringContaining('2126-10-29') }]);
    expect(ok).toBe(true);
  });

  it('that ends within two weeks is noted', async () => {
    const platform = await open(startTlsForwarder(platformUrl));
    const clock = { ...systemClock, wallMs: () => Date.parse('2126-10-20') };
    const { of } = await examine({ LARK_DOMAIN: platform.url, LARK_CA_FILE: '/ca.pem' }, clock);
    expect(of('tls')).toMatchObject([{ verdict: 'note', advice: expect.stringContaining('renewed') }]);
  });

  it('cannot be looked at where nothing speaks TLS', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).end('not TLS\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { of } = await examine({ LARK_DOMAIN: `https://127.0.0.1:${port}` });
    expect(of('tls')).toMatchObject([{ verdict: 'wrong' }]);
    silent.close();
  });
});

describe('a proxy', () => {
  it('that opens tunnels is good, and the certificate behind it is looked at', async () => {
    const platform = await open(startTlsForwarder(platformUrl));
    const proxy = await open(startConnectProxy({ names: { 'open.example.invalid': platform.port } }));
    const { of } = await examine({ LARK_DOMAIN: 'https://open.example.invalid', HTTPS_PROXY: proxy.url });
    // The name is the proxy's to resolve.
    expect(of('dns')).toMatchObject([{ verdict: 'good', subject: '127.0.0.1' }]);
    expect(of('proxy')).toMatchObject([{ verdict: 'good', subject: `127.0.0.1:${proxy.port}` }]);
    expect(of('tls')).toMatchObject([{ verdict: 'wrong', finding: expect.stringContaining('loopback') }]);
  });

  it.each([
    [403, 'allowed at the proxy'],
    [407, 'The proxy wants a user name and a password: write them into HTTPS_PROXY'],
  ])('that refuses with %i is wrong, with what to do', async (refuseWith, advice) => {
    const proxy = await open(startConnectProxy({ refuseWith }));
    const { of } = await examine({ LARK_DOMAIN: 'https://open.example.invalid', HTTPS_PROXY: proxy.url });
    expect(of('proxy')).toMatchObject([
      {
        verdict: 'wrong',
        finding: expect.stringContaining(`HTTP ${refuseWith}`),
        advice: expect.stringContaining(advice),
      },
    ]);
  });

  it.each(['HTTPS_PROXY', 'HTTP_PROXY'])(
    'that refuses the password in %s is wrong, and the password is not shown',
    async (setting) => {
      const proxy = await open(startConnectProxy({ refuseWith: 407 }));
      const url = proxy.url.replace('//', '//the-user:hush%40hush@');
      const { findings, of } = await examine({ LARK_DOMAIN: 'https://open.example.invalid', [setting]: url });
      expect(of('proxy')).toMatchObject([
        {
          verdict: 'wrong',
          advice: expect.stringContaining(
            `refuses the user name or the password in ${setting}: correct them`,
          ),
        },
      ]);
      expect(JSON.stringify(findings)).not.toMatch(/hush|the-user/);
    },
  );

  it('that accepts and says nothing is given five seconds', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const clock = new FakeClock();
    const examined = examine(
      { LARK_DOMAIN: 'https://open.example.invalid', HTTPS_PROXY: `http://127.0.0.1:${port}` },
      clock,
    );
    await once(silent, 'connection');
    await clock.advance(5_000);
    expect((await examined).of('proxy')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringContaining('no answer within 5 s') },
    ]);
    silent.close();
  });
});

describe('the clock', () => {
  it.each([
    ['on', 'note', true],
    ['off', 'wrong', false],
  ])(
    'that is a minute off is reported; with CLOCK_CORRECTION=%s it is a %s',
    async (correction, verdict, ok) => {
      sandbox.moveClock(60_000);
      const report = await examine({ CLOCK_CORRECTION: correction });
      expect(report.of('clock')).toMatchObject([
        { verdict, finding: expect.stringMatching(/(59|60|61) s behind/) },
      ]);
      expect(report.ok).toBe(ok);
    },
  );
});

describe('the store', () => {
  it('in a file that can be written is good', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    const { of } = await examine({ TICKET_STORE: `file:${join(folder, 'tickets.json')}` });
    expect(of('store')).toMatchObject([{ verdict: 'good', finding: expect.stringContaining('read back') }]);
    rmSync(folder, { recursive: true });
  });

  it('in a folder that is missing is wrong', async () => {
    const { ok, of } = await examine({ TICKET_STORE: 'file:/nowhere/at/all/tickets.json' });
    expect(of('store')).toMatchObject([{ verdict: 'wrong', finding: expect.stringContaining('/nowhere') }]);
    expect(ok).toBe(false);
  });

  it('in a Redis that is not there is wrong, without its password', async () => {
    const { of, findings } = await examine({ TICKET_STORE: 'redis://user:pass-word@127.0.0.1:9/0' });
    expect(of('store')).toMatchObject([{ verdict: 'wrong', subject: 'redis://127.0.0.1:9/0' }]);
    expect(JSON.stringify(findings)).not.toContain('pass-word');
  });
});

test('a secret in quotation marks, and a port of Kubernetes, are named as such', async () => {
  const { ok, of, findings } = await examine({
    LARK_APP_SECRET: `"${APP.appSecret}"`,
    ADMIN_PORT: 'tcp://10.96.0.7:80',
  });
  expect(ok).toBe(false);
  expect(findings).toHaveLength(2);
  expect(of('variables')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        subject: 'LARK_APP_SECRET',
        verdict: 'wrong',
        advice: 'write it without them',
      }),
      expect.objectContaining({
        subject: 'ADMIN_PORT',
        advice: expect.stringContaining('enableServiceLinks'),
      }),
    ]),
  );
});

describeWith('redis-server', 'the store in Redis', () => {
  const servers: RedisServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  async function start(...of: Parameters<typeof RedisServer.start>): Promise<string> {
    const server = await RedisServer.start(...of);
    servers.push(server);
    return `127.0.0.1:${server.port}`;
  }

  /** A server with an account `signer` of these rights, and what the doctor finds there. */
  async function examineAs(rights: string, database = ''): Promise<Report> {
    const host = await start();
    await command(`redis://${host}`, 'ACL', 'SETUSER', 'signer', 'on', '>pw', ...rights.split(' '));
    return examine({ TICKET_STORE: `redis://signer:pw@${host}${database}` });
  }

  const MINIMAL =
    '~lark-jsapi-signer:* &lark-jsapi-signer:changed +get +getrange +pttl +set +del +eval +publish +subscribe +ping';

  it('is good for an account that may do what is needed and nothing else, and one value is left, which ends by itself', async () => {
    const { of } = await examineAs(MINIMAL);
    expect(of('store')).toEqual([
      expect.objectContaining({ verdict: 'good', finding: 'a written value is read back.' }),
    ]);
    const [server] = servers;
    expect(await command(`redis://127.0.0.1:${server?.port}`, 'DBSIZE')).toBe(1);
  });

  it.each(['get', 'getrange', 'pttl', 'del', 'eval', 'publish', 'subscribe', 'ping'])(
    'is noted where the account may not use %s, with the rights to give',
    async (name) => {
      const { ok, of } = await examineAs(
        MINIMAL.replace(` +${name} `, ' ').replace(/ \+ping$/, name === 'ping' ? '' : ' +ping'),
      );
      expect(of('store')).toMatchObject([
        { verdict: 'good' },
        {
          verdict: 'note',
          finding: `Redis refuses ${name.toUpperCase()} to this user: more calls go to the platform than need be.`,
          advice: expect.stringContaining(`ACL SETUSER signer ${MINIMAL}`),
        },
      ]);
      expect(ok).toBe(true);
    },
  );

  it.each([
    ['set', MINIMAL.replace(' +set', '')],
    ['get', MINIMAL.replace(' +get +getrange +pttl', ' +pttl')],
    ['get', MINIMAL.replace('~lark-jsapi-signer:*', '~other:*')],
  ])('is wrong where the account may not use %s on its keys', async (name, rights) => {
    const { of } = await examineAs(rights);
    expect(of('store')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringMatching(`${name.toUpperCase()}.*nothing can be kept`) },
    ]);
  });

  it('is wrong in another database than 0 without the right to select it', async () => {
    const { of } = await examineAs(MINIMAL, '/2');
    expect(of('store')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringContaining('allow +select, or use database 0') },
    ]);
    expect((await examineAs(`${MINIMAL} +select`, '/2')).of('store')).toMatchObject([{ verdict: 'good' }]);
  });

  it('is wrong at a node of a cluster without a hash tag, whichever node holds the key', async () => {
    const host = await start({ cluster: true });
    await command(`redis://${host}`, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await waitUntil('the cluster', async () =>
      String(await command(`redis://${host}`, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    const { of } = await examine({ TICKET_STORE: `redis://${host}` });
    expect(of('store')).toMatchObject([
      { verdict: 'wrong', finding: expect.stringContaining('?prefix={lark-jsapi-signer}:') },
    ]);
    const tagged = await examine({ TICKET_STORE: `redis://${host}?prefix={lark-jsapi-signer}:` });
    expect(tagged.of('store')).toMatchObject([{ verdict: 'good' }]);
  });

  it('is wrong at a replica, which is named', async () => {
    const host = await start({ args: ['--replicaof', '127.0.0.1', '1'] });
    const { of } = await examine({ TICKET_STORE: `redis://${host}` });
    expect(of('store')).toMatchObject([{ verdict: 'wrong', finding: expect.stringContaining('READONLY') }]);
  });
});

test('what is open or in clear is noted', async () => {
  const open = await examine({ ALLOWED_ORIGINS: '*' });
  expect(open.of('origins')).toMatchObject([{ verdict: 'note' }]);
  const inClear = await examine({
    ALLOWED_ORIGINS: 'https://h5.example.com,http://h5.example.com,http://localhost:*',
  });
  expect(inClear.of('origins')).toMatchObject([
    { verdict: 'good' },
    { verdict: 'note', finding: expect.stringMatching(/^http:\/\/h5\.example\.com:/) },
  ]);
  const behindGateway = await examine({ HOST: '127.0.0.1' });
  expect(behindGateway.of('trust-proxy')).toMatchObject([
    { verdict: 'note', advice: expect.stringContaining('TRUST_PROXY=loopback') },
  ]);
  const verdictOf = async (trusted: string) =>
    (await examine({ TRUST_PROXY: trusted })).of('trust-proxy').map(({ verdict }) => verdict);
  for (const wide of ['uniquelocal', 'loopback,10.0.0.0/8', 'fc00::/7'])
    expect(await verdictOf(wide)).toEqual(['note']);
  for (const narrow of ['1', 'loopback,10.1.2.0/24', '10.1.2.3'])
    expect(await verdictOf(narrow)).toEqual(['good']);
});
