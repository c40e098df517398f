// Identifies the caller of the simulated platform: the app id and secret of the endpoints under auth/v3, and the gateway's check of `Authorization: Bearer <token>`.
import { APP_ITSELF, isUserToken } from './issued-values';
import type { PlatformState, SandboxApp } from './platform-state';
import { parseJson, refusal, type Reply, type SandboxRequest } from './reply';

/** The parameter `name` of a JSON body: a string that is not empty, else undefined. */
export function parameterOf({ headers, body }: SandboxRequest, name: string): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  const sent = parseJson(body);
  if (typeof sent !== 'object' || sent === null) return undefined;
  const value = (sent as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The app of that type whose id and secret the request holds, or the refusal; `otherTypeCode` for an app of the other type. Observed:
 * HTTP 200, no log id in the body.
 */
export function authenticate(
  state: PlatformState,
  request: SandboxRequest,
  type: 'custom' | 'store',
  otherTypeCode = 10003,
): SandboxApp | { refused: Reply } {
  const refuse = (code: number, msg: string) => ({ refused: failure(code, msg) });
  const appId = parameterOf(request, 'app_id');
  const appSecret = parameterOf(request, 'app_secret');
  if (appId === undefined || appSecret === undefined) return refuse(10003, 'invalid param');
  const app = state.app(appId);
  // Observed: an app id that cannot be one is a bad parameter, not an unknown app.
  if (!app && !appId.startsWith('cli_')) return refuse(10003, 'invalid param');
  if (!app) return refuse(10014, 'app id not exists');
  if (app.appSecret !== appSecret) return refuse(10014, 'app secret invalid');
  // Documented: 10014 for an app that cannot be used.
  if (app.disabled) return refuse(10014, 'app is disabled');
  if ((app.type ?? 'custom') !== type)
    return refuse(otherTypeCode, `invalid param: this is not a ${type} app`);
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

/** Whom a token belongs to: an app, and the holder within it. */
export interface TokenOwner {
  app: SandboxApp;
  holder: string;
}

/** The owner of the live token that the request carries, or the gateway's refusal. */
export function authorise(state: PlatformState, request: SandboxRequest): TokenOwner | { refused: Reply } {
  // Observed with HTTP 400 for a missing token; assumed for its siblings.
  const refuse = (code: number, msg: string) => ({ refused: refusal(400, code, msg, request.logId) });
  const hint = 'Please make a request with token attached.';
  const token = tokenOf(request);
  if (!token) return refuse(99991661, `Missing access token for authorization. ${hint}`);
  const ofUser = isUserToken(token);
  if (!ofUser && !/^[ta]-/.test(token)) {
    return refuse(99991671, 'Invalid access token for authorization. It must start with "t-", "a-" or "u-".');
  }
  const issued = state.tokens.find(token);
  const app = issued && state.tokens.isLive(issued) ? state.app(issued.appId) : undefined;
  if (ofUser && issued && !issued.revoked && !app)
    return refuse(99991677, 'The user access token has expired.');
  if (ofUser && !app) return refuse(99991668, 'Invalid user access token for authorization.');
  if (!issued || !app) return refuse(99991663, `Invalid access token for authorization. ${hint}`);
  if (app.disabled) return refuse(99991662, 'The app is disabled.');
  if (app.type === 'store' && issued.holder === APP_ITSELF)
    return refuse(
      99991663,
      'Invalid access token for authorization. A store app needs the token of a tenant.',
    );
  return { app, holder: issued.holder };
}

/** The app the request's token was issued to, even when it is dead by now. */
export function ownerOf(state: PlatformState, request: SandboxRequest): string | undefined {
  return state.tokens.find(tokenOf(request))?.appId;
}

/** The token as sent; empty without a token. */
function tokenOf({ headers }: SandboxRequest): string {
  return (headers.authorization ?? '').replace(/^Bearer(\s+|$)/i, '');
}
