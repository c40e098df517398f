// The simulated platform's socket side: reads requests, and sends replies whole or in the broken ways of the faults.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../base/clock';
import type { Reply, SandboxRequest } from './reply';

/** What `createSandboxServer` needs. */
export interface SandboxServerParts {
  clock: Clock;
  /** The platform's time, for `Date`. */
  nowMs: () => number;
  /** A fresh value for `X-Tt-Logid`. */
  newLogId: () => string;
  answer: (request: SandboxRequest) => Reply;
}

// A page URL of 8 KB fits many times over; nothing that is sent here is larger.
const MAX_BODY_BYTES = 1_000_000;
const TOO_LARGE: Reply = { status: 413, body: { error: `a body holds at most ${MAX_BODY_BYTES} bytes` } };

// One chunk of a padded body: large enough to be quick, small enough to wait for the reader between two.
const PADDING_CHUNK_BYTES = 65_536;

/** A server that answers every request with `answer`; it does not listen yet. */
export function createSandboxServer({ clock, nowMs, newLogId, answer }: SandboxServerParts): Server {
  return createServer(function onRequest(request, response) {
    const logId = newLogId();
    void respond(request, response, logId).catch(() => {
      // The client disconnected in the middle: no reply is possible.
      response.destroy();
    });
  });

  async function respond(request: IncomingMessage, response: ServerResponse, logId: string): Promise<void> {
    const body = await readBody(request);
    const { method = 'GET', url = '/', headers } = request;
    const [path = '/', query = ''] = url.split(/\?([^]*)/);
    const reply = body === undefined ? TOO_LARGE : answerOr500({ method, path, query, headers, body, logId });
    if (reply.delayMs) await delay(reply.delayMs, response);
    if (!response.destroyed) await deliver(reply, response, logId);
  }

  /** An error of the simulation itself is printed, so that it is not mistaken for one of its faults. */
  function answerOr500(sent: SandboxRequest): Reply {
    try {
      return answer(sent);
    } catch (error) {
      return { status: 500, body: { error: `the simulated platform failed: ${String(error)}` } };
    }
  }

  /** Waits on the clock, or until the client is gone. */
  function delay(ms: number, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.setTimer(resolve, ms);
      response.once('close', () => {
        timer.cancel();
        resolve();
      });
    });
  }

  async function deliver(reply: Reply, response: ServerResponse, logId: string): Promise<void> {
    const { status, body, headers = {}, delivery = 'whole', dateOffsetMs = 0 } = reply;
    if (delivery === 'never') return;
    if (delivery === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    response.sendDate = false;
    response.statusCode = status;
    response.setHeader('date', new Date(nowMs() + dateOffsetMs).toUTCString());
    response.setHeader('x-tt-logid', logId);
    const isText = typeof body === 'string';
    response.setHeader(
      'content-type',
      isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    );
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const bytes = Buffer.from(isText ? body : JSON.stringify(body));
    if (delivery === 'cut') {
      response.setHeader('content-length', bytes.length);
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    } else if (delivery === 'whole') {
      response.end(bytes);
    } else {
      await pipeline(Readable.from(padded(bytes, delivery.paddingBytes)), response);
    }
  }
}

/** The body as text, or undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  // A chunk may be one byte: kept singly, they would take hundreds of times the room of the body.
  let body = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const start = size;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) continue;
    if (size > body.length) body = Buffer.concat([body], 2 * size);
    chunk.copy(body, start);
  }
  return size <= MAX_BODY_BYTES ? body.toString('utf8', 0, size) : undefined;
}

/** The JSON object in `json` with one more field that makes it `paddingBytes` longer: valid JSON when read in full. */
function* padded(json: Buffer, paddingBytes: number): Generator<Buffer> {
  yield json.subarray(0, -1);
  yield Buffer.from(',"padding":"');
  for (let left = paddingBytes; left > 0; left -= PADDING_CHUNK_BYTES) {
    yield Buffer.alloc(Math.min(left, PADDING_CHUNK_BYTES), 'x');
  }
  yield Buffer.from('"}');
}
