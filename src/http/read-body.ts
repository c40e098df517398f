// Collects a request's body up to a limit.
import type { IncomingMessage } from 'node:http';
import { BoundedBytes } from '../base/bounded-bytes';

const NO_JSON = '{';

/**
 * The body of `request`; when it is longer than `limitBytes`, its beginning, which is longer than `limitBytes` too, so that
 * the reader can tell. `undefined` when the client disconnected before the end: no reply is possible then. What a
 * parser of the surrounding app has read before is taken from `request.body`, an object as its JSON. Never throws.
 */
export function readBody(
  request: IncomingMessage & { body?: unknown },
  limitBytes: number,
): Promise<Buffer | undefined> {
  if (request.readableEnded) return Promise.resolve(toBuffer(request.body));
  // Its `close` has been, and would be waited for in vain.
  if (request.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    // One more than the limit shows that there were more.
    const body = new BoundedBytes(limitBytes + 1);
    function collect(chunk: Buffer): void {
      body.add(chunk);
      // What still comes is discarded by Node once the answer is written; its own timeouts bound that.
      if (body.isFull) settle(body.bytes);
    }
    function settle(bytes: Buffer | undefined): void {
      request.off('data', collect).off('end', complete).off('close', abandon);
      resolve(bytes);
    }
    function complete(): void {
      settle(body.bytes);
    }
    function abandon(): void {
      settle(undefined);
    }
    // `close` follows an error as well; the listener that stays keeps an error from ending the process, and holds no body.
    request.on('data', collect).on('end', complete).on('close', abandon).on('error', ignore);
  });
}

function ignore(): void {
  // See above.
}

function toBuffer(parsed: unknown): Buffer {
  if (Buffer.isBuffer(parsed)) return parsed;
  if (parsed === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof parsed === 'string' ? parsed : stringify(parsed));
}

/** The JSON of `parsed`. Of what has none, such as an object that is nested too deep for the stack, a text that is no JSON: its reader refuses it. */
function stringify(parsed: unknown): string {
  try {
    const text: unknown = JSON.stringify(parsed);
    return typeof text === 'string' ? text : NO_JSON;
  } catch {
    return NO_JSON;
  }
}
