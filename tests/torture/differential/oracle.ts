// The service a second time, slow and obvious, written from its contract: what the reply to a request has to be. It shares no code
// with the service. Where the contract is silent, as on which of several faults is reported, it says what the service has always done.
import {
  READABLE_BY_ALL,
  readableBy,
  DATA_SECURITY,
  securityHeaders,
  STATUS_OF,
  type ExpectedBody,
  type ExpectedReply,
} from './expected-reply';
import type { AppFacts, Facts, Shape, Witness } from './facts';
import { checkOrigins, isAny, lists, originOfPage } from './page-rules';
import { RateCounts } from './rate-counts';
import { header, readPairs, readParameters, Refused, splitTarget, type Parameters } from './read-parameters';
import { answerRoute } from './routes';
import type { BrokenMessage, WireRequest } from './wire-request';

const SHAPES: readonly string[] = ['config', 'sample', 'tutorial', 'envelope'];
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Says what each request is answered; asked in the order in which requests are sent, since it counts them. */
export class Oracle {
  readonly #facts: Facts;
  readonly #counts: RateCounts;
  readonly #security: Record<string, string>;
  /** The signing endpoint's paths; undefined: the request chooses the shape. */
  readonly #signingPaths: ReadonlyMap<string, Shape | undefined>;

  constructor(facts: Facts, witness: Witness) {
    this.#facts = facts;
    this.#counts = new RateCounts(facts, witness);
    this.#security = securityHeaders([...new Set(facts.h5SdkUrls.map((url) => new URL(url).origin))]);
    const paths: [string, Shape | undefined][] = [
      ['/config', undefined],
      ['/get_config_parameters', 'sample'],
      ...Object.entries(facts.compatRoutes),
    ];
    this.#signingPaths = new Map(paths.map(([path, shape]) => [facts.basePath + path, shape]));
  }

  /** The reply to `request`. */
  answer(request: WireRequest): ExpectedReply {
    const { path } = splitTarget(request.target);
    // One trailing slash is forgiven.
    const known = [path, path.replace(/\/$/, '')].find((each) => this.#signingPaths.has(each));
    const reply =
      known === undefined
        ? answerRoute(request, this.#facts, (code) => this.#problem(code))
        : this.#sign(request, this.#signingPaths.get(known));
    const given = header(request, 'x-request-id');
    const isHead = request.method === 'HEAD';
    return {
      ...reply,
      headers: { ...(known === undefined ? this.#security : DATA_SECURITY), ...reply.headers },
      requestId: given !== undefined && ID.test(given) ? given : undefined,
      body: isHead ? { kind: 'none' } : reply.body,
    };
  }

  /** The refusal of a message that is no request. */
  refuse({ code }: BrokenMessage): ExpectedReply {
    const { status, headers, body } = this.#problem(code);
    return {
      status,
      headers: { ...this.#security, ...READABLE_BY_ALL, ...headers },
      body,
      requestId: undefined,
    };
  }

  #sign(request: WireRequest, fixedShape: Shape | undefined): Omit<ExpectedReply, 'requestId'> {
    const origin = header(request, 'origin');
    if (request.method === 'OPTIONS') return this.#preflight(request, origin);
    const count = this.#counts.take(request);
    // Known as soon as the parameters are read: from then on its list decides who may read a refusal.
    let app: AppFacts | undefined;
    try {
      if (count?.isOver) throw new Refused('RATE_LIMITED');
      if (!['GET', 'HEAD', 'POST'].includes(request.method)) throw new Refused('METHOD_NOT_ALLOWED');
      const parameters = readParameters(request);
      app = this.#findApp(parameters.app);
      const shape = fixedShape ?? parameters.shape ?? 'config';
      if (!SHAPES.includes(shape)) throw new Refused('NOT_FOUND');
      if (parameters.url === undefined) throw new Refused('URL_MISSING');
      checkOrigins(app, originOfPage(parameters.url), origin);
      const body: ExpectedBody = {
        kind: 'signature',
        app,
        url: signedUrl(app, parameters),
        shape: shape as Shape,
      };
      const cors =
        origin === undefined ? { vary: 'Origin' } : isAny(app) ? READABLE_BY_ALL : readableBy(origin);
      const json = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
      return { status: 200, headers: { ...cors, ...count?.headers, ...json }, body };
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      const { status, headers, body } = this.#problem(thrown.code);
      const more = {
        ...(thrown.code === 'RATE_LIMITED' && { 'retry-after': String(count?.resetSeconds) }),
        ...(thrown.code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, HEAD, POST, OPTIONS' }),
      };
      return {
        status,
        headers: { ...this.#readers(request, origin, app), ...count?.headers, ...headers, ...more },
        body,
      };
    }
  }

  #preflight(request: WireRequest, origin: string | undefined): Omit<ExpectedReply, 'requestId'> {
    const asked = header(request, 'access-control-request-headers');
    const headers = {
      ...this.#readers(request, origin, undefined),
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': '600',
      ...(asked && { 'access-control-allow-headers': asked }),
      allow: 'GET, HEAD, POST, OPTIONS',
      'cache-control': 'no-store',
    };
    return { status: 204, headers, body: { kind: 'none' } };
  }

  /** Who may read a refusal: every origin, and an origin on the list of the app that is meant by name. */
  #readers(
    request: WireRequest,
    origin: string | undefined,
    found: AppFacts | undefined,
  ): Record<string, string> {
    if (origin === undefined) return READABLE_BY_ALL;
    const app = found ?? this.#guessApp(request);
    // The app may be named in a body: then any list will do.
    const candidates = app ? [app] : this.#facts.apps;
    return candidates.some((each) => !isAny(each) && lists(each, origin))
      ? readableBy(origin)
      : READABLE_BY_ALL;
  }

  #guessApp(request: WireRequest): AppFacts | undefined {
    try {
      return this.#findApp(readPairs(splitTarget(request.target).query, false).app);
    } catch {
      return this.#facts.apps.length === 1 ? this.#facts.apps[0] : undefined;
    }
  }

  #findApp(name: string | undefined): AppFacts {
    const { apps } = this.#facts;
    const app =
      name === undefined
        ? apps.length === 1 && apps[0]
        : apps.find(({ appId, alias }) => name === appId || name === alias);
    if (!app) throw new Refused('APP_UNKNOWN');
    return app;
  }

  #problem(code: string): Omit<ExpectedReply, 'requestId'> {
    const status = STATUS_OF[code];
    if (status === undefined) throw new Error(`the contract has no code ${code}`);
    const headers = {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    };
    return {
      status,
      headers,
      body: { kind: 'problem', code, type: `${this.#facts.basePath}/errors#${code}` },
    };
  }
}

/** The URL that is signed: less its fragment, for components less its query too. Throws `Refused` for the wrong audience. */
function signedUrl(app: AppFacts, { url = '', kind, tenant_key }: Parameters): string {
  if (kind !== undefined && kind !== 'component') throw new Refused('NOT_FOUND');
  const isComponent = kind === 'component';
  if (app.tenants) {
    if (isComponent) throw new Refused('NOT_FOUND');
    if (tenant_key === undefined || !ID.test(tenant_key)) throw new Refused('TENANT_REQUIRED');
    if (!app.tenants.includes(tenant_key)) throw new Refused('TENANT_NOT_ALLOWED');
  }
  const [page = ''] = url.split('#');
  return isComponent ? (page.split('?')[0] ?? page) : page;
}
