// How an app's jsapi_ticket is fetched: the ceiling, a token from the cache, the call, and one more try with a new token.
import type { Timed } from '../base/clock';
import type { SettingNames } from '../base/setting-names';
import type { Secret } from '../base/secret';
import type { CallCeiling, Permission } from '../limits/call-ceiling';
import type { OpenPlatformClient } from './open-platform-client';
import { findPlatformError, PlatformError } from './platform-error';
import { withToken, type TokenCache } from './with-token';

export type { TokenCache };

/** Fetches tickets of one app. */
export interface TicketSource {
  /** A ticket, by a call that `from` allows, by default the source's ceiling. Rejects with a PlatformError, or with what the token cache rejects with. Nothing is sent once `signal` is aborted. */
  load(signal: AbortSignal, from?: CallCeiling): Promise<Timed<Secret>>;
}

/** Makes the ticket source of one app; `ceiling` is asked before the token is fetched, and before a second try. */
export function createTicketSource(parts: {
  client: Pick<OpenPlatformClient, 'jsapiTicket'>;
  ceiling: CallCeiling;
  token: TokenCache;
  /** How failures call the settings. Default: the variables of the service. */
  settings?: SettingNames | undefined;
}): TicketSource {
  const { client, ceiling, token: tokens, settings } = parts;
  const endpoint = 'jsapi_ticket';
  /** The last ticket call's failure: what the operator needs to know when the ceiling throttles the next. */
  let lastFailure: PlatformError | undefined;

  function heldBack({ retryAfterMs }: Extract<Permission, { ok: false }>): PlatformError {
    return new PlatformError({ endpoint, reason: 'ceiling', retryAfterMs, cause: lastFailure, settings });
  }

  async function fetchTicket(token: Secret, signal: AbortSignal): Promise<Timed<Secret>> {
    try {
      const issued = await client.jsapiTicket(token, signal);
      lastFailure = undefined;
      return issued;
    } catch (error) {
      lastFailure = findPlatformError(error);
      throw error;
    }
  }

  async function load(signal: AbortSignal, from = ceiling): Promise<Timed<Secret>> {
    // Before the token: a call that the ceiling throttles needs none.
    const first = from.reserve();
    if (!first.ok) throw heldBack(first);
    let isFirst = true;
    try {
      return await withToken(tokens, (token) => {
        // A load that was given up while it waited for its token costs nothing.
        if (signal.aborted) throw new PlatformError({ endpoint, reason: 'aborted', settings });
        if (isFirst) {
          isFirst = false;
          first.end(true);
        } else {
          const second = from.take();
          if (!second.ok) throw heldBack(second);
        }
        return fetchTicket(token, signal);
      });
    } finally {
      first.end(false);
    }
  }

  return { load };
}
