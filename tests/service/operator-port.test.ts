// The operator's own listener: metrics and apps without a token, apart from the public port, until the end.
import type { AddressInfo } from 'node:net';
import { askAs } from '../support/ask-as';
import { APP_ID, createWorld, SECOND, type World } from '../support/world';

let world: World | undefined;
afterEach(() => world?.sandbox.close());

/** Closes a world that was not closed by the test itself. */
async function end(): Promise<void> {
  const closing = world!.service.close();
  await world!.advance(30 * SECOND);
  await closing;
}

async function ask(path: string, init?: RequestInit): Promise<{ status: number; text: string }> {
  const { port } = world!.service.operatorServer!.address() as AddressInfo;
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { keepalive: false, ...init });
  return { status: reply.status, text: await reply.text() };
}

test('it serves metrics, apps and /healthz without a token, and no signature', async () => {
  world = await createWorld({ env: { ADMIN_PORT: '0', BASE_PATH: '/lark' } });
  expect((await ask('/healthz')).status).toBe(200);
  const apps = await ask('/admin/apps');
  expect(JSON.parse(apps.text)).toMatchObject({ apps: [{ appId: APP_ID, state: 'fresh' }] });
  expect((await ask('/config?url=https%3A%2F%2Fh5.example.com%2F')).status).toBe(404);
  expect((await ask('/metrics', { method: 'POST' })).status).toBe(405);

  await world.get('/lark/config?url=https%3A%2F%2Fh5.example.com%2F');
  await world.get('/lark/config?url=nonsense');
  await world.get('/lark/nothing-here');
  const { text } = await ask('/metrics');
  expect(text).toContain(`lark_jsapi_requests_total{route="/config",app="${APP_ID}",status="200"} 1\n`);
  expect(text).toContain(`lark_jsapi_requests_total{route="/config",app="${APP_ID}",status="400"} 1\n`);
  expect(text).toContain('lark_jsapi_requests_total{route="other",app="other",status="404"} 1\n');
  expect(text).toContain('lark_jsapi_signing_duration_seconds_count 1\n');
  expect(text).toContain(`lark_jsapi_ticket_calls_total{app="${APP_ID}"} 1\n`);
  expect(text).toContain('lark_jsapi_platform_calls_total{endpoint="jsapi_ticket",code="0"} 1\n');
  // Scrapes and checks of operators are not requests of the service.
  expect(text).not.toContain('route="/metrics"');
  // The public port knows nothing of it.
  for (const path of ['/lark/metrics', '/lark/admin/apps', '/metrics'])
    expect((await world.get(path)).status).toBe(404);
  await end();
});

test('with ADMIN_TOKEN metrics are on the public port, for its holders; a scrape is logged at debug', async () => {
  world = await createWorld({ env: { ADMIN_TOKEN: 'token-of-the-operator' } });
  expect(world.service.operatorServer).toBeUndefined();
  expect((await world.get('/metrics')).status).toBe(401);
  const { status, text } = await world.get('/metrics', {
    headers: { Authorization: 'Bearer token-of-the-operator' },
  });
  expect({ status, text }).toMatchObject({
    status: 200,
    text: expect.stringContaining('lark_jsapi_app_can_sign'),
  });
  await world.settle();
  const lines = world.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(
    lines.filter(({ route }) => route === '/metrics').map(({ level, status }) => [level, status]),
  ).toEqual([
    ['warn', 401],
    ['debug', 200],
  ]);
  await end();
});

test('it stays until the public port has closed', async () => {
  world = await createWorld({ env: { ADMIN_PORT: '0', SHUTDOWN_DELAY_MS: '5000' } });
  const closing = world.service.close();
  await world.advance(4 * SECOND);
  expect((await ask('/metrics')).status).toBe(200);
  await world.advance(2 * SECOND);
  await world.advance(1 * SECOND);
  await closing;
  await expect(ask('/metrics')).rejects.toThrow();
});

describe('a page in an operator’s browser', () => {
  const REBOUND = 'rebound.attacker.example:9464';
  const JSON_TYPE = { 'Content-Type': 'application/json' };
  const ticketCalls = (): number => world!.calls.filter(({ path }) => path.includes('/ticket/')).length;

  test('reads and changes nothing under a name of its own that leads here; addresses and configured names do', async () => {
    world = await createWorld({ env: { ADMIN_PORT: '0', ADMIN_HOSTNAMES: 'signer.internal' } });
    const { port } = world.service.operatorServer!.address() as AddressInfo;
    const before = ticketCalls();
    for (const target of ['GET /metrics', 'GET /admin/apps', 'GET /errors', 'GET /nothing'])
      expect(await askAs(port, target, { Host: REBOUND })).toMatchObject({
        status: 403,
        text: expect.stringMatching(
          /"code":"ORIGIN_NOT_ALLOWED".*list the name in ADMIN_HOSTNAMES/,
        ) as string,
      });
    const renewal = await askAs(port, 'POST /admin/tickets/renew', { Host: REBOUND, ...JSON_TYPE }, '{}');
    expect(renewal.status).toBe(403);
    expect(ticketCalls()).toBe(before);
    // A probe of an orchestrator may come under any name, and learns nothing.
    expect((await askAs(port, 'GET /healthz', { Host: REBOUND })).status).toBe(200);
    for (const host of ['signer.internal:9464', 'localhost:9464', '10.9.8.7:9464', '[::1]'])
      expect((await askAs(port, 'GET /metrics', { Host: host })).status).toBe(200);
    await end();
  });

  test('of another origin changes nothing, whatever it sends', async () => {
    world = await createWorld({ env: { ADMIN_PORT: '0' } });
    const { port } = world.service.operatorServer!.address() as AddressInfo;
    const before = ticketCalls();
    for (const headers of [
      { Origin: 'https://attacker.example' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1:1' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      const foreign = { Host: '127.0.0.1:9464', ...JSON_TYPE, ...headers };
      for (const target of ['POST /admin/tickets/renew', 'PUT /admin/apps/a/app-ticket', 'POST /explain'])
        expect(await askAs(port, target, foreign, '{}')).toMatchObject({
          status: 403,
          text: expect.stringContaining('"code":"ORIGIN_NOT_ALLOWED"') as string,
        });
    }
    expect(ticketCalls()).toBe(before);
    const own = { Host: '127.0.0.1:9464', Origin: 'http://127.0.0.1:9464', 'Sec-Fetch-Site': 'same-origin' };
    expect((await askAs(port, 'POST /admin/tickets/renew', { ...own, ...JSON_TYPE }, '{}')).status).toBe(200);
    expect(ticketCalls()).toBe(before + 1);
    await end();
  });
});

test('without ADMIN_HOST it listens where the service does, and elsewhere with it', async () => {
  world = await createWorld({ env: { ADMIN_PORT: '0' } });
  expect(world.service.operatorServer!.address()).toMatchObject({ address: '127.0.0.1' });
  await end();
  await world.sandbox.close();
  world = await createWorld({ env: { ADMIN_PORT: '0', ADMIN_HOST: '127.0.0.2' } });
  expect(world.service.operatorServer!.address()).toMatchObject({ address: '127.0.0.2' });
  expect(world.service.server.address()).toMatchObject({ address: '127.0.0.1' });
  expect(world.logLines.find((line) => line.includes('"listening"'))).toContain('"adminHost":"127.0.0.2"');
  await end();
});
