// The client of the platform: one method per endpoint, each a single bounded call; no cache and no retry here.
import { VARIABLES, type SettingNames } from '../base/setting-names';
import type { Clock, Moment, Timed } from '../base/clock';
import { Secret } from '../base/secret';
import { exchange, type OutgoingRequest } from './exchange';
import type { FaultKind } from './faults';
import { APP_ACCESS_TOKEN, JSAPI_TICKET, readIssued, TENANT_ACCESS_TOKEN, type IssuedFields } from './issued';
import { PlatformError, type Endpoint, type FailureReason } from './platform-error';
import { readPlatformReply, type PlatformReply } from './platform-reply';
import type { Fetch } from './transport';

/** The credentials of an app. */
export interface AppCredentials {
  /** `cli_…` */
  appId: string;
  appSecret: Secret;
}

/** One finished call, for the log and the metrics; holds nothing secret. */
export interface CallReport {
  endpoint: Endpoint;
  /** `ok`, the reason, or the kind of the platform's code. */
  outcome: 'ok' | FailureReason | FaultKind;
  code: number | undefined;
  httpStatus: number | undefined;
  /** `X-Tt-Logid` of a failure, what platform support asks for. */
  logId: string | undefined;
  durationMs: number;
}

/** What a reply's `Date` says of the platform's clock. */
export interface PlatformTime {
  /** Milliseconds since the epoch, cut to a whole second. */
  platformMs: number;
  sentMonotonicMs: number;
  receivedMonotonicMs: number;
}

/** Where the platform is and how it is called. */
export interface OpenPlatformClientOptions {
  /** `https://open.feishu.cn`, or another base URL; it may hold a path. */
  baseUrl: string;
  fetch: Fetch;
  clock: Clock;
  /** Milliseconds for one call. Default 5,000. */
  callDeadlineMs?: number;
  /** Bytes of a reply. Default 65,536. */
  maxReplyBytes?: number;
  /** How failures call the settings. Default: the variables of the service. */
  settings?: SettingNames | undefined;
  onCall?: (report: CallReport) => void;
  /** Called for replies that are the platform's only: the error page of a gateway must not move our time. */
  onPlatformTime?: (time: PlatformTime) => void;
}

/** The calls to the platform. Every rejection is a PlatformError. */
export interface OpenPlatformClient {
  /** A token of a custom app for its own tenant. */
  tenantAccessToken(app: AppCredentials, signal?: AbortSignal): Promise<Timed<Secret>>;
  /** A token of a custom app as itself, in no tenant: its tickets are for web components only. */
  appAccessToken(app: AppCredentials, signal?: AbortSignal): Promise<Timed<Secret>>;
  /** A token of a store app as itself; `appTicket` is the latest one that the platform has pushed. */
  storeAppAccessToken(app: AppCredentials, appTicket: Secret, signal?: AbortSignal): Promise<Timed<Secret>>;
  /** A token of a store app for a tenant that has installed it, from its app_access_token. */
  storeTenantAccessToken(
    appAccessToken: Secret,
    tenantKey: string,
    signal?: AbortSignal,
  ): Promise<Timed<Secret>>;
  /** Asks for a push of the app ticket now; it arrives as an event, not here. */
  resendAppTicket(app: AppCredentials, signal?: AbortSignal): Promise<void>;
  /** The jsapi_ticket of the app (and tenant, or user) that `token` belongs to. The platform allows few of these calls. */
  jsapiTicket(token: Secret, signal?: AbortSignal): Promise<Timed<Secret>>;
  /** Asks for nothing but an answer, whose `Date` goes to `onPlatformTime`. Costs neither a token nor a ticket call. */
  probe(signal?: AbortSignal): Promise<void>;
}

/** A path that needs a token. Assumption: a request without one is answered with a code, as JSON. */
const PROBE_PATH = '/open-apis/bot/v3/info';

/**
 * Makes a client. It holds no state; the caller keeps the results.
 *
 * @example const { value, lifeMs } = await client.jsapiTicket(token)
 */
export function createOpenPlatformClient(options: OpenPlatformClientOptions): OpenPlatformClient {
  const { fetch, clock, settings = VARIABLES, onCall, onPlatformTime } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const io = {
    fetch,
    clock,
    deadlineMs: options.callDeadlineMs ?? 5_000, // no longer than a page waits for its signature
    maxReplyBytes: options.maxReplyBytes ?? 65_536, // replies are under 1 KB, but the length of tokens has no limit
    settings,
  };

  /** Makes one call, hands its reply to `read`, and reports how it ended. */
  async function call<T>(
    { path, ...request }: Omit<OutgoingRequest, 'url'> & { path: string },
    sent: readonly Secret[],
    signal: AbortSignal | undefined,
    read: (reply: PlatformReply, sentAt: Moment) => T,
  ): Promise<T> {
    const { endpoint } = request;
    const startMs = clock.monotonicMs();
    const report = (
      outcome: CallReport['outcome'],
      error?: PlatformError,
      httpStatus = error?.httpStatus,
    ) => {
      const durationMs = clock.monotonicMs() - startMs;
      onCall?.({ endpoint, outcome, code: error?.code, httpStatus, logId: error?.logId, durationMs });
    };
    try {
      const complete = await exchange({ ...request, url: baseUrl + path }, io, signal);
      const reply = readPlatformReply(endpoint, complete, sent, settings);
      const { sentAt, receivedMonotonicMs } = complete;
      if (reply.platformMs !== undefined) {
        const sentMonotonicMs = sentAt.monotonicMs;
        onPlatformTime?.({ platformMs: reply.platformMs, sentMonotonicMs, receivedMonotonicMs });
      }
      const result = read(reply, sentAt);
      report('ok', undefined, reply.httpStatus);
      return result;
    } catch (error) {
      if (error instanceof PlatformError) report(error.reason ?? error.kind, error);
      throw error;
    }
  }

  /** A reader for replies that issue something. */
  function issuedBy(endpoint: Endpoint, fields: IssuedFields) {
    return ({ json, refusal, httpStatus, logId }: PlatformReply, sentAt: Moment): Timed<Secret> => {
      if (refusal) throw refusal;
      const issued = readIssued(json, fields);
      // The message names only the place of the fault: the value there may be a token.
      if ('faultyFields' in issued) {
        const note = issued.faultyFields.join(', ');
        throw new PlatformError({ endpoint, reason: 'malformed', note, httpStatus, logId, settings });
      }
      return { value: new Secret(issued.value), lifeMs: issued.lifeSeconds * 1_000, sentAt };
    };
  }

  const readTenantToken = issuedBy('tenant_access_token', TENANT_ACCESS_TOKEN);
  const readAppToken = issuedBy('app_access_token', APP_ACCESS_TOKEN);
  const readTicket = issuedBy('jsapi_ticket', JSAPI_TICKET);
  const json = { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };

  /** A call of the endpoints under `auth/v3`, which take what they need, secrets included, in the body. */
  function authorise<T>(
    endpoint: Endpoint,
    path: string,
    parameters: Record<string, string | Secret>,
    read: (reply: PlatformReply, sentAt: Moment) => T,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const sent = Object.values(parameters).filter((value) => value instanceof Secret);
    const revealed = Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Secret ? value.reveal() : value,
    ]);
    const body = JSON.stringify(Object.fromEntries(revealed));
    const request = {
      endpoint,
      path: `/open-apis/auth/v3/${path}`,
      method: 'POST',
      headers: json,
      body,
    } as const;
    return call(request, sent, signal, read);
  }

  const credentials = ({ appId, appSecret }: AppCredentials) => ({ app_id: appId, app_secret: appSecret });

  return {
    tenantAccessToken(app, signal) {
      const path = 'tenant_access_token/internal';
      return authorise('tenant_access_token', path, credentials(app), readTenantToken, signal);
    },
    appAccessToken(app, signal) {
      const path = 'app_access_token/internal';
      return authorise('app_access_token', path, credentials(app), readAppToken, signal);
    },
    storeAppAccessToken(app, appTicket, signal) {
      const parameters = { ...credentials(app), app_ticket: appTicket };
      return authorise('app_access_token', 'app_access_token', parameters, readAppToken, signal);
    },
    storeTenantAccessToken(appAccessToken, tenantKey, signal) {
      const parameters = { app_access_token: appAccessToken, tenant_key: tenantKey };
      return authorise('tenant_access_token', 'tenant_access_token', parameters, readTenantToken, signal);
    },
    resendAppTicket(app, signal) {
      const read = ({ refusal }: PlatformReply): void => {
        if (refusal) throw refusal;
      };
      return authorise('app_ticket_resend', 'app_ticket/resend', credentials(app), read, signal);
    },
    jsapiTicket(token, signal) {
      const path = '/open-apis/jssdk/ticket/get';
      const headers = { ...json, Authorization: `Bearer ${token.reveal()}` };
      return call({ endpoint: 'jsapi_ticket', path, method: 'POST', headers }, [token], signal, readTicket);
    },
    probe(signal) {
      const headers = { Accept: json.Accept };
      // Its refusal is what we expect: that it came from the platform is all that matters.
      return call(
        { endpoint: 'probe', path: PROBE_PATH, method: 'GET', headers },
        [],
        signal,
        () => undefined,
      );
    },
  };
}
