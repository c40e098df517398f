// What an operator sees of the ticket through its life, over HTTP, and that no secret is among it.
import { createWorld, APP_ID, APP_SECRET, HOUR, MINUTE, type World } from '../support/world';

const TOKEN = 'token-of-the-operator';
let world: World;
afterEach(() => world.close());

async function status(): Promise<Record<string, unknown>> {
  const { status, text } = await world.get('/admin/apps', { headers: { Authorization: `Bearer ${TOKEN}` } });
  expect(status).toBe(200);
  const { apps } = JSON.parse(text) as { apps: Record<string, unknown>[] };
  expect(apps).toHaveLength(1);
  return apps[0]!;
}

test('the ticket is followed from before its first load to its end', async () => {
  world = await createWorld({ cold: true, env: { ADMIN_TOKEN: TOKEN }, sandbox: { latencyMs: 1_000 } });
  expect(await status()).toEqual({
    appId: APP_ID,
    state: 'empty',
    expiresInSeconds: null,
    renewsInSeconds: null,
    lifeSeconds: null,
    fingerprint: null,
    lastFailure: null,
  });

  await world.advance(2_000);
  // The life runs from the moment the ticket was asked for, one second ago.
  expect(await status()).toEqual({
    appId: APP_ID,
    state: 'fresh',
    expiresInSeconds: 7_200 - 1 - 10,
    renewsInSeconds: 90 * 60 + 35 - 1,
    lifeSeconds: 7_200,
    fingerprint: expect.stringMatching(/^[\da-f]{8}$/) as unknown,
    lastFailure: null,
  });

  world.sandbox.addFault({ endpoint: 'ticket', kind: 'ip-refused' });
  await world.advance(91 * MINUTE);
  const { fingerprint } = await status();
  expect(await status()).toMatchObject({
    state: 'renewing',
    renewsInSeconds: 0,
    fingerprint,
    lastFailure: {
      code: 99991401,
      message: expect.stringContaining('allow-list') as unknown,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
    },
  });

  await world.advance(HOUR);
  expect(await status()).toMatchObject({ state: 'expired', expiresInSeconds: 0, fingerprint: null });

  world.sandbox.clearFaults();
  await world.advance(2 * MINUTE);
  expect(await status()).toMatchObject({ state: 'fresh', lifeSeconds: 7_200, lastFailure: null });
  expect((await status())['fingerprint']).not.toBe(fingerprint);
});

test('neither replies nor log hold a ticket, a token, the secret or the operator’s token', async () => {
  world = await createWorld({ env: { ADMIN_TOKEN: TOKEN } });
  await status();
  const written = [...world.replyBodies, ...world.logLines].join('\n');
  const secrets = [
    ...world.sandbox.issuedTickets(APP_ID),
    ...world.sandbox.issuedTokens(APP_ID),
    APP_SECRET,
    TOKEN,
  ];
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
});
