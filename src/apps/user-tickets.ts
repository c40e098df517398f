// Tickets of single users, for web components: kept in memory, under a hash that only this process can make, and never shared.
import { createHmac, randomBytes } from 'node:crypto';
import type { SettingNames } from '../base/setting-names';
import type { Clock, Timed } from '../base/clock';
import { ServiceError } from '../base/errors';
import type { CallCeiling } from '../limits/call-ceiling';
import type { OpenPlatformClient } from '../open-platform/open-platform-client';
import { findPlatformError, PlatformError } from '../open-platform/platform-error';
import { toServiceError } from '../open-platform/to-service-error';
import { LruMap } from '../base/lru-map';
import { Secret } from '../base/secret';
import { renewAhead } from '../tickets/renewal-policy';

/** The parts of user tickets. */
export interface UserTicketsParts {
  client: Pick<OpenPlatformClient, 'jsapiTicket'>;
  /** The spare share of the app's ceiling. */
  ceiling: CallCeiling;
  clock: Clock;
  /** How failures call the settings. Default: the variables of the service. */
  settings?: SettingNames | undefined;
}

/** The tickets of the users of one app. */
export interface UserTickets {
  /** The ticket for a user_access_token. Rejects with ServiceError: `UNAUTHORIZED` for a token the platform refuses. */
  get(userAccessToken: string): Promise<Secret>;
}

/** Some 500 KB; a user beyond them costs one more call. */
const MAX_USERS = 1_000;

/** Of a call that carries the user's token and nothing else, these say that the token is invalid. */
const INVALID_PARAMETER: readonly (number | undefined)[] = [9499, 10003];

/** Makes the keeper of user tickets. There are no timers: a ticket is fetched on demand, and again after its end. */
export function createUserTickets({ client, ceiling, clock, settings }: UserTicketsParts): UserTickets {
  // 32 bytes, the length of the hash. The hash reveals nothing of the token, not even to a reader of the memory who guesses.
  const key = randomBytes(32);
  const kept = new LruMap<string, Promise<Timed<Secret>>>(MAX_USERS);

  function load(token: Secret): Promise<Timed<Secret>> {
    const permission = ceiling.take();
    if (permission.ok) return client.jsapiTicket(token);
    const { retryAfterMs } = permission;
    const endpoint = 'jsapi_ticket';
    return Promise.reject(new PlatformError({ endpoint, reason: 'ceiling', retryAfterMs, settings }));
  }

  function isUsable({ lifeMs, sentAt }: Timed<Secret>): boolean {
    return clock.monotonicMs() - sentAt.monotonicMs < renewAhead.usableForMs(lifeMs);
  }

  /** One call for all who ask at the same time, the first time and after the end of a ticket alike. */
  async function issuedFor(name: string, token: Secret): Promise<Timed<Secret>> {
    const before = kept.get(name);
    if (before !== undefined) {
      const issued = await before;
      if (isUsable(issued)) return issued;
      const newer = kept.get(name);
      if (newer !== undefined && newer !== before) return newer;
    }
    const loading = load(token);
    kept.set(name, loading);
    return loading;
  }

  return {
    async get(userAccessToken) {
      // Visible ASCII, because it travels in a header; from JavaScript it may be no text at all.
      if (typeof (userAccessToken as unknown) !== 'string' || !/^[\x21-\x7e]+$/.test(userAccessToken))
        throw refusedToken();
      const name = createHmac('sha256', key).update(userAccessToken).digest('base64');
      try {
        return (await issuedFor(name, new Secret(userAccessToken))).value;
      } catch (error) {
        kept.delete(name);
        const failure = findPlatformError(error);
        if (failure?.kind === 'token' || INVALID_PARAMETER.includes(failure?.code)) throw refusedToken(error);
        throw toServiceError(error, failure?.retryAfterMs ?? 0);
      }
    },
  };
}

function refusedToken(cause?: unknown): ServiceError {
  return new ServiceError(
    'UNAUTHORIZED',
    'The platform refuses this user_access_token: it has expired or is invalid. Sign the user in again.',
    { cause },
  );
}
