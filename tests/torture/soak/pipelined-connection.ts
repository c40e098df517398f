// A connection that is kept busy: requests are written ahead of their replies, which are read off in order.
import { connect, type Socket } from 'node:net';
import type { SoakRequest } from './traffic';

/** A request under way. */
export interface Flight {
  readonly request: SoakRequest;
  /** By this process's monotonic clock. */
  readonly sentMs: number;
  /** By the platform's clock, milliseconds since the epoch. */
  readonly sentPlatformMs: number;
}

/** What a connection asks of its owner. */
export interface ConnectionParts {
  readonly port: number;
  /** The next flight; undefined when there is nothing to send (any more). */
  readonly next: () => Flight | undefined;
  readonly onReply: (flight: Flight, status: number, body: string) => void;
  /** The connection ended, or could not be had, with these unanswered. */
  readonly onCut: (flights: readonly Flight[], reason: string) => void;
}

/** Enough that neither side waits for the other, few enough that a page that waits for a ticket holds up few. */
const DEPTH = 16;
/** A browser's connection lives for some pages, a gateway's for thousands of requests. */
const REQUESTS_PER_CONNECTION = 5_000;
/** A service that restarts is tried again at this pace. */
const RECONNECT_MS = 50;

/** Sends until `close`; opens another connection after every 5,000 requests, and after it was cut. */
export class PipelinedConnection {
  readonly #parts: ConnectionParts;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #underWay: Flight[] = [];
  #sent = 0;
  #isClosed = false;
  #onIdle: () => void = () => undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#open();
  }

  /** When the oldest unanswered request was sent, on the monotonic clock; undefined when there is none. */
  get oldestSentMs(): number | undefined {
    return this.#underWay[0]?.sentMs;
  }

  /** Sends what there is, if there is room. */
  fill(): void {
    if (this.#socket?.writable !== true || this.#sent >= REQUESTS_PER_CONNECTION) return;
    // In halves of the depth: one write for many requests, and never an empty pipe.
    if (this.#underWay.length > DEPTH / 2) return;
    const texts: string[] = [];
    while (this.#underWay.length < DEPTH) {
      const flight = this.#isClosed ? undefined : this.#parts.next();
      if (flight === undefined) break;
      this.#underWay.push(flight);
      texts.push(flight.request.text);
    }
    this.#sent += texts.length;
    if (texts.length > 0) this.#socket.write(texts.join(''));
  }

  /** Sends nothing more; resolves when all is answered or cut. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#underWay.length > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#socket?.destroy();
  }

  /** Gives up on what is not answered. */
  abort(): void {
    this.#socket?.destroy();
  }

  #open(): void {
    const socket = connect({ port: this.#parts.port, host: '127.0.0.1', noDelay: true });
    let reason = 'the connection was closed';
    this.#socket = socket;
    this.#sent = 0;
    socket.on('connect', () => this.fill());
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    // What follows an error is 'close'.
    socket.on('error', (error) => (reason = error.message));
    socket.on('close', () => {
      const cut = this.#underWay;
      this.#underWay = [];
      this.#received = Buffer.alloc(0);
      if (cut.length > 0) this.#parts.onCut(cut, reason);
      this.#onIdle();
      if (!this.#isClosed) setTimeout(() => this.#isClosed || this.#open(), RECONNECT_MS);
    });
  }

  #read(): void {
    let start = 0;
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n', start);
      if (headEnd < 0) break;
      const head = this.#received.toString('latin1', start, headEnd);
      const status = Number(head.slice(9, 12));
      const bodyStart = headEnd + 4;
      const bodyEnd = bodyStart + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (bodyEnd > this.#received.length) break;
      const flight = this.#underWay.shift();
      if (!flight) throw new Error(`a reply without a request: ${head}`);
      start = bodyEnd;
      this.#parts.onReply(flight, status, this.#received.toString('utf8', bodyStart, bodyEnd));
    }
    this.#received = this.#received.subarray(start);
    if (this.#underWay.length === 0) {
      this.#onIdle();
      if (this.#sent >= REQUESTS_PER_CONNECTION) this.#socket?.end();
    }
    this.fill();
  }
}
