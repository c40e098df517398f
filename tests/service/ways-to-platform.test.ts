// The ways of companies to the platform: the service signs through each.
import { systemClock } from '../../src/base/clock';
import { loadConfig } from '../../src/config/config';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { createService } from '../../src/service';
import { LOOPBACK_CERTIFICATE } from '../support/loopback-certificate';
import { startConnectProxy, startForwarder, startTlsForwarder, type Way } from '../support/ways-to-platform';

const APP = { appId: 'cli_ways0000000001', appSecret: 'a-secret', trustedDomains: ['h5.example.com'] };
const PAGE = 'https://h5.example.com/a?x=1&y=2';

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

/** Starts the service, has it sign once, and lets the platform judge. */
async function signThrough(env: Record<string, string>): Promise<unknown> {
  const config = loadConfig(
    {
      LARK_APP_ID: APP.appId,
      LARK_APP_SECRET: APP.appSecret,
      ALLOWED_ORIGINS: 'https://h5.example.com',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      SHUTDOWN_GRACE_MS: '0',
      ...env,
    },
    () => LOOPBACK_CERTIFICATE,
  );
  const service = createService(config);
  const { port } = await service.start();
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/config?url=${encodeURIComponent(PAGE)}`);
    const body = (await reply.json()) as Parameters<Sandbox['verify']>[0];
    return reply.status === 200 ? sandbox.verify({ ...body, url: PAGE }) : body;
  } finally {
    await service.close();
  }
}

test('a forwarder inside the company, on plain http under a path: LARK_ALLOW_HTTP', async () => {
  const forwarder = await open(startForwarder(platformUrl, '/feishu'));
  // The proxy replaces the company's name server: only it knows the name of the forwarder.
  const names = await open(startConnectProxy({ names: { forwarder: forwarder.port } }));
  const env = { LARK_DOMAIN: 'http://forwarder/feishu', LARK_ALLOW_HTTP: 'true', HTTP_PROXY: names.url };
  expect(await signThrough(env)).toMatchObject({ errCode: 0 });
  expect(forwarder.seen).toContain('/feishu/open-apis/jssdk/ticket/get');
  expect(() => loadConfig({ ...env, LARK_ALLOW_HTTP: 'false' }, String)).toThrow(/LARK_DOMAIN: plain http/);
});

test('a proxy with tunnels: HTTPS_PROXY', async () => {
  const platform = await open(startTlsForwarder(platformUrl));
  const proxy = await open(startConnectProxy());
  const env = { LARK_DOMAIN: platform.url, LARK_CA_FILE: '/company-ca.pem', HTTPS_PROXY: proxy.url };
  expect(await signThrough(env)).toMatchObject({ errCode: 0 });
  expect(new Set(proxy.seen)).toEqual(new Set([`127.0.0.1:${platform.port}`]));
});

test('a certificate authority of one’s own: LARK_CA_FILE', async () => {
  const platform = await open(startTlsForwarder(platformUrl));
  const env = { LARK_DOMAIN: platform.url };
  expect(await signThrough({ ...env, LARK_CA_FILE: '/company-ca.pem' })).toMatchObject({ errCode: 0 });
  expect(await signThrough(env)).toMatchObject({ code: 'TICKET_UNAVAILABLE' });
});
