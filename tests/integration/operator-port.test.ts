// The operator's own listener: metrics and apps without a token, apart from the public port, until the end.
import type { AddressInfo } from 'node:net';
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

test('with ADMIN_TOKEN metrics are on the public port, for whoever has it; a scrape is logged at debug', async () => {
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
