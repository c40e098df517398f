// The router in an app of Express 4, which most back ends still run: its request and response are that version's.
import { once } from 'node:events';
import type express from 'express';
import request from 'supertest';
import { jsapiRouter, type JsapiRouterOptions } from '../../src/library/jsapi-router';
import { FakeSigningApp } from '../support/fake-signing-apps';

// oxlint-disable-next-line typescript/no-require-imports -- without types of its own: what is used is the same in both
const express4 = require('express4') as typeof express & { version?: string };
// oxlint-disable-next-line typescript/no-require-imports
const { version } = require('express4/package.json') as { version: string };

const PAGE = 'https://h5.example.com/a?x=1&y=2';
const CONFIG = `/lark/config?url=${encodeURIComponent(PAGE)}`;

let signer: FakeSigningApp;
beforeEach(() => {
  signer = new FakeSigningApp('cli_one', ['https://h5.example.com']);
});

function host(options: JsapiRouterOptions = {}, prepare: (app: express.Express) => void = () => undefined) {
  const app = express4();
  prepare(app);
  app.use('/lark', jsapiRouter(signer, options));
  app.get('/lark/own', (_request, response) => void response.send('the app’s own'));
  const handler: express.ErrorRequestHandler = (error: Error, _request, response, _next) => {
    response.status(500).send(`the app’s own handler: ${error.message}`);
  };
  return app.use(handler);
}

test('it is that version', () => {
  expect(version).toMatch(/^4\./);
});

test.each([
  ['before any parser', () => undefined],
  ['behind express.json()', (app: express.Express) => app.use(express4.json())],
  ['behind express.raw()', (app: express.Express) => app.use(express4.raw({ type: '*/*' }))],
])('it signs over GET and POST, %s', async (_where, prepare: (app: express.Express) => void) => {
  const app = host({}, prepare);
  for (const asking of [request(app).get(CONFIG), request(app).post('/lark/config').send({ url: PAGE })]) {
    const { status, body, headers } = await asking;
    expect({ status, url: body.url, cache: headers['cache-control'] }).toEqual({
      ...{ status: 200, url: PAGE },
      cache: 'no-store',
    });
  }
});

test('it answers preflights, reports, the errors page, the H5 SDK and refusals', async () => {
  const app = host();
  expect((await request(app).options('/lark/config').set('Origin', 'https://h5.example.com')).status).toBe(
    204,
  );
  const report = {
    appId: 'cli_one',
    timestamp: 1,
    nonceStr: 'n',
    signature: 's',
    url: PAGE,
    errorCode: 333442,
  };
  expect((await request(app).post('/lark/report').send(report)).status).toBe(204);
  expect(signer.reports).toHaveLength(1);
  const page = await request(app).get('/lark/errors').set('Accept-Language', 'zh-CN');
  expect({ status: page.status, language: page.headers['content-language'] }).toEqual({
    status: 200,
    language: 'zh-CN',
  });
  expect((await request(app).get('/lark/assets/document.css')).status).toBe(200);
  expect((await request(app).get('/lark/h5-sdk.js')).status).toBe(302);
  const refused = await request(app).get('/lark/config?url=https%3A%2F%2Felsewhere.example%2F');
  expect(refused.body).toMatchObject({ code: 'URL_NOT_ALLOWED', type: '/lark/errors#URL_NOT_ALLOWED' });
  const past = await request(app).get('/lark/h5-sdk.js?try=9');
  expect(past.body).toMatchObject({ code: 'NOT_FOUND', type: '/lark/errors#NOT_FOUND' });
});

test('it counts clients, asks who may sign, and hands the app what is the app’s', async () => {
  const limited = host({ requestsPerMinute: 1 });
  expect((await request(limited).get(CONFIG)).status).toBe(200);
  expect((await request(limited).get(CONFIG)).body.code).toBe('RATE_LIMITED');
  const closed = host({ authorize: () => Promise.resolve(false) });
  expect((await request(closed).get(CONFIG)).status).toBe(401);
  const failing = host({ authorize: () => Promise.reject(new Error('no session store')) });
  expect((await request(failing).get(CONFIG)).text).toBe('the app’s own handler: no session store');
  expect((await request(closed).get('/lark/own')).text).toBe('the app’s own');
});

test('the app keeps its prototypes, settings and headers', async () => {
  const app = express4();
  const settings = { ...app.settings };
  const prototypes: unknown[] = [];
  app.use('/lark', jsapiRouter(signer));
  app.get('/own', (received, response) => {
    prototypes.push(Object.getPrototypeOf(received), Object.getPrototypeOf(response));
    response.json({ own: true });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await request(server).get(CONFIG);
  const own = await request(server).get('/own');
  server.close();
  expect(prototypes).toEqual([app.request, app.response]);
  expect({ ...app.settings }).toEqual(settings);
  expect(own.headers['x-powered-by']).toBe('Express');
});
