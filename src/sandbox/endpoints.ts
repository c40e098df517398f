// The endpoints of the simulated platform, everything under /open-apis/: finds the endpoint, lets a fault have its effect, counts the call.
import { authenticate, authorise, failure, ownerOf, parameterOf, tokenReply } from './auth';
import type { CallCounters, EndpointName } from './call-counters';
import type { FaultPlan } from './fault';
import { applyFault } from './fault-effects';
import { APP_ITSELF, tenantHolder } from './issued-values';
import type { PlatformState } from './platform-state';
import { codeOf, refusal, type Reply, type SandboxRequest } from './reply';

/** One endpoint of the platform. */
export interface PlatformEndpoint {
  readonly name: EndpointName;
  /** Called with POST; undefined for `other`. */
  readonly path?: string;
  /** The app a request names or holds a token of, even when the request will be refused. */
  appOf(request: SandboxRequest): string | undefined;
  answer(request: SandboxRequest): Reply;
}

/** What `createOpenApis` joins. */
export interface OpenApisParts {
  state: PlatformState;
  endpoints: readonly PlatformEndpoint[];
  faults: FaultPlan;
  counters: CallCounters;
}

/** The open platform as a function of the request. */
export function createOpenApis(parts: OpenApisParts): (request: SandboxRequest) => Reply {
  const { state, endpoints, faults, counters } = parts;
  const other = createOtherEndpoint(state, new Set(endpoints.flatMap(({ path }) => path ?? [])));
  return function answerOpenApi(request) {
    const endpoint =
      endpoints.find(({ path }) => request.method === 'POST' && request.path === path) ?? other;
    const appId = endpoint.appOf(request);
    const atMs = state.nowMs();
    const fault = faults.take(endpoint.name, appId);
    const answer = (): Reply => endpoint.answer(request);
    const reply = fault ? applyFault(fault, answer, request.logId) : answer();
    counters.record({ endpoint: endpoint.name, appId, atMs, code: codeOf(reply) });
    return reply;
  };
}

/** A path that the platform has and that is not simulated: the service asks it for the time, without a token. */
const ELSEWHERE = 'GET /open-apis/bot/v3/info';

/** Every other path and method: the gateway knows that they are none, before it asks for a token. */
function createOtherEndpoint(state: PlatformState, paths: ReadonlySet<string>): PlatformEndpoint {
  return {
    name: 'other',
    appOf: (request) => ownerOf(state, request),
    answer(request) {
      const { method, path, logId } = request;
      if (paths.has(path)) return refusal(405, 99991301, `${method} is not the method of ${path}`, logId);
      if (`${method} ${path}` !== ELSEWHERE) return refusal(404, 99991201, `there is no ${path}`, logId);
      const owner = authorise(state, request);
      if ('refused' in owner) return owner.refused;
      return refusal(404, 404, `${ELSEWHERE} is not simulated here`, logId);
    },
  };
}

/** POST …/auth/v3/tenant_access_token/internal: app id and secret of a custom app in, tenant_access_token out. */
export function createTokenEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'token',
    path: '/open-apis/auth/v3/tenant_access_token/internal',
    appOf: (request) => parameterOf(request, 'app_id'),
    answer(request) {
      const app = authenticate(state, request, 'custom');
      if ('refused' in app) return app.refused;
      const token = state.tokens.issue(app.appId);
      const leftSeconds = state.tokens.leftSeconds(token);
      return tokenReply({ tenant_access_token: token.value }, leftSeconds, token.lifeSeconds);
    },
  };
}

/** POST …/auth/v3/app_access_token: app id, secret and app ticket in, app_access_token out. */
export function createStoreAppTokenEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'app-token',
    path: '/open-apis/auth/v3/app_access_token',
    appOf: (request) => parameterOf(request, 'app_id'),
    answer(request) {
      const app = authenticate(state, request, 'store');
      if ('refused' in app) return app.refused;
      const appTicket = parameterOf(request, 'app_ticket') ?? '';
      if (!state.appTickets.isGood(app.appId, appTicket)) return failure(10012, 'app_ticket invalid');
      const token = state.tokens.issue(app.appId, APP_ITSELF);
      return tokenReply(
        { app_access_token: token.value },
        state.tokens.leftSeconds(token),
        token.lifeSeconds,
      );
    },
  };
}

/** POST …/auth/v3/tenant_access_token: app_access_token and tenant key in, the tenant's token out. */
export function createStoreTenantTokenEndpoint(state: PlatformState): PlatformEndpoint {
  const appTokenOf = (request: Parameters<PlatformEndpoint['answer']>[0]) =>
    state.tokens.find(parameterOf(request, 'app_access_token') ?? '');
  return {
    name: 'token',
    path: '/open-apis/auth/v3/tenant_access_token',
    appOf: (request) => appTokenOf(request)?.appId,
    answer(request) {
      const tenantKey = parameterOf(request, 'tenant_key');
      if (tenantKey === undefined) return failure(10003, 'invalid param');
      const appToken = appTokenOf(request);
      const app = appToken && state.app(appToken.appId);
      if (!app || appToken.holder !== APP_ITSELF || !state.tokens.isLive(appToken))
        return failure(99991664, 'invalid app access token');
      if (app.disabled) return failure(10014, 'app is disabled');
      if (!app.tenants?.includes(tenantKey)) return failure(99991673, 'app unavailable in this tenant');
      const token = state.tokens.issue(app.appId, tenantHolder(tenantKey));
      const leftSeconds = state.tokens.leftSeconds(token);
      return tokenReply({ tenant_access_token: token.value }, leftSeconds, token.lifeSeconds);
    },
  };
}

/** POST …/auth/v3/app_access_token/internal: a custom app's token as itself, for web components, and its tenant's. */
export function createAppTokenEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'app-token',
    path: '/open-apis/auth/v3/app_access_token/internal',
    appOf: (request) => parameterOf(request, 'app_id'),
    answer(request) {
      const app = authenticate(state, request, 'custom');
      if ('refused' in app) return app.refused;
      const own = state.tokens.issue(app.appId, APP_ITSELF);
      const tenant = state.tokens.issue(app.appId);
      const fields = { app_access_token: own.value, tenant_access_token: tenant.value };
      // One `expire` for two tokens: the shorter life is true of both.
      const shorter = own.expiresAtMs < tenant.expiresAtMs ? own : tenant;
      return tokenReply(fields, state.tokens.leftSeconds(shorter), shorter.lifeSeconds);
    },
  };
}

/** POST …/auth/v3/app_ticket/resend: asks for a push of the app ticket; `push` does not wait for its end. */
export function createResendEndpoint(state: PlatformState, push: (appId: string) => void): PlatformEndpoint {
  return {
    name: 'app-ticket',
    path: '/open-apis/auth/v3/app_ticket/resend',
    appOf: (request) => parameterOf(request, 'app_id'),
    answer(request) {
      const app = authenticate(state, request, 'store', 10016);
      if ('refused' in app) return app.refused;
      push(app.appId);
      return { status: 200, body: { code: 0, msg: 'success' } };
    },
  };
}

/** POST …/jssdk/ticket/get, without parameters: a token in, a jsapi_ticket out, for whom the token was issued to. */
export function createTicketEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'ticket',
    path: '/open-apis/jssdk/ticket/get',
    appOf: (request) => ownerOf(state, request),
    answer(request) {
      const owner = authorise(state, request);
      if ('refused' in owner) return owner.refused;
      const ticket = state.tickets.issue(owner.app.appId, owner.holder);
      return {
        status: 200,
        body: {
          code: 0,
          msg: 'ok',
          data: { expire_in: state.tickets.leftSeconds(ticket), ticket: ticket.value },
        },
        issued: { field: 'expire_in', lifeSeconds: ticket.lifeSeconds },
      };
    },
  };
}
