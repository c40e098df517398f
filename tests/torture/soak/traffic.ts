// The requests of a soak, one after the other, drawn from a seed: what is sent, and what must come back.
import { createSeededRandom, type SeededRandom } from '../seeded-random';
import { pageOf } from '../../support/apps-folder';
import { CUSTOM_APPS, SHOP, type SoakApp } from './soak-apps';

/** A signature that a request asks for. */
export interface WantedSignature {
  readonly app: SoakApp;
  readonly tenantKey?: string | undefined;
  readonly isComponent?: boolean;
  /** The page's address as the client sees it. */
  readonly pageUrl: string;
  readonly shape: (typeof SHAPES)[number];
}

/** A request, as it goes over the wire. */
export interface SoakRequest {
  /** What the figures call it. */
  readonly kind: string;
  readonly text: string;
  readonly wants: WantedSignature | WantedReply;
}

/** A reply that is the same whatever the platform does, but for those in `orElse`. */
export interface WantedReply {
  readonly status: number;
  readonly code?: string;
}

const SHAPES = ['config', 'sample', 'tutorial', 'envelope'] as const;

/** More than the limiter of requests forgets at once, few enough to be all known early in a run. */
const CLIENTS = 10_000;
/** Tenants that do not exist: enough to be a flood, few enough that those remembered as refused level out. */
const MADE_UP_TENANTS = 500;
/** Most page URLs are short; some carry what a single sign-on left in them. */
const QUERY_LENGTHS = [0, 0, 20, 60, 200, 2_000];
const QUERY_PIECES = ['a=b&', 'x=%E9%A3%9E', 'p=1+1&', '%2F%3F', 'q=a%20b&', 'it%27s~!*()', 'code=abc123&'];

const EVIL = 'https://evil.example.net';

/** Endless requests; the same ones for the same seed. */
export class Traffic {
  readonly #random: SeededRandom;
  #count = 0;

  constructor(seed: number) {
    this.#random = createSeededRandom(seed, 'traffic');
  }

  next(): SoakRequest {
    this.#count += 1;
    const draw = this.#random.next();
    if (draw < 0.82) return this.#signature(this.#wanted(draw));
    if (draw < 0.88) return this.#bad();
    if (draw < 0.94) return this.#preflight();
    if (draw < 0.97) return this.#madeUpReport();
    if (draw < 0.9705) return this.#madeUpTenant();
    if (draw < 0.99) return this.#request('healthz', 'GET', '/healthz', [], '', { status: 200 });
    if (draw < 0.995) return this.#request('errors page', 'GET', '/errors', [], '', { status: 200 });
    return this.#request('H5 SDK', 'GET', '/h5-sdk.js', [], '', { status: 302 });
  }

  /** What the browser helper sends when the client did not take `signed`. */
  report(app: SoakApp, tenantKey: string | undefined, signed: object): SoakRequest {
    const body = JSON.stringify({ ...signed, appId: app.appId, tenantKey, errorCode: 333442 });
    return this.#post('genuine report', `/report?app=${app.alias}`, 'application/json', body, {
      status: 204,
    });
  }

  #wanted(draw: number): WantedSignature {
    const random = this.#random;
    const app = draw < 0.55 ? random.pick(CUSTOM_APPS) : draw < 0.72 ? SHOP : random.pick(CUSTOM_APPS);
    return {
      app,
      tenantKey: app.tenants && random.pick(app.tenants),
      // Web components are for custom apps.
      isComponent: draw >= 0.72,
      pageUrl: `${pageOf(app.alias)}/page/${this.#count}${this.#query()}`,
      shape: random.chance(0.7) ? 'config' : random.pick(SHAPES),
    };
  }

  #query(): string {
    const length = this.#random.pick(QUERY_LENGTHS);
    let query = '';
    while (query.length < length) query += this.#random.pick(QUERY_PIECES);
    return query && `?${query}`;
  }

  #signature(wants: WantedSignature): SoakRequest {
    const { app, tenantKey, isComponent, pageUrl, shape } = wants;
    const parameters = {
      app: app.alias,
      ...(tenantKey !== undefined && { tenant_key: tenantKey }),
      ...(isComponent && { kind: 'component' }),
      url: pageUrl,
    };
    const kind = isComponent ? 'web component' : app.tenants ? 'page of a store app' : 'page';
    const headers = this.#random.chance(0.5) ? [`Origin: ${new URL(pageUrl).origin}`] : [];
    const draw = this.#random.next();
    if (shape === 'sample' && draw < 0.5)
      return this.#request(
        kind,
        'GET',
        `/get_config_parameters?${encodeForm(parameters)}`,
        headers,
        '',
        wants,
      );
    const withShape = { ...parameters, ...(shape !== 'config' && { shape }) };
    if (draw < 0.7) return this.#request(kind, 'GET', `/config?${encodeForm(withShape)}`, headers, '', wants);
    return draw < 0.9
      ? this.#post(kind, '/config', 'application/json', JSON.stringify(withShape), wants)
      : this.#post(kind, '/config', 'application/x-www-form-urlencoded', encodeForm(withShape), wants);
  }

  #bad(): SoakRequest {
    const [kind, method, target, header, body, status, code] = this.#random.pick(BAD_REQUESTS);
    return this.#request(`bad: ${kind}`, method, target, header === '' ? [] : [header], body, {
      status,
      code,
    });
  }

  #preflight(): SoakRequest {
    const origin = this.#random.chance(0.5) ? pageOf('main') : EVIL;
    const headers = [
      `Origin: ${origin}`,
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: content-type',
    ];
    const target = this.#random.pick(['/config?app=main', '/config', '/report?app=second']);
    return this.#request('preflight', 'OPTIONS', target, headers, '', { status: 204 });
  }

  /** A report that no page can have sent: 204 like every other, and no call to the platform. */
  #madeUpReport(): SoakRequest {
    const app = this.#random.pick(CUSTOM_APPS);
    const body = JSON.stringify({
      appId: app.appId,
      url: `${pageOf(app.alias)}/`,
      timestamp: this.#count,
      nonceStr: 'made-up',
      signature: '0'.repeat(40),
      errorCode: 333442,
    });
    return this.#post('made-up report', `/report?app=${app.alias}`, 'application/json', body, {
      status: 204,
    });
  }

  #madeUpTenant(): SoakRequest {
    const tenantKey = `made-up-${Math.floor(this.#random.next() * MADE_UP_TENANTS)}`;
    const query = encodeForm({ app: SHOP.alias, tenant_key: tenantKey, url: `${pageOf(SHOP.alias)}/` });
    return this.#request('made-up tenant', 'GET', `/config?${query}`, [], '', {
      status: 403,
      code: 'TENANT_NOT_ALLOWED',
    });
  }

  #post(kind: string, target: string, type: string, body: string, wants: SoakRequest['wants']): SoakRequest {
    return this.#request(kind, 'POST', target, [`Content-Type: ${type}`], body, wants);
  }

  #request(
    kind: string,
    method: string,
    target: string,
    headers: readonly string[],
    body: string,
    wants: SoakRequest['wants'],
  ): SoakRequest {
    const client = Math.floor(this.#random.next() * CLIENTS);
    const lines = [
      `${method} ${target} HTTP/1.1`,
      'Host: soak',
      `X-Forwarded-For: 10.1.${client >> 8}.${client & 255}`,
      ...headers,
      ...(method === 'POST' ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ];
    return { kind, text: `${lines.join('\r\n')}\r\n\r\n${body}`, wants };
  }
}

const MAIN = encodeURIComponent(`${pageOf('main')}/`);

/** Name, method, target, header, body; status and code of the refusal. */
const BAD_REQUESTS = [
  ['no url', 'GET', '/config?app=main', '', '', 400, 'URL_MISSING'],
  ['two urls', 'GET', `/config?app=main&url=${MAIN}&url=${MAIN}`, '', '', 400, 'URL_REPEATED'],
  ['no address', 'GET', '/config?app=main&url=nowhere', '', '', 400, 'URL_INVALID'],
  ['raw url', 'GET', `/config?app=main&url=${pageOf('main')}/?x=1&y=2`, '', '', 400, 'URL_NOT_ENCODED'],
  ['url too long', 'GET', `/config?app=main&url=${MAIN}${'x'.repeat(8_300)}`, '', '', 414, 'URL_TOO_LONG'],
  [
    'strange page',
    'GET',
    `/config?app=main&url=${encodeURIComponent(`${EVIL}/`)}`,
    '',
    '',
    403,
    'URL_NOT_ALLOWED',
  ],
  ['strange origin', 'GET', `/config?app=main&url=${MAIN}`, `Origin: ${EVIL}`, '', 403, 'ORIGIN_NOT_ALLOWED'],
  ['strange app', 'GET', `/config?app=nobody&url=${MAIN}`, '', '', 400, 'APP_UNKNOWN'],
  [
    'no tenant',
    'GET',
    `/config?app=shop&url=${encodeURIComponent(`${pageOf('shop')}/`)}`,
    '',
    '',
    400,
    'TENANT_REQUIRED',
  ],
  ['half a body', 'POST', '/config', 'Content-Type: application/json', '{"url":', 400, 'BODY_INVALID'],
  ['text', 'POST', '/config', 'Content-Type: text/plain', 'url', 415, 'MEDIA_TYPE'],
  ['method', 'DELETE', '/config', '', '', 405, 'METHOD_NOT_ALLOWED'],
  ['nowhere', 'GET', '/nowhere', '', '', 404, 'NOT_FOUND'],
  ['operator', 'GET', '/admin/apps', '', '', 404, 'NOT_FOUND'],
] as const;

function encodeForm(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
