// The signing endpoint as a function: methods, shapes, refusals, CORS.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ServiceError } from '../../../src/base/errors';
import { splitTarget } from '../../../src/http/request-target';
import { createConfigEndpoint, type EndpointReply } from '../../../src/http/config-endpoint';
import { DATA_HEADERS } from '../../../src/http/data-headers';
import { renderShape, type Shape } from '../../../src/http/shapes';
import type { RateLimiter } from '../../../src/limits/rate-limiter';
import type { SignedConfig } from '../../../src/signing/types';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';
import { headersByName } from '../../support/headers-by-name';

const PAGE = 'https://h5.example.com/a?x=1&y=2';
const ORIGIN = 'https://h5.example.com';
const TARGET = `/config?url=${encodeURIComponent(PAGE)}`;

function setUp({
  origins = ['https://*.example.com'],
  fixedShape,
  limiter,
}: { origins?: string[]; fixedShape?: Shape; limiter?: RateLimiter } = {}) {
  const app = new FakeSigningApp('cli_one', origins);
  const other = new FakeSigningApp('cli_two', ['https://two.example.org']);
  const endpoint = createConfigEndpoint({
    apps: new FakeSigningApps(app, other),
    basePath: '/jsapi',
    newRequestId: () => 'fresh-id',
    fixedShape,
    limiter,
  });
  const call = (target: string, headers: Record<string, string> = {}, method = 'GET', body?: string) => {
    const reply = endpoint({
      method,
      query: splitTarget(target).query,
      headers,
      body: body === undefined ? undefined : Buffer.from(body),
    });
    if ('then' in reply) throw new Error('the reply was not synchronous');
    return { ...reply, headers: headersByName(reply.headers) };
  };
  return { app, other, endpoint, call };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('keeps no body while a reply waits for its ticket', async () => {
  const { app, endpoint } = setUp();
  let answer!: () => void;
  app.answer = (page) => new Promise((resolve) => (answer = () => resolve(app.sign(page))));
  const [waiting, body] = (() => {
    const sent = Buffer.from(JSON.stringify({ url: PAGE }));
    const headers = { 'content-type': 'application/json' };
    return [endpoint({ method: 'POST', query: '', headers, body: sent }), new WeakRef(sent)];
  })();
  // What a WeakRef was made for lives until the end of the turn.
  await new Promise(setImmediate);
  collectGarbage();
  expect(body.deref()).toBeUndefined();
  answer();
  expect((await waiting).status).toBe(200);
});

describe('a signature', () => {
  it('comes at once, with everything a page and its caches need', () => {
    const { call, app } = setUp();
    const reply = call(TARGET);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual(app.sign({ toSign: PAGE, origin: ORIGIN }));
    expect(reply.headers).toEqual({
      ...DATA_HEADERS,
      Vary: 'Origin',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(reply.body.length),
      'Cache-Control': 'no-store',
      'X-Request-Id': 'fresh-id',
    });
    expect(reply).toMatchObject({ requestId: 'fresh-id', appId: 'cli_one', pageOrigin: ORIGIN });
  });

  it('has a length in bytes, not in characters', () => {
    const { call } = setUp();
    const reply = call(`/config?url=${encodeURIComponent('https://h5.example.com/中文')}`);
    expect(reply.headers['Content-Length']).toBe(String(Buffer.byteLength(reply.body)));
  });

  it('is promised while the app waits for its ticket', async () => {
    const { app, endpoint } = setUp();
    app.answer = (page) => Promise.resolve(app.sign(page));
    const reply = endpoint({ method: 'GET', query: splitTarget(TARGET).query, headers: {} });
    expect(reply).toBeInstanceOf(Promise);
    expect(await reply).toMatchObject({ status: 200 });
  });

  it('is for the app that was named', () => {
    const { call } = setUp();
    const target = `/config?app=cli_two&url=${encodeURIComponent('https://two.example.org/')}`;
    expect(JSON.parse(call(target).body)).toMatchObject({ appId: 'cli_two' });
    expect(JSON.parse(call(`${TARGET}&app=cli_three`).body)).toMatchObject({ code: 'APP_UNKNOWN' });
  });

  it('answers HEAD as GET, without the body', () => {
    const { call } = setUp();
    const head = call(TARGET, {}, 'HEAD');
    expect(head).toEqual({ ...call(TARGET), body: '' });
    expect(call('/config', {}, 'HEAD')).toMatchObject({ status: 400, body: '' });
  });

  it('answers POST by its body, its query or both', () => {
    const { call } = setUp();
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const urlOf = (reply: Pick<EndpointReply, 'body'>): unknown => JSON.parse(reply.body).url;
    expect(urlOf(call('/config', json, 'POST', JSON.stringify({ url: PAGE })))).toBe(PAGE);
    expect(urlOf(call('/config', form, 'POST', `url=${encodeURIComponent(PAGE)}`))).toBe(PAGE);
    expect(urlOf(call('/config?app=cli_one', json, 'POST', JSON.stringify({ url: PAGE })))).toBe(PAGE);
    expect(urlOf(call(TARGET, {}, 'POST', ''))).toBe(PAGE);
    const code = (reply: Pick<EndpointReply, 'body'>): unknown => JSON.parse(reply.body).code;
    expect(code(call(TARGET, json, 'POST', JSON.stringify({ url: PAGE })))).toBe('URL_REPEATED');
    expect(code(call('/config?app=cli_one', json, 'POST', '{"app":"cli_one"}'))).toBe('PARAMETER_REPEATED');
    expect(code(call('/config', {}, 'POST', ''))).toBe('URL_MISSING');
    expect(code(call('/config', form, 'POST', 'url=https%3A%2F%2Fh5.example.com%2F%3Fq%3Da+b'))).toBe(
      'URL_INVALID',
    );
  });
});

describe('shapes', () => {
  const jsApiList = ['scanCode'];
  const fields = { timestamp: 1_767_225_600_000, signature: 'a'.repeat(40) };
  const noncestr = '0'.repeat(32);
  const config = { ...fields, appId: 'cli_one', nonceStr: noncestr, url: PAGE };

  it.each([
    ['config', config],
    ['sample', { ...fields, appid: 'cli_one', noncestr }],
    ['tutorial', { code: 0, msg: 'ok', data: { ...fields, app_id: 'cli_one', noncestr } }],
    ['envelope', { code: 0, msg: 'ok', data: config }],
  ] as const)('%s, asked for or fixed by the path', (shape, expected) => {
    expect(JSON.parse(setUp().call(`${TARGET}&shape=${shape}`).body)).toEqual(expected);
    expect(JSON.parse(setUp({ fixedShape: shape }).call(`${TARGET}&shape=config`).body)).toEqual(expected);
  });

  it.each([
    ['config', { ...config, jsApiList }],
    ['sample', { ...fields, appid: 'cli_one', noncestr, jsApiList }],
    ['tutorial', { code: 0, msg: 'ok', data: { ...fields, app_id: 'cli_one', noncestr, jsApiList } }],
    ['envelope', { code: 0, msg: 'ok', data: { ...config, jsApiList } }],
  ] as const)('%s carries the configured jsApiList', (shape, expected) => {
    const signed: SignedConfig = { ...config, jsApiList };
    expect(JSON.parse(renderShape(shape, signed))).toEqual(expected);
  });

  it.each(['jweixin', 'toString', '__proto__'])('refuses %s and names those there are', (shape) => {
    const reply = setUp().call(`${TARGET}&shape=${shape}`);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body).detail).toContain('config, sample, tutorial, envelope');
  });
});

describe('a refusal', () => {
  it('is problem+json with its link, its id and its text twice', () => {
    const reply = setUp().call('/config', { 'x-request-id': 'caller-7' });
    expect(reply.status).toBe(400);
    expect(reply.headers).toMatchObject({
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(reply.body)),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': 'caller-7',
    });
    const { detail } = JSON.parse(reply.body);
    expect(JSON.parse(reply.body)).toEqual({
      type: '/jsapi/errors#URL_MISSING',
      title: 'No page URL was given',
      status: 400,
      code: 'URL_MISSING',
      detail,
      msg: detail,
      requestId: 'caller-7',
    });
  });

  it.each(['', 'a b', 'x'.repeat(65), 'a"b', 'ä'])('takes no request id of the form %j', (id) => {
    expect(setUp().call(TARGET, { 'x-request-id': id }).requestId).toBe('fresh-id');
  });

  it('carries Retry-After in whole seconds, rounded up', () => {
    const { app, call } = setUp();
    app.answer = () => {
      throw new ServiceError('TICKET_UNAVAILABLE', 'Later.', { retryAfterSeconds: 1.2 });
    };
    expect(call(TARGET)).toMatchObject({ status: 503, headers: { 'Retry-After': '2' }, appId: 'cli_one' });
  });

  it('says nothing of an unexpected cause to the caller, thrown or rejected', async () => {
    const { app, call, endpoint } = setUp();
    const cause = new Error('s3cret');
    app.answer = () => {
      throw cause;
    };
    const thrown = call(TARGET);
    app.answer = () => Promise.reject(cause);
    const rejected = await endpoint({ method: 'GET', query: splitTarget(TARGET).query, headers: {} });
    for (const reply of [thrown, rejected]) {
      expect(reply.status).toBe(500);
      expect(JSON.stringify([reply.headers, reply.body])).not.toContain('s3cret');
      expect(reply.failure?.cause).toBe(cause);
    }
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE'])('answers %s with the methods there are', (method) => {
    expect(setUp().call(TARGET, {}, method)).toMatchObject({
      status: 405,
      headers: { Allow: 'GET, HEAD, POST, OPTIONS' },
    });
  });

  it('names an origin that may be added, and never the query', () => {
    const reply = setUp().call(`/config?url=${encodeURIComponent('https://evil.example.org/?code=s3cret')}`);
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'URL_NOT_ALLOWED' });
    expect(reply.body).toContain('https://evil.example.org ');
    expect(reply.body).not.toContain('s3cret');
  });
});

describe('CORS', () => {
  const listed = {
    'Access-Control-Allow-Origin': ORIGIN,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id, RateLimit, RateLimit-Policy',
    Vary: 'Origin',
  };

  it('lets the page read its own signature', () => {
    expect(setUp().call(TARGET, { origin: ORIGIN })).toMatchObject({ status: 200, headers: listed });
  });

  it.each([
    ['another listed origin', 'https://other.example.com'],
    ['an origin that is not listed', 'https://evil.example.org'],
    ['the same host by another scheme', 'http://h5.example.com'],
    ['the same host on another port', 'https://h5.example.com:8443'],
    ['an opaque origin', 'null'],
    ['an empty one', ''],
    ['two of them', `${ORIGIN}, ${ORIGIN}`],
  ])('gives %s no signature', (_, origin) => {
    for (const origins of [['https://*.example.com', 'http://h5.example.com'], ['*']]) {
      const reply = setUp({ origins }).call(TARGET, { origin });
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED', status: 403 });
      expect(reply.body).not.toContain('signature":');
      expect(reply.headers['Access-Control-Allow-Origin']).toMatch(
        /^(\*|https:\/\/other\.example\.com|http:\/\/h5\.example\.com)$/,
      );
    }
  });

  it.each([
    ['an image', 'cross-site', 'no-cors', 'image', 403],
    ['a script of a sister domain', 'same-site', 'no-cors', 'script', 403],
    ['a fetch that cannot read', 'cross-site', 'no-cors', 'empty', 403],
    ['a frame', 'cross-site', 'navigate', 'iframe', 403],
    ['a fetch with CORS', 'cross-site', 'cors', 'empty', 200],
    ['a fetch of its own origin', 'same-origin', 'no-cors', 'empty', 200],
    ['a link that was opened', 'cross-site', 'navigate', 'document', 200],
    ['an address that was typed', 'none', 'navigate', 'document', 200],
  ])(
    'answers what a page sends as %s by whether the page could read it',
    (_, site, mode, destination, status) => {
      const reply = setUp().call(TARGET, {
        'sec-fetch-site': site,
        'sec-fetch-mode': mode,
        'sec-fetch-dest': destination,
      });
      expect(reply.status).toBe(status);
      if (status === 403) expect(JSON.parse(reply.body)).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' });
    },
  );

  it.each([
    ['navigate', { 'sec-purpose': 'prefetch' }, 403],
    ['navigate', { 'sec-purpose': 'prefetch;prerender' }, 403],
    ['navigate', { 'sec-purpose': 'prefetch;anonymous-client-ip' }, 403],
    ['navigate', { purpose: 'prefetch' }, 403],
    ['no-cors', { 'x-moz': 'prefetch' }, 403],
    ['navigate', { 'sec-purpose': 'another' }, 200],
    // A fetch of a page that is rendered ahead.
    ['cors', { 'sec-purpose': 'prefetch;prerender' }, 200],
  ])(
    'answers what a browser sends ahead in the mode %s with %j by whether a page reads it',
    (mode, purpose, status) => {
      // As Chromium sends what a page of another origin lists in its speculation rules.
      const sent = { 'sec-fetch-site': 'none', 'sec-fetch-mode': mode, 'sec-fetch-dest': 'document' };
      expect(setUp().call(TARGET, { ...sent, ...purpose }).status).toBe(status);
    },
  );

  it('does not count what no page could read', () => {
    const take = jest.fn(() => ({ isOver: false, resetSeconds: 60, headers: [] }));
    const { call } = setUp({ limiter: { take } });
    expect(call(TARGET, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }).status).toBe(403);
    expect(take).not.toHaveBeenCalled();
    expect(call(TARGET, { origin: 'https://evil.example.org' }).status).toBe(403);
    expect(take).toHaveBeenCalledTimes(1);
  });

  it.each(['/config', '/config?url=x', '/config?url=a&url=b', '/config?app=nobody'])(
    'lets everybody read the refusal of %s, with credentials only those who are listed',
    (target) => {
      const { call } = setUp();
      expect(call(target, { origin: ORIGIN })).toMatchObject({ status: 400, headers: listed });
      for (const reply of [call(target), call(target, { origin: 'https://evil.example.org' })]) {
        expect(reply).toMatchObject({ status: 400, headers: { 'Access-Control-Allow-Origin': '*' } });
        expect(reply.headers).not.toHaveProperty('Access-Control-Allow-Credentials');
      }
    },
  );

  it('never offers credentials under a lone *', () => {
    const { call } = setUp({ origins: ['*'] });
    for (const reply of [call(TARGET, { origin: ORIGIN }), call(TARGET, { origin: ORIGIN }, 'OPTIONS')]) {
      expect(reply.headers).toMatchObject({ 'Access-Control-Allow-Origin': '*', Vary: 'Origin' });
      expect(reply.headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    }
  });

  it('answers a preflight, with the requested headers', () => {
    const reply = setUp().call(
      TARGET,
      {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-a',
      },
      'OPTIONS',
    );
    expect(reply).toMatchObject({
      status: 204,
      body: '',
      headers: {
        ...listed,
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'content-type,x-a',
        'Access-Control-Max-Age': '600',
      },
    });
    expect(reply.headers).not.toHaveProperty('Content-Length');
  });

  it('lets every preflight pass, so that the refusal can be read', () => {
    const { call } = setUp();
    const foreign = call(TARGET, { origin: 'https://evil.example.org' }, 'OPTIONS');
    expect(foreign).toMatchObject({ status: 204, headers: { 'Access-Control-Allow-Origin': '*' } });
    expect(foreign.headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    for (const target of ['/config?app=nobody', '/config?url=a&url=b', '/config']) {
      expect(call(target, { origin: ORIGIN }, 'OPTIONS')).toMatchObject({ status: 204, headers: listed });
    }
  });

  it('answers a preflight by the list of the app that its query names', () => {
    const origin = 'https://two.example.org';
    const { call } = setUp();
    const named = call('/config?app=cli_two', { origin }, 'OPTIONS').headers;
    expect(named).toMatchObject({ ...listed, 'Access-Control-Allow-Origin': origin });
    expect(call('/config', { origin }, 'OPTIONS').headers['Access-Control-Allow-Origin']).toBe('*');
  });
});
