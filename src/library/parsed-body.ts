// What a framework leaves of a body that it has parsed before us.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The headers of the body as it is read here: an object that was parsed before comes as JSON, whatever it came as. */
export function headersOf({ headers, body }: IncomingMessage & { body?: unknown }): IncomingHttpHeaders {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return headers;
  return { ...headers, 'content-type': 'application/json', 'content-encoding': undefined };
}
