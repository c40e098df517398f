// The library's routes as `Request → Response`: Next, Hono, Nitro, Remix, SvelteKit and all that speak fetch, on Node.
import type { IncomingHttpHeaders } from 'node:http';
import { BoundedBytes } from '../base/bounded-bytes';
import { asServiceError, ServiceError } from '../base/errors';
import type { SigningApp } from '../apps/signing-app';
import { splitTarget } from '../http/request-target';
import {
  CARRIER_FORMS,
  createCarrier,
  findBasePathFaults,
  notFoundReply,
  printError,
  type CarrierOptions,
} from './carrier';
import { checkCall, refusalReply, type CarriedReply } from './page-handler';
import { isQueryRebuilt, restoreCutUrl } from './restore-cut-url';

/** A `Request` does not say where it came from: without `clientAddress` no client is limited. */
export type FetchHandlerOptions = CarrierOptions<Request>;

/** Resolves with a reply, whatever happens. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Statuses whose reply must have no body; `Response` refuses even an empty one. */
const WITHOUT_BODY = [204, 304];

/**
 * `/config` and all that a page needs next to it. Throws ConfigError with every wrong argument, `requestsPerMinute` without
 * `clientAddress` among them.
 *
 * @example
 * const handler = createFetchHandler(signer, { basePath: '/api/lark' });
 * export { handler as GET, handler as HEAD, handler as POST, handler as OPTIONS };
 */
export function createFetchHandler(signer: SigningApp, options: FetchHandlerOptions = {}): FetchHandler {
  checkCall(signer, options, CARRIER_FORMS, [...findBasePathFaults(options), ...findLimitFaults(options)]);
  const { clientAddress = () => undefined, onError = printError } = options;
  const { basePath, handle } = createCarrier(signer, { ...options, clientAddress });

  return async function fetchHandler(request) {
    const { method } = request;
    const { path, query: received } = splitTarget(request.url);
    const query = isQueryRebuilt(request) ? restoreCutUrl(received) : received;
    const headers: IncomingHttpHeaders = Object.fromEntries(request.headers);
    const place = { method, headers, basePath };
    try {
      const outcome = await handle({
        ...{ source: request, method, path, query, headers },
        readBody: (limitBytes) => readStream(request, limitBytes),
        hasUnreadHeaders: false,
      });
      if (outcome === 'not-ours') return toResponse(notFoundReply(place));
      return toResponse(outcome === 'disconnected' ? refusalReply(disconnected(), place) : outcome);
    } catch (error) {
      onError(error);
      return toResponse(refusalReply(asServiceError(error), place));
    }
  };
}

function findLimitFaults({ requestsPerMinute, clientAddress }: FetchHandlerOptions) {
  if (!requestsPerMinute || clientAddress) return [];
  return [
    {
      variable: 'requestsPerMinute',
      message: 'a Request does not say where it came from: give clientAddress too, or remove the limit',
    },
  ];
}

/** The server still needs a reply; the client does not read it. */
function disconnected(): ServiceError {
  return new ServiceError('REQUEST_TIMEOUT', 'The request did not arrive in whole. Send it again.');
}

/** As `readBody` of http/read-body.ts, from a stream. Rejects when the body was read before. */
async function readStream(request: Request, limitBytes: number): Promise<Buffer | undefined> {
  if (request.bodyUsed)
    throw new TypeError('The body was read before this handler. Hand on an unread Request.');
  if (request.body === null) return Buffer.alloc(0);
  const body = new BoundedBytes(limitBytes + 1);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  // Ends a read that waits, as `done`. What still comes is not wanted, and its failure does not concern us.
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  const { signal } = request;
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      body.add(Buffer.from(part.value));
      if (body.isFull) {
        cancel();
        break;
      }
    }
    return signal.aborted ? undefined : body.bytes;
  } catch {
    // The client disconnected.
    return undefined;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function toResponse({ status, headers, body }: CarriedReply): Response {
  const pairs = headers.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [],
  );
  const isEmpty = body.length === 0 || WITHOUT_BODY.includes(status);
  return new Response(isEmpty ? null : body, { status, headers: pairs });
}
