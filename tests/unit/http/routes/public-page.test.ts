// The page people look at: there when it is wanted, under the base path with its slash.
import { serveApp, type ServedApp } from '../../../support/serve-app';

let served: ServedApp;
afterEach(() => served.close());

it('is not there unless it is wanted', async () => {
  served = serveApp();
  await served.agent.get('/').expect(404);
});

it('is served at the root, to be checked again at every visit', async () => {
  served = serveApp({ publicPage: true });
  const { text, headers } = await served.agent
    .get('/')
    .expect(200)
    .expect('Content-Type', /^text\/html/);
  expect(text).toMatch(/^<!doctype html>/i);
  expect(headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-security-policy': expect.stringContaining("script-src 'self'") as unknown,
  });
  await served.agent.get('/').set('If-None-Match', headers['etag']!).expect(304);
  await served.agent.post('/').expect(405).expect('Allow', 'GET, HEAD');
});

it('is served below a base path, which gets its slash first, or the links of the page would lead elsewhere', async () => {
  served = serveApp({ publicPage: true, basePath: '/jsapi' });
  await served.agent.get('/jsapi').expect(308).expect('Location', '/jsapi/');
  await served.agent.get('/jsapi?lang=zh').expect(308).expect('Location', '/jsapi/?lang=zh');
  await served.agent.get('/jsapi/').expect(200);
  await served.agent.get('/').expect(404);
});

it('links to nothing by an absolute path', async () => {
  served = serveApp({ publicPage: true });
  const { text } = await served.agent.get('/');
  const links = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!);
  expect(links.length).toBeGreaterThan(2);
  expect(links.filter((link) => link.startsWith('/'))).toEqual([]);
});
