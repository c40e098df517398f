// The operator's endpoints: absent, behind a token, or open.
import { Secret } from '../../../../src/base/secret';
import { serveApp, type ServedApp } from '../../../support/serve-app';

const OLD = 'old-token-of-the-operator';
const NEW = 'new-token-of-the-operator';
const adminTokens = [new Secret(OLD), new Secret(NEW)];

let served: ServedApp;
afterEach(() => served.close());

it('do not exist unless a token is configured', async () => {
  served = serveApp();
  await served.agent.get('/admin/apps').expect(404);
  await served.agent.get('/admin/apps').set('Authorization', 'Bearer ').expect(404);
});

it('show every app to holders of a token, the old or the new one, and are cached nowhere', async () => {
  served = serveApp({ adminTokens, basePath: '/jsapi' });
  for (const authorization of [`Bearer ${OLD}`, `Bearer ${NEW}`, `bearer ${NEW}`]) {
    const { body } = await served.agent
      .get('/jsapi/admin/apps')
      .set('Authorization', authorization)
      .expect(200)
      .expect('Cache-Control', 'no-store');
    expect(body).toEqual({
      apps: [served.signing.status(), { ...served.signing.status(), appId: 'cli_two' }],
    });
  }
  await served.agent.get('/admin/apps').set('Authorization', `Bearer ${OLD}`).expect(404);
});

it.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  `Bearer ${OLD}x`,
  `Bearer ${OLD.slice(1)}`,
  `Bearer ${OLD},${NEW}`,
  `Bearer ${OLD} ${NEW}`,
  `Basic ${OLD}`,
  OLD,
])('refuse %s', async (authorization) => {
  served = serveApp({ adminTokens });
  const asked = served.agent.get('/admin/apps');
  if (authorization !== undefined) void asked.set('Authorization', authorization);
  const { body } = await asked
    .expect(401)
    .expect('WWW-Authenticate', 'Bearer')
    .expect('Cache-Control', 'no-store')
    .expect('Content-Type', /problem\+json/);
  expect(body).toMatchObject({ code: 'UNAUTHORIZED' });
});

it('do not take a token from the query', async () => {
  served = serveApp({ adminTokens });
  await served.agent.get(`/admin/apps?access_token=${OLD}`).expect(401);
});

it('are open where that is wanted', async () => {
  served = serveApp({ openOperator: true });
  await served.agent.get('/admin/apps').expect(200).expect('Cache-Control', 'no-store');
  await served.agent.post('/admin/apps').expect(405).expect('Allow', 'GET, HEAD');
  await served.agent.get('/admin/others').expect(404);
});

it('open on the public port, is not for a page under another name, which may still have pages signed for', async () => {
  served = serveApp({
    ...{ openOperator: true, hostNames: ['dev.internal'], publicPage: true },
    explain: () => Promise.reject(new Error('not asked')),
  });
  const { agent } = served;
  for (const [method, path] of [
    ['get', '/admin/apps'],
    ['post', '/admin/tickets/renew'],
    ['post', '/explain'],
  ] as const) {
    const { body } = await agent[method](path).set('Host', 'tunnel.example.com').expect(403);
    expect(body).toMatchObject({
      code: 'ORIGIN_NOT_ALLOWED',
      detail: expect.stringContaining('list the name in ADMIN_HOSTNAMES'),
    });
  }
  await agent.get('/admin/apps').set('Host', 'dev.internal:3000').expect(200);
  const query = `url=${encodeURIComponent('https://h5.example.com/')}`;
  await agent.get(`/config?${query}`).set('Host', 'tunnel.example.com').expect(200);
  await agent.get('/').set('Host', 'tunnel.example.com').expect(200);
});

it('behind a token, is for those who have it, under any name', async () => {
  served = serveApp({ adminTokens: [new Secret('a-token-of-an-operator')] });
  await served.agent
    .get('/admin/apps')
    .set('Host', 'gateway.example.com')
    .set('Authorization', 'Bearer a-token-of-an-operator')
    .expect(200);
});
