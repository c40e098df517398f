// How an app's jsapi_ticket is fetched: a token from the cache, the ceiling, the call, and one more try with a new token.
import type { SettingNames } from '../base/setting-names';
import type { Secret } from '../secret';
import type { CallCeiling } from './call-ceiling';
import type { Issued, OpenPlatformClient } from './open-platform-client';
import { findPlatformError, PlatformError } from './platform-error';
import { withToken, type TokenCache } from './with-token';

export type { TokenCache };

/** Fetches tickets of one app. */
export interface TicketSource {
  /** Rejects with a PlatformError, or with what the token cache rejects with. Nothing is sent once `signal` is aborted. */
  load(signal: AbortSignal): Promise<Issued>;
}

/** Makes the ticket source of one app; `ceiling` is asked before every ticket call, the second try included. */
export function createTicketSource(parts: {
  client: Pick<OpenPlatformClient, 'jsapiTicket'>;
  ceiling: CallCeiling;
  token: TokenCache;
  /** How failures call the settings. Default: the variables of the service. */
  settings?: SettingNames | undefined;
}): TicketSource {
  const { client, ceiling, token: tokens, settings } = parts;
  const endpoint = 'jsapi_ticket';
  /** The last ticket call's failure: what the operator needs to know when the ceiling holds back the next. */
  let lastFailure: PlatformError | undefined;

  async function fetchTicket(token: Secret, signal: AbortSignal): Promise<Issued> {
    // Before the ceiling: a load that was given up while it waited for its token costs nothing.
    if (signal.aborted) throw new PlatformError({ endpoint, reason: 'aborted', settings });
    const permission = ceiling.take();
    if (!permission.ok) {
      throw new PlatformError({
        endpoint,
        reason: 'ceiling',
        retryAfterMs: permission.retryAfterMs,
        cause: lastFailure,
        settings,
      });
    }
    try {
      const issued = await client.jsapiTicket(token, signal);
      lastFailure = undefined;
      return issued;
    } catch (error) {
      lastFailure = findPlatformError(error);
      throw error;
    }
  }

  return { load: (signal) => withToken(tokens, (token) => fetchTicket(token, signal)) };
}
