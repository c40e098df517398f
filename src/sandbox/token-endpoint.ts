// POST /open-apis/auth/v3/tenant_access_token/internal: app id and secret in, tenant_access_token out.
import type { PlatformEndpoint } from './endpoint';
import type { PlatformState } from './platform-state';
import { parseJson, type Reply, type SandboxRequest } from './reply';

/** The token endpoint of custom apps. Its failures come with HTTP 200 and without a log id in the body, as observed. */
export function createTokenEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'token',
    path: '/open-apis/auth/v3/tenant_access_token/internal',
    appOf: (request) => credentialsOf(request)?.appId,
    answer(request) {
      const credentials = credentialsOf(request);
      if (!credentials) return failure(10003, 'invalid param');
      const app = state.app(credentials.appId);
      // Observed: an app id that cannot be one is a bad parameter, not an unknown app.
      if (!app && !credentials.appId.startsWith('cli_')) return failure(10003, 'invalid param');
      if (!app) return failure(10015, 'app id not exists');
      if (app.appSecret !== credentials.appSecret) return failure(10014, 'app secret invalid');
      if (app.disabled) return failure(10005, 'app is disabled');
      const token = state.tokens.issue(app.appId);
      return {
        status: 200,
        body: {
          code: 0,
          msg: 'ok',
          tenant_access_token: token.value,
          expire: state.tokens.leftSeconds(token),
        },
        issued: { field: 'expire', lifeSeconds: token.lifeSeconds },
      };
    },
  };
}

function credentialsOf({ headers, body }: SandboxRequest): { appId: string; appSecret: string } | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  const sent = parseJson(body);
  if (typeof sent !== 'object' || sent === null) return undefined;
  const { app_id: appId, app_secret: appSecret } = sent as Record<string, unknown>;
  if (typeof appId !== 'string' || typeof appSecret !== 'string' || !appId || !appSecret) return undefined;
  return { appId, appSecret };
}

function failure(code: number, msg: string): Reply {
  return { status: 200, body: { code, msg } };
}
