// One HTTP request and its whole reply, within a deadline and a size: everything about a call that is not the platform's.
import { BoundedBytes } from '../base/bounded-bytes';
import type { SettingNames } from '../base/setting-names';
import type { Clock, Moment } from '../base/clock';
import {
  CHECK_PROXY_PASSWORD,
  PlatformError,
  type Endpoint,
  type FailureReason,
  type PlatformErrorDetails,
} from './platform-error';
import type { Fetch } from './transport';

/** The limits of an exchange and what it is made with. */
export interface ExchangeIo {
  fetch: Fetch;
  clock: Clock;
  /** Milliseconds for the whole exchange, from the request to the reply's last byte. */
  deadlineMs: number;
  /** Bytes of the reply's body, decompressed. */
  maxReplyBytes: number;
  /** How failures call the settings. */
  settings: SettingNames;
}

/** What is sent. */
export interface OutgoingRequest {
  endpoint: Endpoint;
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}

/** A reply that has arrived completely. */
export interface CompleteReply {
  httpStatus: number;
  headers: Awaited<ReturnType<Fetch>>['headers'];
  text: string;
  sentAt: Moment;
  receivedMonotonicMs: number;
}

/**
 * Sends `request` and reads its reply. Rejects with a PlatformError, and with nothing else, when there is no complete
 * reply: `timeout`, `connection`, `tls`, `dns`, `too-large`, `http-status` for a redirect, `aborted` by `signal`.
 *
 * The deadline is a timer of the clock that races the request: behind a proxy that accepts connections and stays
 * silent, the library's own time limits do nothing. What comes after the deadline is discarded.
 */
export async function exchange(
  request: OutgoingRequest,
  io: ExchangeIo,
  signal?: AbortSignal,
): Promise<CompleteReply> {
  const { endpoint } = request;
  const { settings } = io;
  if (signal?.aborted) throw new PlatformError({ endpoint, reason: 'aborted', settings });
  const controller = new AbortController();
  let release: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const stop = (reason: FailureReason): void => {
      reject(new PlatformError({ endpoint, reason, settings }));
      controller.abort();
    };
    const onAbort = (): void => stop('aborted');
    const timer = io.clock.setTimer(() => stop('timeout'), io.deadlineMs);
    signal?.addEventListener('abort', onAbort);
    release = () => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    // The race also listens to whichever comes second, so a late failure is not an unhandled rejection.
    return await Promise.race([send(request, io, controller.signal), stopped]);
  } finally {
    release();
  }
}

async function send(
  { endpoint, url, method, headers, body }: OutgoingRequest,
  { fetch, clock, maxReplyBytes, settings }: ExchangeIo,
  signal: AbortSignal,
): Promise<CompleteReply> {
  const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  try {
    // Redirects are not followed: the login page of some gateway must not be sent the app's secret.
    const init = { method, headers, signal, redirect: 'manual' as const };
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    const httpStatus = response.status;
    const receivedMonotonicMs = clock.monotonicMs();
    if (signal.aborted || (httpStatus >= 300 && httpStatus < 400)) {
      await response.body?.cancel();
      throw new PlatformError({ endpoint, reason: 'http-status', httpStatus, settings });
    }
    // One more than the limit shows that there were more.
    const received = new BoundedBytes(maxReplyBytes + 1);
    for await (const chunk of response.body ?? []) {
      const { buffer, byteOffset, byteLength } = chunk as Uint8Array;
      received.add(Buffer.from(buffer, byteOffset, byteLength));
      // Leaving the loop cancels the body.
      if (received.isFull) throw new PlatformError({ endpoint, reason: 'too-large', httpStatus, settings });
    }
    const text = new TextDecoder().decode(received.bytes);
    return { httpStatus, headers: response.headers, text, sentAt, receivedMonotonicMs };
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const { errno, ...described } = describe(error);
    throw new PlatformError({ endpoint, reason: reasonOf(errno), ...described, settings });
  }
}

type Description = { errno?: string } & Pick<PlatformErrorDetails, 'note' | 'advice'>;

/**
 * What a network error is about: the code at its bottom, such as `ECONNREFUSED`, or what a proxy said instead of opening
 * a tunnel. Nothing else is taken from it: its text may quote headers.
 */
function describe(error: unknown): Description {
  let found: Description = {};
  let at = error;
  // Four levels are one more than undici nests.
  for (let depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { code, message, cause } = at as { code?: unknown; message?: unknown; cause?: unknown };
    const proxyStatus = /^Proxy response \((\d{3})\)/.exec(String(message))?.[1];
    if (proxyStatus)
      return {
        note: `the proxy answers HTTP ${proxyStatus}`,
        ...(proxyStatus === '407' && { advice: CHECK_PROXY_PASSWORD }),
      };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) found = { errno: code, note: code };
    at = cause;
  }
  return found;
}

const TLS_ERRNO =
  /^(ERR_(TLS|SSL|OSSL)_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO$)/;

function reasonOf(errno = ''): FailureReason {
  if (errno === 'ENOTFOUND' || errno.startsWith('EAI_')) return 'dns';
  if (errno === 'ETIMEDOUT' || /^UND_ERR_.*_TIMEOUT$/.test(errno)) return 'timeout';
  return TLS_ERRNO.test(errno) ? 'tls' : 'connection';
}
