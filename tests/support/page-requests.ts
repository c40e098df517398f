// The requests that a page, its gateway and its developer send, one of each kind, and what each is answered with wherever the library is
// mounted. Recipes for frameworks are held against them.

export interface PageRequest {
  readonly what: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  /** Below the place where the library is mounted. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  /** Parts of the reply's headers, names in lower case. */
  readonly replyHeaders?: Readonly<Record<string, string | RegExp>>;
  /** Parts of a JSON body, or a part of its text. */
  readonly json?: Readonly<Record<string, unknown>>;
  readonly text?: RegExp;
}

/** The page that is signed for, of the origin that the signer must allow. */
export const PAGE = 'https://h5.example.com/orders?id=42&tab=a';

const ORIGIN = new URL(PAGE).origin;
const ASK = `/config?url=${encodeURIComponent(PAGE)}`;
const FOREIGN = 'https://elsewhere.example';
const READABLE = { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' };

export const PAGE_REQUESTS: readonly PageRequest[] = [
  {
    what: 'a signature',
    path: ASK,
    headers: { origin: ORIGIN },
    status: 200,
    replyHeaders: { ...READABLE, 'cache-control': 'no-store', 'x-request-id': /^[\w-]{36}$/ },
    json: { url: PAGE },
  },
  { what: 'a URL that was cut', path: `/config?url=${PAGE}`, status: 400, json: { code: 'URL_NOT_ENCODED' } },
  {
    what: 'a foreign Origin',
    path: ASK,
    headers: { origin: FOREIGN },
    status: 403,
    replyHeaders: { 'content-type': /^application\/problem\+json/, 'access-control-allow-origin': '*' },
    json: { code: 'ORIGIN_NOT_ALLOWED' },
  },
  {
    what: 'a preflight',
    method: 'OPTIONS',
    path: '/config',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
    status: 204,
    replyHeaders: { ...READABLE, 'access-control-allow-headers': 'content-type' },
  },
  {
    what: 'HEAD',
    method: 'HEAD',
    path: ASK,
    status: 200,
    replyHeaders: { 'cache-control': 'no-store' },
    text: /^$/,
  },
  {
    what: 'POST with JSON',
    method: 'POST',
    path: '/config',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: PAGE }),
    status: 200,
    json: { url: PAGE },
  },
  {
    what: 'POST with a form',
    method: 'POST',
    path: '/config',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `url=${encodeURIComponent(PAGE)}`,
    status: 200,
    json: { url: PAGE },
  },
  { what: 'an unknown path', path: '/nothing', status: 404 },
  {
    what: 'a report',
    method: 'POST',
    path: '/report',
    headers: { 'content-type': 'application/json', origin: ORIGIN },
    body: '{}',
    status: 204,
    replyHeaders: READABLE,
  },
  {
    what: 'the page of the errors',
    path: '/errors?lang=zh',
    status: 200,
    replyHeaders: { 'content-type': 'text/html; charset=utf-8', 'content-language': 'zh-CN' },
    text: /id="URL_NOT_ENCODED"/,
  },
  {
    what: 'the browser helper',
    path: '/lark-jsapi.js',
    status: 200,
    replyHeaders: { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' },
    text: /LarkJsapi/,
  },
  {
    what: 'the address of the SDK',
    path: '/h5-sdk.js',
    status: 302,
    replyHeaders: { location: /^https:\/\/.+\.js$/, 'cache-control': 'no-store' },
  },
];

/** Holds the reply that `send` gets against `expected`. */
export async function expectReply(
  expected: PageRequest,
  send: (path: string, init: RequestInit) => Promise<Response>,
): Promise<void> {
  const { method = 'GET', path, headers = {}, body, status, replyHeaders = {}, json, text } = expected;
  const reply = await send(path, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
  const said = await reply.text();
  expect({ said, status: reply.status }).toEqual({ said, status });
  for (const [name, value] of Object.entries(replyHeaders)) {
    if (typeof value === 'string') expect([name, reply.headers.get(name)]).toEqual([name, value]);
    else
      expect(`${name}: ${reply.headers.get(name)}`).toMatch(
        new RegExp(`^${name}: ${value.source.replace(/^\^/, '')}`),
      );
  }
  if (json) expect(JSON.parse(said)).toMatchObject(json);
  if (text) expect(said).toMatch(text);
}
