// The pages people look at, as files of `public/`: the one at the root, under the base path with its slash, and the one of the errors in the
// reader's language.
import express, { type Express } from 'express';
import request from 'supertest';
import type { PublicFiles } from '../../../../src/http/public-files';
import { findAmong } from '../../../../src/http/plain-route';
import { errorsPageRoute } from '../../../../src/http/routes/pages';
import { plainRoutes } from '../../../../src/http/routes/plain';
import { serveApp, type ServedApp } from '../../../support/serve-app';

describe('the page', () => {
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
});

/** As the build writes them. */
const pageIn = (language: string, title: string, other: string): string =>
  `<html lang="${language}">\n<a class="home" href="./">home</a>\n<h1>${title}</h1><a href="?lang=${other}">other</a>`;
const files: Record<string, string> = {
  'errors.en.html': pageIn('en', 'Errors', 'zh'),
  'errors.zh.html': pageIn('zh-CN', '错误码', 'en'),
};
const publicFiles: PublicFiles = (path) =>
  Promise.resolve(files[path] === undefined ? undefined : Buffer.from(files[path]));

function host(
  prepare: (app: Express) => void = () => undefined,
  hasPage = false,
): ReturnType<typeof request> {
  const app = express();
  prepare(app);
  app.use('/base', plainRoutes(findAmong(errorsPageRoute({ publicFiles, hasPage }))));
  return request(app);
}

describe('/errors', () => {
  it.each([
    ['', undefined, 'en'],
    ['', '*', 'en'],
    ['', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['', 'zh-Hans-CN', 'zh-CN'],
    ['', 'zh', 'zh-CN'],
    ['', 'en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['', 'fr,zh;q=0.5', 'zh-CN'],
    ['', 'fr', 'en'],
    ['', 'zh;q=0, en;q=0.1', 'en'],
    ['', 'nonsense;q=x', 'en'],
    // The rest is not read: 46 KB of it took 40 ms.
    ['', `${'fr,'.repeat(85)}zh`, 'en'],
    ['?lang=zh', 'en', 'zh-CN'],
    ['?lang=zh-CN', 'en', 'zh-CN'],
    ['?lang=EN', 'zh', 'en'],
    ['?a=b&lang=en-GB', 'zh', 'en'],
    ['?lang=fr', 'zh', 'zh-CN'],
    ['?lang=english', 'zh', 'zh-CN'],
    ['?lang=', 'zh', 'zh-CN'],
    ['?lang=%ff', 'en', 'en'],
  ])('%j with Accept-Language %j is in %s', async (query, accepted, language) => {
    const asking = host().get(`/base/errors${query}`);
    if (accepted !== undefined) asking.set('Accept-Language', accepted);
    const { text } = await asking
      .expect(200)
      .expect('Content-Language', language)
      .expect('Vary', 'Accept-Language')
      .expect('Cache-Control', 'no-cache');
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(language === 'en' ? '<h1>Errors</h1>' : '<h1>错误码</h1>');
  });

  it('has a link back to the page where there is one', async () => {
    expect((await host(undefined, true).get('/base/errors')).text).toContain('<a class="home" href="./">');
    expect((await host().get('/base/errors')).text).not.toContain('class="home"');
  });

  it('is at one path, since its links are relative', async () => {
    await host().get('/base/errors/?lang=zh').expect(308).expect('Location', '../errors?lang=zh');
    await host().get('/base/errors/').expect(308).expect('Location', '../errors');
  });

  it('answers 304 to a browser that has it in this language, and says so when it has not been built', async () => {
    const { headers } = await host().get('/base/errors').expect(200);
    const again = (language: string) =>
      host().get(`/base/errors?lang=${language}`).set('If-None-Match', headers['etag']!);
    await again('en').expect(304).expect('Vary', 'Accept-Language');
    await again('zh').expect(200);
    const app = serveApp({ publicFiles: () => Promise.resolve(undefined) });
    const { body } = await app.agent.get('/errors').expect(404);
    expect(body).toMatchObject({ detail: 'errors.en.html has not been built: run "npm run build".' });
    app.close();
  });

  it('chooses where the app parses no queries, and answers HEAD with the same headers', async () => {
    const agent = host((app) => app.set('query parser', false));
    await agent.get('/base/errors?lang=zh').expect('Content-Language', 'zh-CN');
    await agent.head('/base/errors?lang=zh').expect(200).expect('Content-Language', 'zh-CN');
  });
});
