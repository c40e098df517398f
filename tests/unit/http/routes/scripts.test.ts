// Scripts over HTTP, for pages of any origin: the browser helper, cached briefly under its name and indefinitely under its version, and the
// redirect to the platform's H5 SDK.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../../../support/files-in';
import { serveApp, type ServedApp } from '../../../support/serve-app';

describe('the browser helper', () => {
  let served: ServedApp;
  let publicDirectory: string;
  beforeEach(() => {
    publicDirectory = mkdtempSync(join(tmpdir(), 'helper-'));
    writeFileSync(join(publicDirectory, 'lark-jsapi.js'), 'classic()');
    writeFileSync(join(publicDirectory, 'lark-jsapi.mjs'), 'export {}');
    served = serveApp({ publicFiles: filesIn(publicDirectory), basePath: '/jsapi' });
  });
  afterEach(() => {
    served.close();
    rmSync(publicDirectory, { recursive: true });
  });

  it.each([
    ['lark-jsapi.js', 'classic()', 'public, max-age=300'],
    ['lark-jsapi.mjs', 'export {}', 'public, max-age=300'],
    ['lark-jsapi-1.2.3.js', 'classic()', 'public, max-age=31536000, immutable'],
    ['lark-jsapi-1.2.3.mjs', 'export {}', 'public, max-age=31536000, immutable'],
  ])('serves %s', async (name, text, cacheControl) => {
    const { headers } = await served.agent
      .get(`/jsapi/${name}`)
      .set('Origin', 'https://any.example.com')
      .expect(200, text);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': cacheControl,
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      etag: expect.stringMatching(/^"[\w-]{43}"$/) as unknown,
    });
  });

  it('answers 304 to a browser that has it', async () => {
    const { headers } = await served.agent.get('/jsapi/lark-jsapi.js').expect(200);
    const again = served.agent.get('/jsapi/lark-jsapi.js').set('If-None-Match', headers['etag']!);
    await again.expect(304, '').expect('Access-Control-Allow-Origin', '*');
    await served.agent.get('/jsapi/lark-jsapi.js').set('If-None-Match', '"other"').expect(200);
  });

  it('has no other version, and says which it has', async () => {
    const { body } = await served.agent.get('/jsapi/lark-jsapi-1.2.2.js').expect(404);
    expect(body).toMatchObject({
      code: 'NOT_FOUND',
      detail: expect.stringContaining('version 1.2.3') as unknown,
    });
  });

  it('takes GET and HEAD only', async () => {
    await served.agent.head('/jsapi/lark-jsapi.js').expect(200).expect('Content-Length', '9');
    await served.agent.post('/jsapi/lark-jsapi.js').expect(405).expect('Allow', 'GET, HEAD');
  });

  it('says so when it has not been built, and serves it once it has', async () => {
    rmSync(join(publicDirectory, 'lark-jsapi.mjs'));
    const { body } = await served.agent.get('/jsapi/lark-jsapi.mjs').expect(404);
    expect(body).toMatchObject({
      code: 'NOT_FOUND',
      detail: expect.stringContaining('npm run build') as unknown,
    });
    writeFileSync(join(publicDirectory, 'lark-jsapi.mjs'), 'built()');
    await served.agent.get('/jsapi/lark-jsapi.mjs').expect(200, 'built()');
  });
});

describe('/h5-sdk.js', () => {
  const URLS = ['https://first.example.com/sdk.js?v=1', 'http://127.0.0.1:4400/sdk.js'];
  let served: ServedApp;
  beforeEach(() => {
    served = serveApp({ h5SdkUrls: URLS });
  });
  afterEach(() => served.close());

  it.each([
    ['', URLS[0]],
    ['?try=0', URLS[0]],
    ['?try=1', URLS[1]],
    ['?v=2&try=1', URLS[1]],
  ])('/h5-sdk.js%s leads to %s', async (query, url) => {
    await served.agent
      .get(`/h5-sdk.js${query}`)
      .expect(302)
      .expect('Location', url!)
      .expect('Cache-Control', 'no-store')
      .expect('Access-Control-Allow-Origin', '*');
  });

  it.each(['2', '-1', 'x', '', '0x0', '1e0', '99999999999999999999'])(
    'there is no try=%s',
    async (wanted) => {
      const { body } = await served.agent.get(`/h5-sdk.js?try=${wanted}`).expect(404);
      expect(body).toMatchObject({
        code: 'NOT_FOUND',
        detail: expect.stringContaining('from 0 to 1') as unknown,
      });
    },
  );

  it('takes GET and HEAD only', async () => {
    await served.agent.post('/h5-sdk.js').expect(405).expect('Allow', 'GET, HEAD');
  });
});
