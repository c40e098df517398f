// The start and the end of the service, seen by an operator, by a balancer that learns of the end late, and by requests that are under way.
import { readVersion } from '../../src/base/package-files';
import { createWorld, SECOND, type World } from '../support/world';

let world: World;
afterEach(() => world.sandbox.close());

test('the first line of the log says which version starts', async () => {
  world = await createWorld();
  await world.close();
  expect(JSON.parse(world.logLines[0]!)).toMatchObject({ msg: 'starting', version: readVersion() });
});

test('for SHUTDOWN_DELAY_MS it says 503 at /readyz, answers pages, and closes each connection; then it ends', async () => {
  world = await createWorld({ env: { SHUTDOWN_DELAY_MS: '5000' } });
  expect((await world.get('/readyz')).status).toBe(200);
  const closing = world.service.close();
  await world.advance(4 * SECOND);
  expect((await world.get('/readyz')).status).toBe(503);
  const reply = await world.config();
  expect(reply.status).toBe(200);
  expect(reply.headers.get('connection')).toBe('close');
  expect(world.sandbox.verify(reply.body).errCode).toBe(0);
  await world.advance(2 * SECOND);
  await closing;
  await expect(fetch(`${world.baseUrl}/healthz`)).rejects.toThrow();
});

test('without a delay it ends at once, and a request that waits for the platform is still answered', async () => {
  world = await createWorld({ cold: true, sandbox: { latencyMs: 300 } });
  const waiting = world.config();
  await world.advance(100);
  const closing = world.service.close();
  await world.advance(SECOND);
  expect((await waiting).status).toBe(200);
  await world.advance(SECOND);
  await closing;
});
