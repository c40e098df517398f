// POST /open-apis/auth/v3/tenant_access_token/internal: app id and secret in, tenant_access_token out.
import { authenticate, parameterOf, tokenReply } from './credentials';
import type { PlatformEndpoint } from './endpoint';
import type { PlatformState } from './platform-state';

/** The token endpoint of custom apps. */
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
