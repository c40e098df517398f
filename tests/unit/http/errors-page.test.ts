// The page of the errors in the reader's language.
import express, { type Express } from 'express';
import request from 'supertest';
import { errorsPageRouter } from '../../../src/http/routes/errors-page';

const markdown = {
  en: '# Errors\n\nEnglish | [简体中文](errors.zh-CN.md)\n\n## SOME_CODE',
  zh: '# 错误码\n\n[English](errors.md) | 简体中文\n\n## SOME_CODE',
};

function host(prepare: (app: Express) => void = () => undefined): ReturnType<typeof request> {
  const app = express();
  prepare(app);
  app.use('/base', errorsPageRouter({ markdown, basePath: '/base' }));
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
    expect(text).toContain(language === 'en' ? '<h1 id="Errors">' : '<h1 id="错误码">');
    expect(text).toContain('<h2 id="SOME_CODE">');
  });

  it.each([
    ['en', '?lang=zh', '简体中文'],
    ['zh', '?lang=en', 'English'],
  ])(
    'leads from %s to the other language at its top, wherever it is mounted',
    async (language, href, name) => {
      const { text } = await host().get(`/base/errors?lang=${language}`);
      const [, top] = /<\/h1>\n(.*)\n/.exec(text) ?? [];
      expect(top).toContain(`<a href="${href}">${name}</a>`);
      await host()
        .get(`/base/errors${href}`)
        .expect('Content-Language', href.endsWith('zh') ? 'zh-CN' : 'en');
    },
  );

  it.each([
    ['en', 'Contents', '← JSAPI signer'],
    ['zh', '目录', '← JSAPI 签名服务'],
  ])(
    'has contents in %s, and a way back to the page where there is one',
    async (language, contents, back) => {
      const app = express();
      app.use('/base', errorsPageRouter({ markdown, basePath: '/base', hasPage: true }));
      const { text } = await request(app).get(`/base/errors?lang=${language}`);
      expect(text).toContain(`<summary>${contents}</summary>`);
      expect(text).toContain('<a href="#SOME_CODE">SOME_CODE</a>');
      expect(text).toContain(`<a href="/base/">${back}</a>`);
      expect((await host().get('/base/errors')).text).not.toContain('href="/base/"');
    },
  );

  it('chooses where the app parses no queries, and answers HEAD with the same headers', async () => {
    const agent = host((app) => app.set('query parser', false));
    await agent.get('/base/errors?lang=zh').expect('Content-Language', 'zh-CN');
    await agent.head('/base/errors?lang=zh').expect(200).expect('Content-Language', 'zh-CN');
  });
});
