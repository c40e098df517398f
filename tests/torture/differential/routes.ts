// The oracle's other routes: everything but the signing endpoint.
import { READABLE_BY_ALL, readableBy, type ExpectedReply } from './expected-reply';
import type { AppFacts, Facts } from './facts';
import { isAny, lists } from './page-rules';
import { header, readPairs, Refused, splitTarget } from './read-parameters';
import type { WireRequest } from './wire-request';

type Reply = Omit<ExpectedReply, 'requestId'>;

const NO_STORE = { 'cache-control': 'no-store' };
/** A file that may change with a release: the same bytes have the same `ETag`. */
const OF_A_FILE = { 'cache-control': 'no-cache', etag: /^"[\w-]{43}"$/ };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { ...JSON_TYPE, ...NO_STORE },
  body: { kind: 'text', text: JSON.stringify(value) },
});

/** The reply to a request outside the signing endpoint; `problem` renders a refusal. */
export function answerRoute(request: WireRequest, facts: Facts, problem: (code: string) => Reply): Reply {
  const reply = answerInFull(request, facts, problem);
  if (reply.status !== 200 || header(request, 'if-none-match') !== '*') return reply;
  // Whatever the caller has of it will do (RFC 9110, 13.1.2).
  const headers = Object.entries(reply.headers).filter(([name]) => name !== 'content-type');
  return { status: 304, headers: Object.fromEntries(headers), body: { kind: 'none' } };
}

function answerInFull(request: WireRequest, facts: Facts, problem: (code: string) => Reply): Reply {
  const refuse = (code: string, more: Record<string, string> = {}): Reply => {
    const { status, headers, body } = problem(code);
    return { status, headers: { ...READABLE_BY_ALL, ...headers, ...more }, body };
  };
  const { path: whole, query } = splitTarget(request.target);
  const isBelow = whole.startsWith(`${facts.basePath}/`);
  const path = isBelow ? whole.slice(facts.basePath.length) : whole;
  const methods = methodsOf(path, isBelow, facts);
  if (methods === undefined) return refuse('NOT_FOUND');
  const isOperators = ['/admin/apps', '/metrics'].includes(path);
  if (isOperators && header(request, 'authorization') !== `Bearer ${facts.adminToken ?? ''}`)
    return refuse('UNAUTHORIZED', { 'www-authenticate': 'Bearer' });
  if (!methods.includes(request.method)) return refuse('METHOD_NOT_ALLOWED', { allow: methods.join(', ') });

  switch (path) {
    case '/healthz':
      return json(200, { alive: true });
    case '/readyz':
      try {
        findApp(query, facts, true);
        return json(200, { ready: true });
      } catch (thrown) {
        if (thrown instanceof Refused) return refuse(thrown.code);
        throw thrown;
      }
    case '/h5-sdk.js': {
      const wanted = /(?:^|&)try=([^&]*)/.exec(query)?.[1] ?? '0';
      const url = /^\d+$/.test(wanted) ? facts.h5SdkUrls[Number(wanted)] : undefined;
      if (url === undefined) return refuse('NOT_FOUND');
      const headers = { 'access-control-allow-origin': '*', ...NO_STORE, location: url };
      return {
        status: 302,
        headers,
        body: { kind: 'any' },
      };
    }
    case '/report':
      return answerReport(request, query, facts);
    case '/openapi.json':
      return {
        status: 200,
        headers: { ...JSON_TYPE, ...OF_A_FILE, 'access-control-allow-origin': '*' },
        body: { kind: 'constant', of: whole },
      };
    case '/errors': {
      // The languages of the generator are clear: a list that begins with Chinese, or not.
      const language = header(request, 'accept-language')?.startsWith('zh') ? 'zh-CN' : 'en';
      const headers = { ...OF_A_FILE, 'content-language': language, vary: 'Accept-Language' };
      return {
        status: 200,
        headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
        body: { kind: 'constant', of: `${whole} ${language}` },
      };
    }
    default:
      return { status: 200, headers: { 'content-type': /./, ...NO_STORE }, body: { kind: 'any' } };
  }
}

/** The methods of a path; undefined when there is nothing. */
function methodsOf(path: string, isBelow: boolean, { adminToken }: Facts): string[] | undefined {
  // Whatever checks the process does not come through the gateway: there is no prefix for it.
  if (path === '/healthz') return ['GET', 'HEAD'];
  if (!isBelow) return undefined;
  if (path === '/report') return ['POST', 'OPTIONS'];
  if (['/readyz', '/h5-sdk.js', '/openapi.json', '/errors'].includes(path)) return ['GET', 'HEAD'];
  return adminToken !== undefined && ['/admin/apps', '/metrics'].includes(path) ? ['GET', 'HEAD'] : undefined;
}

/** Always 204, whatever the report; nothing is said of it. */
function answerReport(request: WireRequest, query: string, facts: Facts): Reply {
  const origin = header(request, 'origin');
  let app: AppFacts | undefined;
  try {
    app = findApp(query, facts, false);
  } catch {
    app = undefined;
  }
  const isListed = origin !== undefined && app !== undefined && !isAny(app) && lists(app, origin);
  const cors = isListed ? readableBy(origin) : READABLE_BY_ALL;
  if (request.method === 'POST') return { status: 204, headers: cors, body: { kind: 'none' } };
  const asked = header(request, 'access-control-request-headers');
  const headers = {
    ...cors,
    'access-control-allow-methods': 'GET, POST',
    'access-control-max-age': '600',
    ...(asked && { 'access-control-allow-headers': asked }),
  };
  return { status: 204, headers, body: { kind: 'none' } };
}

/** The app of `app=`; without a name the only one, or none where none has to be named. */
function findApp(query: string, { apps }: Facts, mayBeMissing: boolean): AppFacts | undefined {
  const name = readPairs(query, false).app;
  if (name === undefined && (mayBeMissing || apps.length === 1)) return apps[0];
  const app = apps.find(({ appId, alias }) => name !== undefined && (name === appId || name === alias));
  if (!app) throw new Refused('APP_UNKNOWN');
  return app;
}
