// Style sheets, scripts and the icon of our pages: each with its type, kept by browsers until a release changes it, and nothing else.
import { serveApp, type ServedApp } from '../../../support/serve-app';

const FILES: Readonly<Record<string, string>> = {
  'assets/page.css': 'main {}',
  'assets/page/a-part.js': 'part()',
  'assets/icon.svg': '<svg/>',
  'assets/notes.txt': 'not for pages',
  'index.html': '<!doctype html>',
};

let served: ServedApp;
/** What was read, to see that nothing outside was even looked for. */
let asked: string[];
beforeEach(() => {
  asked = [];
  served = serveApp({
    basePath: '/jsapi',
    publicFiles: (path) => {
      asked.push(path);
      const text = FILES[path];
      return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
    },
  });
});
afterEach(() => served.close());

it.each([
  ['page.css', 'text/css; charset=utf-8'],
  ['page/a-part.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml; charset=utf-8'],
])('serves %s as %s', async (path, type) => {
  const { headers, body, text } = await served.agent.get(`/jsapi/assets/${path}`).expect(200);
  expect(Buffer.isBuffer(body) ? String(body) : text).toBe(FILES[`assets/${path}`]);
  expect(headers).toMatchObject({ 'content-type': type, 'cache-control': 'no-cache' });
});

it('answers 304 to a browser that has it, and HEAD without a body', async () => {
  const { headers } = await served.agent.get('/jsapi/assets/page.css').expect(200);
  await served.agent.get('/jsapi/assets/page.css').set('If-None-Match', headers['etag']!).expect(304, '');
  await served.agent.head('/jsapi/assets/page.css').expect(200).expect('Content-Length', '7');
  await served.agent.post('/jsapi/assets/page.css').expect(405).expect('Allow', 'GET, HEAD');
});

it.each([
  '/assets/../index.html',
  '/assets/%2e%2e/index.html',
  '/assets/..%2findex.html',
  '/assets/page%2fa-part.js',
  '/assets//page.css',
  '/assets/.page.css',
  '/assets/notes.txt',
  '/assets/page.css/',
  '/assets/constructor',
])('looks for nothing at %s', async (path) => {
  await served.agent.get(`/jsapi${path}`).expect(404);
  expect(asked).toEqual([]);
});
