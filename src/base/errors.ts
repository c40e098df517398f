// Every failure a caller can meet: its stable code, its HTTP status, and its problem+json form (RFC 9457).

/** The one table of codes. `docs/errors.md` has a heading for each; a test keeps the two equal. */
export const ERRORS = {
  URL_MISSING: { status: 400, title: 'No page URL was given' },
  URL_REPEATED: { status: 400, title: 'The page URL was given more than once' },
  URL_INVALID: { status: 400, title: 'The page URL is not a valid location.href' },
  URL_NOT_ENCODED: { status: 400, title: 'The page URL was not encoded' },
  PARAMETER_REPEATED: { status: 400, title: 'A parameter was given more than once' },
  BODY_INVALID: { status: 400, title: 'The request body cannot be read' },
  APP_UNKNOWN: { status: 400, title: 'No such app is configured here' },
  TENANT_REQUIRED: { status: 400, title: 'The tenant of the page is not known' },
  UNAUTHORIZED: { status: 401, title: 'Authentication is required' },
  URL_NOT_ALLOWED: { status: 403, title: 'The page URL is not of an allowed origin' },
  TENANT_NOT_ALLOWED: { status: 403, title: 'The tenant is not signed for' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'The calling page is not of an allowed origin' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not supported here' },
  FINGERPRINT_MISMATCH: { status: 409, title: 'Another ticket is in use by now' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
  BODY_TOO_LARGE: { status: 413, title: 'The request body is too large' },
  URL_TOO_LONG: { status: 414, title: 'The page URL is too long' },
  MEDIA_TYPE: { status: 415, title: 'The media type of the body is not supported' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The request headers are too large' },
  INTERNAL: { status: 500, title: 'Something went wrong here' },
  EVENT_NOT_TAKEN: { status: 501, title: 'No receiver is configured for this event' },
  EVENT_NOT_FORWARDED: { status: 502, title: 'The event could not be passed on' },
  TICKET_UNAVAILABLE: { status: 503, title: 'There is no valid ticket at the moment' },
  APP_MISCONFIGURED: { status: 503, title: 'The platform refuses this app' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A stable, documented error code. */
export type ErrorCode = keyof typeof ERRORS;

/** What a failure carries in addition to its code and its text. */
export interface ServiceErrorOptions {
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** Methods the path has, for 405; becomes `Allow`. */
  allow?: string;
  /** The cause, for the log; never shown to a caller. */
  cause?: unknown;
}

/** A failure with a stable code. `message` is the `detail` a caller reads: what happened and what to do, no secrets. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: string | undefined;

  constructor(code: ErrorCode, detail: string, options: ServiceErrorOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.status = ERRORS[code].status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
  }
}

/** The body of every failure: RFC 9457, plus `code`, the request's id, and `msg` for front ends that read it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  msg: string;
  /** In every reply of the service and of the router. */
  requestId?: string;
}

/**
 * The problem+json form of `error`; `type` points at its heading under `<basePath>/errors`. For a framework without a router of
 * ours it is the body of the reply, and `error.status` its status.
 *
 * @example
 * if (!(error instanceof ServiceError)) throw error;
 * reply.code(error.status).type('application/problem+json').send(toProblem(error, request.id));
 */
export function toProblem(error: ServiceError, requestId?: string, basePath = ''): Problem {
  const { code, status, message: detail } = error;
  return {
    type: `${basePath}/errors#${code}`,
    title: ERRORS[code].title,
    status,
    detail,
    code,
    msg: detail,
    ...(requestId !== undefined && { requestId }),
  };
}

/** `thrown` itself when it is a ServiceError, otherwise an INTERNAL one that says nothing of the cause to the caller. */
export function asServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  return new ServiceError(
    'INTERNAL',
    'Internal error. Report this requestId to the operator of the service.',
    {
      cause: thrown,
    },
  );
}
