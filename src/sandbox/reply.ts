// What passes between the simulated platform's HTTP server and its endpoints: a request, read; a reply, not yet sent.
import type { IncomingHttpHeaders } from 'node:http';

/** A request whose body has been read. */
export interface SandboxRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** Without the `?`; empty without a query. */
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The value of the reply's `X-Tt-Logid`. */
  logId: string;
}

/** How a reply goes over the socket; only faults use anything but `whole`. */
export type Delivery = 'whole' | 'cut' | 'never' | 'reset' | { paddingBytes: number };

/** An answer as data, so that a fault can change it before it is sent. */
export interface Reply {
  status: number;
  /** An object is sent as JSON; a string is sent as it is, as HTML unless `headers` say otherwise. */
  body: object | string;
  headers?: Record<string, string>;
  /** Default `whole`. */
  delivery?: Delivery;
  /** How long after the request was handled the reply is sent. Default 0. */
  delayMs?: number;
  /** Added to the `Date` header only, as by a gateway with a clock of its own. Default 0. */
  dateOffsetMs?: number;
  /** Present when a token or ticket is handed out: its expiry's field name, and the whole life it was issued with. */
  issued?: { field: 'expire' | 'expire_in'; lifeSeconds: number };
}

/** The platform's failure: `code` and `msg`, and the log id that its gateway repeats in the body. */
export function refusal(status: number, code: number, msg: string, logId: string): Reply {
  return { status, body: { code, msg, error: { log_id: logId } } };
}

/** The platform `code` of a reply that arrives as readable JSON, otherwise undefined. */
export function codeOf({ body, delivery = 'whole' }: Reply): number | undefined {
  const arrives = delivery === 'whole' || typeof delivery === 'object';
  if (!arrives || typeof body === 'string' || !('code' in body)) return undefined;
  return typeof body.code === 'number' ? body.code : undefined;
}

/** `text` as JSON, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
