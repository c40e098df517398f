// What the endpoints under auth/v3 have in common: parameters in a JSON body, an app and its secret, failures with HTTP 200.
import type { PlatformState, SandboxApp } from './platform-state';
import { parseJson, type Reply, type SandboxRequest } from './reply';

/** The parameter `name` of a JSON body: a string that is not empty, else undefined. */
export function parameterOf({ headers, body }: SandboxRequest, name: string): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  const sent = parseJson(body);
  if (typeof sent !== 'object' || sent === null) return undefined;
  const value = (sent as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The app of that type whose id and secret the request holds, or the refusal. Observed: HTTP 200, no log id in the body. */
export function authenticate(
  state: PlatformState,
  request: SandboxRequest,
  type: 'custom' | 'store',
): SandboxApp | { refused: Reply } {
  const refuse = (code: number, msg: string) => ({ refused: failure(code, msg) });
  const appId = parameterOf(request, 'app_id');
  const appSecret = parameterOf(request, 'app_secret');
  if (appId === undefined || appSecret === undefined) return refuse(10003, 'invalid param');
  const app = state.app(appId);
  // Observed: an app id that cannot be one is a bad parameter, not an unknown app.
  if (!app && !appId.startsWith('cli_')) return refuse(10003, 'invalid param');
  if (!app) return refuse(10015, 'app id not exists');
  if (app.appSecret !== appSecret) return refuse(10014, 'app secret invalid');
  if (app.disabled) return refuse(10005, 'app is disabled');
  if ((app.type ?? 'custom') !== type) return refuse(10003, `invalid param: this is not a ${type} app`);
  return app;
}

/** A failure of these endpoints. */
export function failure(code: number, msg: string): Reply {
  return { status: 200, body: { code, msg } };
}

/** A reply that hands out tokens of the same life under their names. */
export function tokenReply(fields: Record<string, string>, leftSeconds: number, lifeSeconds: number): Reply {
  return {
    status: 200,
    body: { code: 0, msg: 'ok', ...fields, expire: leftSeconds },
    issued: { field: 'expire', lifeSeconds },
  };
}
