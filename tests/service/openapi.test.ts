// The description of the API is held against the service: every operation, every answer, the failures included.
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { ERRORS } from '../../src/base/errors';
import { readVersion } from '../../src/base/package-files';
import { createOpenApi } from '../../src/http/openapi/openapi';
import { SHAPE_NAMES } from '../../src/http/shapes';
import { askAs } from '../support/ask-as';
import { send } from '../support/platform-events';
import {
  ADMIN_TOKEN,
  createStoreWorld,
  ENCRYPT_KEY,
  VERIFICATION_TOKEN,
  type StoreWorld,
  type StoreWorldOptions,
} from '../support/store-world';
import { createWorld, MINUTE, type World, type WorldOptions } from '../support/world';

const OPERATOR = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const PAGE = 'https://h5.example.com/a?x=1&y=2';
const SIGN = `/config?url=${encodeURIComponent(PAGE)}`;

interface Response {
  content?: Record<string, { schema?: object }>;
}
interface Description {
  openapi: string;
  servers: { url: string }[];
  paths: Record<
    string,
    Record<
      string,
      { responses: Partial<Record<string, Response>>; parameters?: { name: string; schema: Listed }[] }
    >
  >;
  components: { schemas: Record<string, { properties?: Record<string, Listed> }> };
}
/** A schema that may list its values. */
interface Listed {
  enum?: string[];
}

let description: Description;
/** Operations, and codes of failures, that some test has met. */
const met = new Set<string>();
const codesMet = new Set<string>();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const worlds: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  const world = await createWorld();
  description = JSON.parse((await world.get('/openapi.json')).text) as Description;
  await world.close();
  ajv.addSchema(description, 'api');
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({
    ...options,
    env: { ADMIN_TOKEN, ...options.env },
  });
  worlds.push(world);
  return world;
}

async function openStore(options: StoreWorldOptions = {}): Promise<StoreWorld> {
  const world = await createStoreWorld(options);
  worlds.push(world);
  return world;
}

/** A validator of the schema at a place in the description, with its references. */
function validatorAt(...place: string[]): ValidateFunction {
  const pointer = place.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')));
  return ajv.compile({ $ref: `api#/${pointer.join('/')}` });
}

/** The description's path for a request's, `/events/{app}` for `/events/shop`. */
function pathOf(target: string): string {
  const [path = ''] = target.split('?');
  const pattern = (known: string): RegExp => new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return Object.keys(description.paths).find((known) => pattern(known).test(path)) ?? path;
}

interface Met {
  status: number;
  code: string | undefined;
}

const typeOf = (headers: Headers): string | undefined => headers.get('content-type')?.split(';')[0];

/** Sends a request, and holds its answer against the description. */
async function call(world: World, target: string, init: RequestInit = {}): Promise<Met> {
  const { status, headers, text } = await world.get(target, { redirect: 'manual', ...init });
  const method = (init.method ?? 'GET').toLowerCase();
  met.add(`${method} ${pathOf(target)}`);
  return hold(method, target, { status, type: typeOf(headers), text });
}

/** Holds an answer against what is described for `method` of `target`. */
function hold(
  method: string,
  target: string,
  { status, type, text }: { status: number; type: string | undefined; text: string },
): Met {
  const path = pathOf(target);
  const content = description.paths[path]?.[method]?.responses[String(status)]?.content;
  const where = `${method} ${path} ${status}`;
  expect({ where, isDescribed: content !== undefined }).toEqual({ where, isDescribed: true });
  if (type === undefined) {
    expect({ where, text, types: Object.keys(content!) }).toEqual({ where, text: '', types: [] });
    return { status, code: undefined };
  }
  expect(Object.keys(content!)).toContain(type);
  if (!type.endsWith('json')) return { status, code: undefined };
  const body = JSON.parse(text) as { code?: string };
  if (content![type]!.schema !== undefined) {
    const place = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
    const validate = validatorAt(...place);
    validate(body);
    expect({ where, body, errors: validate.errors }).toEqual({ where, body, errors: null });
  }
  const code = type === 'application/problem+json' ? body.code : undefined;
  if (code !== undefined) codesMet.add(code);
  return { status, code };
}

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('the signing endpoint', () => {
  it('answers as described, in every shape', async () => {
    const world = await open({ env: { JS_API_LIST: 'scanCode' } });
    for (const shape of SHAPE_NAMES)
      expect(await call(world, `${SIGN}&shape=${shape}`)).toMatchObject({ status: 200 });
    expect(await call(world, '/config', json({ url: PAGE }))).toMatchObject({ status: 200 });
    const sample = '/get_config_parameters';
    expect(await call(world, `${sample}?url=${encodeURIComponent(PAGE)}`)).toMatchObject({ status: 200 });
    expect(await call(world, sample, json({ url: PAGE }))).toMatchObject({ status: 200 });
  });

  it.each<[string, string, RequestInit | undefined]>([
    ['URL_MISSING', '/config', undefined],
    ['URL_REPEATED', '/config?url=a&url=b', undefined],
    ['URL_INVALID', '/config?url=nonsense', undefined],
    ['URL_NOT_ENCODED', '/config?url=https://h5.example.com/a&b=1', undefined],
    ['PARAMETER_REPEATED', `${SIGN}&app=a&app=b`, undefined],
    ['APP_UNKNOWN', `${SIGN}&app=nobody`, undefined],
    ['URL_NOT_ALLOWED', '/config?url=https%3A%2F%2Felsewhere.example%2F', undefined],
    ['ORIGIN_NOT_ALLOWED', SIGN, { headers: { Origin: 'https://elsewhere.example' } }],
    ['NOT_FOUND', `${SIGN}&shape=nonsense`, undefined],
    [
      'URL_TOO_LONG',
      `/config?url=${encodeURIComponent(`https://h5.example.com/${'a'.repeat(9_000)}`)}`,
      undefined,
    ],
    ['BODY_INVALID', '/config', { ...json(''), body: '{' }],
    ['BODY_TOO_LARGE', '/config', json({ url: 'a'.repeat(90_000) })],
    ['MEDIA_TYPE', '/config', { method: 'POST', body: 'text' }],
  ])('refuses with %s as described', async (code, target, init) => {
    expect(await call(await open(), target, init)).toMatchObject({ code });
  });

  it('takes every value that is described for a parameter, and no other', async () => {
    const world = await open();
    const inQuery = description.paths['/config']!['get']!.parameters!.map(
      ({ name, schema }) => [name, schema.enum] as const,
    );
    const inBody = Object.entries(description.components.schemas['ConfigRequest']!.properties!).map(
      ([name, schema]) => [name, schema.enum] as const,
    );
    const listed = [...inQuery, ...inBody].filter(([, values]) => values !== undefined);
    expect(listed.map(([name]) => name).sort()).toEqual(['kind', 'kind', 'shape', 'shape']);
    for (const [name, values = []] of listed) {
      for (const value of values) {
        expect({ name, value, ...(await call(world, `${SIGN}&${name}=${value}`)) }).toMatchObject({
          status: 200,
        });
        expect({
          name,
          value,
          ...(await call(world, '/config', json({ url: PAGE, [name]: value }))),
        }).toMatchObject({
          status: 200,
        });
      }
      expect(await call(world, `${SIGN}&${name}=nonsense`)).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('refuses for the rate, the platform and the app as described', async () => {
    const limited = await open({ env: { RATE_LIMIT: '1' } });
    await call(limited, SIGN);
    expect(await call(limited, SIGN)).toMatchObject({ code: 'RATE_LIMITED' });
    const wrong = await open({ env: { LARK_APP_SECRET: 'wrong' } });
    expect(await call(wrong, SIGN)).toMatchObject({ code: 'APP_MISCONFIGURED' });
    const alone = await open({ cold: true });
    alone.sandbox.addFault({ kind: 'http-error', status: 502 });
    await alone.settle();
    expect(await call(alone, SIGN)).toMatchObject({ code: 'TICKET_UNAVAILABLE' });
  });
});

test('what a page and an orchestrator need answers as described', async () => {
  const world = await open();
  for (const target of [
    '/healthz',
    '/readyz',
    '/readyz?app=cli_world00000001',
    '/errors',
    '/errors?lang=zh',
    '/openapi.json',
  ])
    expect(await call(world, target)).toMatchObject({ status: 200 });
  for (const target of ['/lark-jsapi.js', '/lark-jsapi.mjs']) await call(world, target);
  expect(await call(world, '/h5-sdk.js?try=0')).toMatchObject({ status: 302 });
  expect(await call(world, '/h5-sdk.js?try=9')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await call(world, '/readyz?app=nobody')).toMatchObject({ code: 'APP_UNKNOWN' });
  expect(await call(world, '/report', json({ nothing: 'of a report' }))).toMatchObject({ status: 204 });
  const cold = await open({ cold: true, env: { LARK_APP_SECRET: 'wrong' } });
  expect(await call(cold, '/readyz')).toMatchObject({ status: 503, code: undefined });
});

test('the operator’s endpoints answer as described', async () => {
  const world = await open();
  expect(await call(world, '/admin/apps')).toMatchObject({ code: 'UNAUTHORIZED' });
  expect(await call(world, '/admin/apps', { headers: OPERATOR })).toMatchObject({ status: 200 });
  expect(await call(world, '/metrics', { headers: OPERATOR })).toMatchObject({ status: 200 });
  const renew = (body: unknown) => call(world, '/admin/tickets/renew', json(body, OPERATOR));
  expect(await renew({ fingerprint: '00000000' })).toMatchObject({ code: 'FINGERPRINT_MISMATCH' });
  expect(await renew({})).toMatchObject({ status: 200 });
  expect(await renew({})).toMatchObject({ code: 'RATE_LIMITED' });
  expect(await renew({ app: 'nobody' })).toMatchObject({ code: 'APP_UNKNOWN' });
  expect(await renew({ nonsense: 1 })).toMatchObject({ code: 'BODY_INVALID' });
  const explain = (body: unknown) => call(world, '/explain', json(body, OPERATOR));
  const { body: config } = await world.config(PAGE);
  expect(await explain({ ...config, pageUrl: `${PAGE}&z=3`, errorCode: 333441 })).toMatchObject({
    status: 200,
  });
  expect(await explain({ url: PAGE, timestamp: '1', nonceStr: 'n', signature: 's' })).toMatchObject({
    status: 200,
  });
  expect(await explain({ app: 'nobody' })).toMatchObject({ code: 'APP_UNKNOWN' });
});

test('the operator’s endpoints without a token refuse what a browser may have been led to, as described', async () => {
  const world = await open({ env: { ADMIN_PORT: '0' } });
  const { port } = world.service.operatorServer!.address() as AddressInfo;
  for (const [method, path] of [
    ['get', '/admin/apps'],
    ['get', '/metrics'],
    ['post', '/admin/tickets/renew'],
    ['put', '/admin/apps/shop/app-ticket'],
    ['post', '/explain'],
  ] as const) {
    const Host = 'rebound.attacker.example';
    const { status, headers, text } = await askAs(port, `${method.toUpperCase()} ${path}`, { Host });
    const type = headers['content-type']?.split(';')[0];
    expect(hold(method, path, { status, type, text })).toEqual({ status: 403, code: 'ORIGIN_NOT_ALLOWED' });
  }
});

test('a renewal that fails, and what operators see then, are as described', async () => {
  const world = await open();
  await world.advance(2 * MINUTE);
  world.sandbox.addFault({ kind: 'code', code: 10101 });
  const renewing = call(world, '/admin/tickets/renew', json({}, OPERATOR));
  expect(await renewing).toMatchObject({ status: 200 });
  expect(await call(world, '/admin/apps', { headers: OPERATOR })).toMatchObject({ status: 200 });
});

test('store apps answer as described', async () => {
  const world = await openStore();
  const target = `/config?app=shop&url=${encodeURIComponent('https://shop.example.com/')}`;
  expect(await call(world, target)).toMatchObject({ code: 'TENANT_REQUIRED' });
  const stranger = `${target}&tenant_key=stranger`;
  expect(await call(world, stranger)).toMatchObject({ code: 'TENANT_NOT_ALLOWED' });
  expect(await call(world, '/events/shop', json({}))).toMatchObject({ code: 'UNAUTHORIZED' });
  const put = (alias: string, body: unknown) =>
    call(world, `/admin/apps/${alias}/app-ticket`, { ...json(body, OPERATOR), method: 'PUT' });
  expect(await put('shop', { appTicket: 'an-app-ticket' })).toMatchObject({ status: 204 });
  expect(await put('nobody', { appTicket: 'an-app-ticket' })).toMatchObject({ code: 'APP_UNKNOWN' });
  expect(await call(world, '/admin/apps', { headers: OPERATOR })).toMatchObject({ status: 200 });
});

test('what a receiver of events may answer is as described', async () => {
  const event = (world: World) => {
    const content = { ts: '1', uuid: 'u', token: VERIFICATION_TOKEN, event: { type: 'contact.changed' } };
    return {
      method: 'POST',
      ...send(content, { encryptKey: ENCRYPT_KEY, timestampMs: world.sandbox.nowMs() }),
    };
  };
  const world = await openStore();
  expect(await call(world, '/events/shop', event(world))).toMatchObject({ code: 'EVENT_NOT_TAKEN' });
  // The port has no listener.
  const forwarding = await openStore({ more: { eventsForwardTo: 'http://127.0.0.1:1/' } });
  expect(await call(forwarding, '/events/shop', event(forwarding))).toMatchObject({
    code: 'EVENT_NOT_FORWARDED',
  });
});

test('a bug of ours is reported as described', async () => {
  const world = await open();
  jest.spyOn(world.signer, 'signPage').mockImplementation(() => {
    throw new TypeError('a bug');
  });
  expect(await call(world, SIGN)).toMatchObject({ code: 'INTERNAL' });
});

describe('what never became a request is refused as described', () => {
  /** What a connection is answered that sends `text`; `onSocket` gets the server's end of it, once that has read it. */
  async function answerTo(text: string, onSocket?: (world: World, socket: Socket) => void): Promise<Met> {
    const world = await open();
    const { server } = world.service;
    server.once('connection', (socket: Socket) => {
      if (onSocket) socket.once('data', () => onSocket(world, socket));
    });
    const { hostname, port } = new URL(world.baseUrl);
    const answer = await new Promise<string>((resolve) => {
      let read = '';
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.on('data', (chunk) => (read += chunk.toString())).on('close', () => resolve(read));
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
    const [, type] = /^content-type: ([^;\r]+)/im.exec(head) ?? [];
    return hold('get', '/config', { status: Number(status), type, text: body });
  }

  it.each<[string, string]>([
    ['URL_INVALID', 'GET /config?url=\u0001 HTTP/1.1\r\n\r\n'],
    ['BODY_INVALID', 'nonsense\r\n\r\n'],
    ['HEADERS_TOO_LARGE', `GET /config HTTP/1.1\r\nHost: h\r\nX-Large: ${'a'.repeat(50_000)}\r\n\r\n`],
  ])('with %s', async (code, text) => {
    expect(await answerTo(text)).toMatchObject({ code });
  });

  it('with REQUEST_TIMEOUT', async () => {
    // As Node says after 66 s that are not waited for here.
    const tooLate = Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const met = await answerTo('GET /config HTTP/1.1\r\n', ({ service }, socket) => {
      service.server.emit('clientError', tooLate, socket);
    });
    expect(met).toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });
});

test('the methods of every path are those that it has', async () => {
  const world = await open();
  // Each path answers other methods than its own with 405 and the list of them.
  for (const [path, methods] of Object.entries(description.paths)) {
    const target = path.replace('{app}', 'shop');
    const { headers, status, text } = await world.get(target, { method: 'DELETE', headers: OPERATOR });
    const allowed = headers.get('allow')?.split(', ') ?? [];
    // Every method that is described tells of it.
    for (const method of Object.keys(methods)) hold(method, target, { status, type: typeOf(headers), text });
    const described = Object.keys(methods).map((method) => method.toUpperCase());
    expect({ path, status, described }).toEqual({
      path,
      status: 405,
      described: allowed.filter((method) => method !== 'HEAD' && method !== 'OPTIONS'),
    });
  }
});

test('every operation has been called, and every failure has been met', () => {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...met].sort()).toEqual(operations.sort());
  expect([...codesMet].sort()).toEqual(Object.keys(ERRORS).sort());
});

test('every request of docs/http-api.md is described', () => {
  const document = readFileSync(join(__dirname, '../../docs/http-api.md'), 'utf8');
  const told = [...document.matchAll(/^\| `(GET|POST|PUT) (\/[^\s?`]*)/gm)];
  expect(told.length).toBeGreaterThan(10);
  for (const [, method, path] of told) {
    const known = pathOf(path!.replace(/<[^>]*>/g, 'shop'));
    // The page is for people.
    if (path !== '/')
      expect(Object.keys(description.paths[known] ?? { [path!]: 0 })).toContain(method!.toLowerCase());
  }
});

test('it is the file that the sources make, and leads to this service wherever that is', async () => {
  expect(description).toEqual(JSON.parse(JSON.stringify(createOpenApi(readVersion()))));
  const world = await open({ env: { BASE_PATH: '/lark', COMPAT_ROUTES: '/old=tutorial' } });
  const { text } = await world.get('/lark/openapi.json');
  expect(JSON.parse(text)).toEqual(description);
  const { servers, paths } = description;
  // Relative to the document.
  const address = new URL(servers[0]!.url, `${world.baseUrl}/lark/openapi.json`);
  expect(address.pathname).toBe('/lark/');
  expect(Object.keys(paths)).toContain('/config');
});
