// Renders a failure as a reply: problem+json and the headers that go with its code.
import { toProblem, type ServiceError } from '../base/errors';

/** A reply in full, ready to be written. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `failure` as an RFC 9457 reply; `basePath` is that of its `type` link. */
export function renderProblem(failure: ServiceError, requestId: string, basePath: string): Reply {
  const body = JSON.stringify(toProblem(failure, requestId, basePath));
  return {
    status: failure.status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      // Whole seconds, as the header has it: rounded up, so that no client retries early.
      ...(failure.retryAfterSeconds !== undefined && {
        'Retry-After': String(Math.max(0, Math.ceil(failure.retryAfterSeconds))),
      }),
      ...(failure.allow !== undefined && { Allow: failure.allow }),
    },
    body,
  };
}
