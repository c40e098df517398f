// A call to the platform that failed: what happened, what the service does about it, what the operator should check.
import { VARIABLES, type SettingNames } from '../base/setting-names';
import { adviceOf, classify, type Advice, type FaultKind, isUnknownCode } from './faults';

/** The calls of this client, as logs and metrics name them. */
export type Endpoint =
  | 'tenant_access_token'
  | 'app_access_token'
  | 'app_ticket_resend'
  | 'jsapi_ticket'
  | 'probe';

/** Why a call failed without a code of the platform; stable, for logs and metrics. */
export type FailureReason =
  | 'timeout'
  | 'connection'
  | 'tls'
  | 'dns'
  | 'not-json'
  | 'malformed'
  | 'too-large'
  | 'http-status'
  | 'ceiling'
  | 'no-app-ticket'
  | 'aborted';

/** What is known of a failed call. Exactly one of `code` and `reason` is given. */
export interface PlatformErrorDetails {
  endpoint: Endpoint;
  /** The platform's `code`, not 0. */
  code?: number;
  /** Why, when there is no code. */
  reason?: FailureReason;
  /** What makes the reason exact: an errno name, the path of a field, what a proxy said. Never text from the other side. */
  note?: string;
  /** The platform's `msg`, without the secrets that were sent. */
  platformMessage?: string | undefined;
  /** `X-Tt-Logid`, what platform support asks for. */
  logId?: string | undefined;
  httpStatus?: number | undefined;
  /** How long the other side, or our own ceiling, asks us to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What to check, where the reason alone does not tell it. */
  advice?: Advice | undefined;
  /** For the ceiling: the failure that used it up. */
  cause?: PlatformError | undefined;
  /** How the advice calls the settings. Default: the variables of the service. */
  settings?: SettingNames | undefined;
}

// A configuration fault ends when an operator acts: once a minute notices that soon enough without bothering the platform.
const CONFIGURATION_RETRY_MS = 60_000;
// A monthly quota does not come back by asking; once an hour notices when an administrator raised it.
const QUOTA_RETRY_MS = 3_600_000;

const CHECK_THE_WAY: Advice = ({ domain, proxy }) =>
  `Check ${domain} and the network path to the platform: firewall, name server, ${proxy}.`;

/** For HTTP 407 of a proxy, Proxy Authentication Required; the password that it was given is never shown. */
export const CHECK_PROXY_PASSWORD: Advice = ({ proxy }) =>
  `The proxy wants a user name and password, or refuses those it got: write them into its address, http://user:password@host:port (${proxy}).`;

/** A sentence for each reason; `advice` where it differs from what a reply without a code calls for. */
const REASONS: Record<FailureReason, { summary: string; advice?: Advice }> = {
  timeout: { summary: 'The platform does not answer in time', advice: CHECK_THE_WAY },
  connection: { summary: 'The connection to the platform fails', advice: CHECK_THE_WAY },
  dns: { summary: 'The name of the platform’s host cannot be resolved', advice: CHECK_THE_WAY },
  tls: {
    summary: 'The certificate of the platform is not accepted',
    advice: ({ domain, trustCertificate }) =>
      `Check ${domain}; if a private deployment or a proxy has a certificate authority of its own, ${trustCertificate}.`,
  },
  'not-json': { summary: 'The reply is not JSON, so it is not the platform’s' },
  malformed: { summary: 'The reply is not what the platform documents' },
  'too-large': { summary: 'The reply is far larger than any reply of the platform' },
  'http-status': { summary: 'The reply is an HTTP status without a code of the platform' },
  ceiling: {
    summary: 'The ceiling of ticket calls is reached',
    advice: ({ ticketCallsPerHour }) =>
      `If this lasts, find out what asks for tickets so often before raising ${ticketCallsPerHour}.`,
  },
  'no-app-ticket': {
    summary: 'The platform has not pushed an app ticket yet',
    advice: ({ giveAppTicket }) =>
      `It was asked for one. If this lasts, check the app’s request URL for events and its keys, or hand the app ticket over with ${giveAppTicket}.`,
  },
  aborted: { summary: 'The call was given up', advice: 'Nothing needs to be done.' },
};

/**
 * A failed call to the platform. No field and no text of it holds a token, ticket or secret, and its `cause` is at most
 * another PlatformError: the errors of the network library may quote a header or a body.
 */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly endpoint: Endpoint;
  readonly kind: FaultKind;
  readonly code: number | undefined;
  readonly reason: FailureReason | undefined;
  /** The platform's `msg`: at most 200 characters, one line, for operators only. */
  readonly platformMessage: string | undefined;
  readonly logId: string | undefined;
  readonly httpStatus: number | undefined;
  /** What happened, one sentence for any caller: our own words and the platform's code, none of its text. */
  readonly summary: string;
  /** What the operator should check, one sentence. */
  readonly advice: string;
  /** Milliseconds to wait before the next call; absent = exponential back-off. */
  readonly retryAfterMs: number | undefined;

  constructor(details: PlatformErrorDetails) {
    const { endpoint, code, reason, httpStatus, note, settings = VARIABLES } = details;
    const fault = classify(code, httpStatus);
    const platformMessage = withoutSecrets(details.platformMessage);
    const known = reason === undefined ? undefined : REASONS[reason];
    const extra = note ?? (reason === 'http-status' ? httpStatus : undefined);
    const what = known?.summary ?? `The platform answers code ${code ?? 'unknown'}`;
    const summary = `${withExtra(what, extra)}.`;
    const advice = adviceOf(details.advice ?? known?.advice ?? fault.advice, settings);
    super(`${endpoint}: ${withExtra(what, extra ?? platformMessage)}. ${advice}`, { cause: details.cause });
    this.endpoint = endpoint;
    this.kind = reason === 'ceiling' ? 'rate-limit' : fault.kind;
    this.code = code;
    this.reason = reason;
    this.platformMessage = platformMessage;
    this.logId = oneLine(details.logId);
    this.httpStatus = httpStatus;
    this.summary = summary;
    this.advice = advice;
    this.retryAfterMs = fault.mayPass ? undefined : waitMs(this.kind, details.retryAfterMs);
  }
}

function waitMs(kind: FaultKind, askedMs: number | undefined): number | undefined {
  if (kind === 'configuration') return CONFIGURATION_RETRY_MS;
  if (kind === 'quota') return QUOTA_RETRY_MS;
  return kind === 'rate-limit' ? askedMs : undefined;
}

function withExtra(text: string, extra: string | number | undefined): string {
  return extra === undefined ? text : `${text} (${extra})`;
}

/**
 * What may be a ticket, token or secret that the platform repeats: 24 characters or more, which no word of its messages
 * has; a part of one in front of stars or dots (`g1014****`, `t-g10...`); a value with a digit behind the name of one,
 among its first 200 characters: no more than 200 are shown.
 */
const LIKE_A_SECRET =
  /[\w-]{24,}|[^\s*]{0,64}\*{2,}\S*|[\w-]*\d[\w-]*(?:\.{3}|…)\S*|(?<=(?:ticket|token|secret)"?\s?[:=]\s?)(?=[^\s\d]{0,200}\d)\S+/gi;

/** Ten times what is shown of a text: what is masked gets shorter. The masking takes 2 ms for that much, half a second for 64 KB. */
const MAX_READ = 2_000;

/** The platform's text as one line, without anything in it that might be a ticket, token or secret, or a part of one. */
function withoutSecrets(text: string | undefined): string | undefined {
  return oneLine(text && beginningOf(text).replace(LIKE_A_SECRET, '[…]'));
}

/** The whole words in the first 2,000 characters of `text`: half a secret might be too short to be masked. */
function beginningOf(text: string): string {
  if (text.length <= MAX_READ) return text;
  return `${text.slice(0, text.lastIndexOf(' ', MAX_READ) + 1)}[…]`;
}

/** Text from outside as one printable line: no control characters (log forging), at most 200 characters (log size). */
function oneLine(text: string | undefined): string | undefined {
  const line = text
    ?.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? undefined : line;
}

/**
 * The PlatformError at the root of `failure`, if any: a value that waits for another wraps its failure, and a call that
 * the ceiling throttles was preceded by failed calls.
 */
export function findPlatformError(failure: unknown): PlatformError | undefined {
  let found: PlatformError | undefined;
  let at = failure;
  // A ticket that waits for a token wraps twice; five levels also end a circle of causes.
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    if (at instanceof PlatformError) found = at;
    at = at.cause;
  }
  return found;
}

/** Whether the platform refused what was asked: a fault of the configuration, or a code that has no known meaning. */
export function isRefusal(error: unknown): boolean {
  const { kind, code } = findPlatformError(error) ?? {};
  return kind === 'configuration' || isUnknownCode(code);
}
