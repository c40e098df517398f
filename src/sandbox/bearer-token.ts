// The platform gateway's check of `Authorization: Bearer <token>`.
import { APP_ITSELF } from './holders';
import type { PlatformState, SandboxApp } from './platform-state';
import { refusal, type Reply, type SandboxRequest } from './reply';

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
  if (!/^[tau]-/.test(token)) {
    return refuse(99991671, 'Invalid access token for authorization. It must start with "t-", "a-" or "u-".');
  }
  const issued = state.tokens.find(token);
  const app = issued && state.tokens.isLive(issued) ? state.app(issued.appId) : undefined;
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

/** The token as sent; empty when there is none. */
function tokenOf({ headers }: SandboxRequest): string {
  return (headers.authorization ?? '').replace(/^Bearer(\s+|$)/i, '');
}
