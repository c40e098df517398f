// What a 404 says: the setting that may be missing, and no path that does not exist on this listener.
import type { AddressInfo } from 'node:net';
import { createWorld, type World } from '../support/world';

const CONFIG = '/config?url=https%3A%2F%2Fh5.example.com%2F';
const ADMIN_TOKEN = 'token-of-the-operator';

let world: World | undefined;
afterEach(() => world?.close());

async function open(env: Record<string, string> = {}): Promise<World> {
  return (world = await createWorld({ env }));
}

/** The refusal of `path`; `of` is the address of the listener. */
async function refusal(of: string, path: string): Promise<{ type: string; detail: string }> {
  const reply = await fetch(of + path);
  expect({ path, status: reply.status }).toEqual({ path, status: 404 });
  return (await reply.json()) as { type: string; detail: string };
}

/** The paths that a text names; what follows a host is a proxy's, and a prefix alone is none. */
const pathsIn = (text: string): string[] => text.match(/(?<![\w:/=])\/(?:[\w-]+(?:\.\w+)*\/?)*/g) ?? [];

describe.each([
  { env: {} },
  { env: { PUBLIC_PAGE: 'on' } },
  { env: { ADMIN_TOKEN } },
  { env: { BASE_PATH: '/lark' } },
  { env: { BASE_PATH: '/lark', PUBLIC_PAGE: 'on', ADMIN_TOKEN } },
  { env: { BASE_PATH: '/lark', ADMIN_PORT: '0' } },
])('with $env', ({ env }) => {
  it('every path that a 404 names exists', async () => {
    const { service, baseUrl } = await open(env);
    const admin = service.operatorServer?.address() as AddressInfo | undefined;
    const listeners = [baseUrl, ...(admin ? [`http://127.0.0.1:${admin.port}`] : [])];
    let named = 0;
    for (const listener of listeners) {
      const paths = ['', '/lark', '/gateway'].flatMap((prefix) =>
        [
          '/',
          '/config',
          '/nothing',
          '/readyz',
          '/metrics',
          '/admin/apps',
          '/explain',
          '/errors',
          '/lark',
        ].map((path) => prefix + path),
      );
      for (const path of paths) {
        const reply = await fetch(listener + path);
        if (reply.status !== 404) continue;
        const { type, detail } = (await reply.json()) as { type: string; detail: string };
        for (const told of [type.replace(/#.*/, ''), ...pathsIn(detail)]) {
          const { status } = await fetch(listener + told);
          expect({ path, detail, told, exists: status !== 404 }).toMatchObject({ told, exists: true });
          named += 1;
        }
      }
    }
    expect(named).toBeGreaterThan(10);
  });
});

test('below a prefix that a proxy has removed it names BASE_PATH, the right path and proxy_pass', async () => {
  const { baseUrl } = await open({ BASE_PATH: '/lark' });
  for (const path of [CONFIG, '/larks/config', '/readyz', '/h5-sdk.js', '/']) {
    const { detail, type } = await refusal(baseUrl, path);
    expect(detail).toContain('BASE_PATH');
    expect(detail).toContain('/lark/config?url=');
    expect(detail).toContain('proxy_pass http://signer;');
    expect(type).toBe('/lark/errors#NOT_FOUND');
  }
  // At the right place the proxy is not the fault.
  expect((await refusal(baseUrl, '/lark/nothing')).detail).not.toContain('proxy');
});

test('below a prefix that a proxy has added it names BASE_PATH and proxy_pass', async () => {
  const { baseUrl } = await open();
  for (const path of [`/lark${CONFIG}`, '/a/b/readyz', '/lark/lark-jsapi.js']) {
    const { detail } = await refusal(baseUrl, path);
    expect(detail).toMatch(/set BASE_PATH to it.*proxy_pass http:\/\/signer\/;/);
  }
  expect((await refusal(baseUrl, '/nothing')).detail).not.toContain('proxy');
});

test.each(['', '/lark'])('at "%s/" it names PUBLIC_PAGE while the page is off', async (prefix) => {
  const { baseUrl } = await open(prefix ? { BASE_PATH: prefix } : {});
  for (const path of ['/', `${prefix}/`]) {
    expect((await refusal(baseUrl, path)).detail).toContain('PUBLIC_PAGE=on');
  }
});

test('at an operator’s path it names ADMIN_TOKEN and ADMIN_PORT, the same whether ADMIN_PORT is set', async () => {
  const { baseUrl } = await open();
  const details: string[] = [];
  for (const path of ['/metrics', '/admin/apps', '/explain']) {
    const { detail } = await refusal(baseUrl, path);
    expect(detail).toMatch(/ADMIN_TOKEN.*ADMIN_PORT/);
    details.push(detail);
  }
  await world!.close();
  const other = await open({ ADMIN_PORT: '0' });
  for (const path of ['/metrics', '/admin/apps', '/explain'])
    expect((await refusal(other.baseUrl, path)).detail).toBe(details.shift());
});

test('at ADMIN_PORT it says what is there, and the page of the errors is', async () => {
  const { service } = await open({ ADMIN_PORT: '0', BASE_PATH: '/lark', PUBLIC_PAGE: 'on' });
  const { port } = service.operatorServer!.address() as AddressInfo;
  const listener = `http://127.0.0.1:${port}`;
  for (const path of [CONFIG, '/', '/lark/metrics']) {
    const { detail } = await refusal(listener, path);
    expect(detail).toMatch(/ADMIN_PORT.*\/metrics.*port of PORT/);
    expect(detail).not.toContain('/config');
  }
  const page = await fetch(`${listener}/errors`);
  const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(await page.text()) ?? [];
  expect((await fetch(`${listener}/${style}`)).status).toBe(200);
});
