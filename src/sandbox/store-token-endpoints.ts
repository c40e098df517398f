// The token endpoints of store apps, and the one that gives a custom app a token as itself.
import { authenticate, failure, parameterOf, tokenReply } from './credentials';
import type { PlatformEndpoint } from './endpoint';
import { APP_ITSELF, tenantHolder } from './holders';
import type { PlatformState } from './platform-state';

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
      if (app.disabled) return failure(10005, 'app is disabled');
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
      const app = authenticate(state, request, 'store');
      if ('refused' in app) return app.refused;
      push(app.appId);
      return { status: 200, body: { code: 0, msg: 'success' } };
    },
  };
}
